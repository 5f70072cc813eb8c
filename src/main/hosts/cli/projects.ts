import { formatBytes, formatCount } from '../../../core/report/format';
import type { Command, Output, StartClient } from './command';
import { commonOptions, readArgs } from './options';
import { isoOf, table } from './text';

const help = `Usage: faultline projects [options]

Lists the projects that were opened on this computer.

  --data DIR  folder of projects and settings (default: the user's own)
  --json      one JSON object on standard output and nothing else
  --help      this text

Example:
  faultline projects --json
`;

const options = { ...commonOptions, data: { type: 'string' } } as const;

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('projects', args, options, []);
  const projects = await (await start({ kind: 'user', given: values.data })).call('project.list', {});
  const rows = projects.map((project) => [
    project.name,
    project.state === 'ok' ? 'ok' : project.problem || project.state,
    formatCount(project.rows),
    formatBytes(project.bytes),
    isoOf(project.changedAt),
    project.lastResult,
    project.file,
  ]);
  return {
    json: values.json === true,
    value: { projects },
    lines:
      projects.length === 0
        ? ['No project yet. "faultline import FILE --project P" makes one.']
        : table(['Name', 'State', 'Rows', 'Size', 'Changed', 'Last result', 'File'], rows, new Set([2, 3])),
  };
}

export const projects: Command = { name: 'projects', summary: 'list the projects of this computer', help, run };
