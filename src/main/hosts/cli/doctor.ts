import type { Command, Output, StartClient } from './command';
import { commonOptions, readArgs } from './options';
import { table } from './text';

const help = `Usage: faultline doctor [options]

Checks the machine, the engine and the data folder; each bad row says what to do. Exit code 4 when one is bad.

  --data DIR  folder of projects and settings (default: the user's own)
  --json      one JSON object on standard output and nothing else
  --help      this text

Example:
  faultline doctor
`;

const options = { ...commonOptions, data: { type: 'string' } } as const;

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('doctor', args, options, []);
  const rows = await (await start({ kind: 'user', given: values.data })).call('doctor.run', {});
  const bad = rows.some((row) => !row.ok);
  return {
    json: values.json === true,
    value: { ok: !bad, rows },
    lines: table(
      ['', 'Check', 'Value', 'What to do'],
      rows.map((row) => [row.ok ? 'ok' : 'BAD', row.name, row.value, row.advice]),
    ),
    ...(bad ? { exitCode: 4 } : {}),
  };
}

export const doctor: Command = { name: 'doctor', summary: 'check machine, engine and data folder', help, run };
