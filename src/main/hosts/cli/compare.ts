import { basename } from 'node:path';
import type { ProjectState, RunSummary } from '../../../contract/types';
import type { CompareMember, Comparison } from '../../../core/compare/comparison';
import { FaultlineError } from '../../../core/errors';
import { formatDuration } from '../../../core/report/format';
import type { Client } from './client';
import type { Command, Output, StartClient } from './command';
import { comparisonJson, tableLines } from './comparison-lines';
import { projectOptions, readArgs, usage } from './options';
import { formatOf, pick, writeFormats } from './steps';
import { isoOf, table } from './text';

const help = `Usage: faultline compare --project P [options]

Compares runs with kept thresholds on the same test part, or refuses with the reason.

  --project P        the project file (*.faultline)
  --run ID|TITLE     a run of the project; may be repeated (default: all runs of the newest dataset that have a threshold)
  --with FILE[:RUN]  a run of another project file, which is only read; may be repeated (default: all of its newest dataset)
  --common           judge the time that all test parts share, where they differ
  --save NAME        keep the comparison in the project
  --out FILE         .html, .pdf, .csv or .json; may be repeated
  --data DIR         folder of settings (default: the user's own)
  --json             one JSON object on standard output and nothing else
  --help             this text

Runs that differ in the seed alone are one row with mean and spread. Exit code 3 when the comparison is refused.

Example:
  faultline compare --project pump.faultline --with other.faultline:"Robust z on march" --out comparison.html
`;

const options = {
  ...projectOptions,
  run: { type: 'string', multiple: true },
  with: { type: 'string', multiple: true },
  common: { type: 'boolean' },
  save: { type: 'string' },
  out: { type: 'string', multiple: true },
} as const;

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('compare', args, options, []);
  const outputs = values.out ?? [];
  outputs.forEach(formatOf);
  const others = (values.with ?? []).map(otherOf);
  const client = await start({ kind: 'user', given: values.data });
  const project = await client.openProject(values.project, false);
  const members = ownMembers(project, values.run);
  for (const other of others) members.push(...(await membersOf(client, other)));
  if (members.length < 2) {
    usage(
      'A comparison needs two runs with a threshold. Train and calibrate another one, or name one of another project by --with.',
    );
  }
  const common = values.common === true;
  const comparison = await client.call('compare.runs', { members, common });
  if (comparison.refused !== null) return refused(comparison, values.json === true);
  const saved = values.save === undefined ? null : await client.call('comparison.save', { name: values.save, members, common });
  const written = await writeFormats(client, outputs, (formats) => client.call('comparison.export', { members, common, formats }));
  return {
    json: values.json === true,
    value: { ...comparisonJson(comparison), saved: saved?.id ?? null, outputs: written },
    lines: [
      ...comparison.conditions.map(({ text }) => text),
      '',
      ...tableLines(comparison),
      '',
      comparison.verdict,
      ...comparison.pairs.map(({ text }) => `  ${text}`),
      '',
      ...eventLines(comparison),
      ...(saved ? [`Kept as "${saved.name}"`] : []),
      ...written.map(({ format, file }) => `Wrote ${format}: ${file}`),
    ],
  };
}

/** @throws FaultlineError 'comparison/refused' for people; JSON holds the conditions and ends with the same exit code. */
function refused(comparison: Comparison, json: boolean): Output {
  const hint = comparison.commonPossible ? ' With --common the time that all test parts share is judged.' : '';
  const error = new FaultlineError('comparison/refused', `Not compared. ${comparison.refused}${hint}`);
  if (!json) throw error;
  return { json, value: comparisonJson(comparison), lines: [], exitCode: 3 };
}

function ownMembers(project: ProjectState, wanted: readonly string[] | undefined): CompareMember[] {
  const chosen = wanted ? wanted.map((text) => pick(project.runs, 'run', text)) : judged(project);
  return chosen.map(({ id }) => ({ projectId: null, runId: id }));
}

/** Runs with a threshold over the newest dataset that has any. */
function judged({ runs }: { readonly runs: readonly RunSummary[] }): RunSummary[] {
  const kept = runs.filter(({ threshold }) => threshold !== null);
  const newest = kept.toSorted((a, b) => b.createdAt - a.createdAt)[0];
  return kept.filter(({ datasetId }) => datasetId === newest?.datasetId);
}

interface Other {
  readonly path: string;
  readonly run: string | undefined;
}

/** "FILE.faultline" or "FILE.faultline:RUN"; a drive letter has a colon too. */
function otherOf(text: string): Other {
  const [, path, given] = /^(.*?\.faultline)(?::(.+))?$/.exec(text) ?? [];
  return path === undefined ? usage(`--with needs FILE.faultline or FILE.faultline:RUN, not "${text}".`) : { path, run: given };
}

async function membersOf(client: Client, { path, run: wanted }: Other): Promise<CompareMember[]> {
  const { id } = await client.call('project.add', { fileToken: client.file(path) });
  const other = await client.call('project.runs', { id });
  const chosen = wanted === undefined ? judged(other) : [pick(other.runs, 'run', wanted)];
  if (chosen.length === 0) usage(`No run of "${basename(path)}" has a threshold.`);
  return chosen.map((one) => ({ projectId: id, runId: one.id }));
}

function eventLines({ eventTable, rows }: Comparison): string[] {
  if (eventTable.length === 0) return ['Events     none labelled, none false'];
  const lines = eventTable.map(({ name, start, text, found }) => [
    name,
    isoOf(start),
    text,
    ...found.map(({ state, delayMs }) => (state === 'caught' ? formatDuration(delayMs ?? 0) : state === 'none' ? '–' : state)),
  ]);
  return table(['Event', 'Start', 'What it was', ...rows.map(({ letter }) => letter)], lines);
}

export const compareCommand: Command = { name: 'compare', summary: 'compare runs on the same test part', help, run };
