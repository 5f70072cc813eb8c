import type { SweepResult, SweepRow } from '../../../core/sweep/sweep';
import { formatDuration, formatNumber } from '../../../core/report/format';
import type { Client } from './client';
import type { Command, Output, StartClient } from './command';
import { driftHelp } from './drift-option';
import { projectOptions, readArgs, usage, wholeNumber } from './options';
import { pick, planOf } from './steps';
import { table } from './text';

const help = `Usage: faultline sweep --project P --try NAME=V1,V2,… [--try …] [options]

Tries settings of a detector in the minutes you grant, and ranks them by VUS-PR on the calibration part. The test part is not read.

  --project P            the project file (*.faultline)
  --dataset NAME|ID      (default: the newest)
  --detector ID          (default: the one recommended for the data)
  --try NAME=V1,V2,…     a parameter and the values to try; may be repeated
  --preset NAME          named settings of the detector, over the proposed ones: fast, balanced or paper
  --params JSON|@FILE    the other parameters, over the proposed ones and the preset
${driftHelp(25)}  --method METHOD        grid: every combination with all train data (default)
                         halving: every combination with a part of it; the better third goes on with three times as much
  --minutes N            (default: 10)
  --seeds N1,N2,…        (default: 1,2,3) the spread is over them
  --train-until X        a time (ISO 8601, UTC) or a fraction
  --calibrate-until X    a time or a fraction
  --resume JOB           go on with a sweep that stopped; one that ended by its time gets the same
                         minutes again; takes no other choice
  --data DIR             folder of settings (default: the user's own)
  --json                 one JSON object on standard output and nothing else
  --help                 this text

Example:
  faultline sweep --project pump.faultline --detector hreg-vae-lstm --try window=8,16,24 --try lambda=0,0.1 --minutes 20
`;

const options = {
  ...projectOptions,
  dataset: { type: 'string' },
  detector: { type: 'string' },
  try: { type: 'string', multiple: true },
  preset: { type: 'string' },
  params: { type: 'string' },
  drift: { type: 'string' },
  method: { type: 'string' },
  minutes: { type: 'string' },
  seeds: { type: 'string' },
  'train-until': { type: 'string' },
  'calibrate-until': { type: 'string' },
  resume: { type: 'string' },
} as const;

/** "window=8,16" as a name and values; numbers, true and false are read as such. */
export function spaceOf(texts: readonly string[]): Record<string, (number | string | boolean)[]> {
  const space: Record<string, (number | string | boolean)[]> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    const values =
      at < 1
        ? []
        : text
            .slice(at + 1)
            .split(',')
            .map((value) => value.trim());
    if (values.length === 0 || values.includes(''))
      return usage(`--try must be NAME=V1,V2, such as window=8,16,24, not "${text}".`);
    space[text.slice(0, at).trim()] = values.map(valueOf);
  }
  return Object.keys(space).length > 0 ? space : usage('This command needs --try NAME=V1,V2, or --resume JOB.');
}

function valueOf(text: string): number | string | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  return text.trim() !== '' && minutes > 0 && minutes <= 10_080
    ? minutes
    : usage(`--minutes must be a number above 0 and up to 10080, not "${text}".`);
}

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('sweep', args, options, []);
  const method = values.method ?? 'grid';
  if (method !== 'grid' && method !== 'halving') return usage(`--method must be grid or halving, not "${method}".`);
  const space = values.resume === undefined ? spaceOf(values.try ?? []) : {};
  const minutes = minutesOf(values.minutes ?? '10');
  const seeds = (values.seeds ?? '1,2,3').split(',').map((text) => wholeNumber('--seeds', text.trim()));
  const client = await start({ kind: 'user', given: values.data });
  const project = await client.openProject(values.project, false);
  const job = await client.job(async () => {
    if (values.resume !== undefined) return client.call('job.resume', { id: values.resume });
    const dataset = pick(project.datasets, 'dataset', values.dataset);
    const plan = await planOf(client, dataset, values);
    return client.call('sweep.start', { ...plan, method, space, minutes, seeds });
  });
  const result = await client.call('sweep.result', { id: job.id });
  return { json: values.json === true, value: result, lines: await linesOf(client, result) };
}

async function linesOf(client: Client, result: SweepResult): Promise<string[]> {
  const { log } = await client.call('job.detail', { id: result.jobId });
  const rows = result.rows.slice(0, shownRows).map((row, i) => cells(row, i));
  const head = ['Rank', 'Setting', 'Train part', 'VUS-PR', 'Spread', 'Seeds', 'Took', ''];
  return [
    ...table(head, rows, new Set([0, 2, 3, 4, 5, 6])),
    '',
    result.text,
    ...(result.rows.length > shownRows ? [`The first ${shownRows} of ${result.rows.length} settings are shown.`] : []),
    log.at(-1)?.text ?? '',
    `Sweep ${result.jobId}`,
  ];
}

const shownRows = 30;

function cells(row: SweepRow, index: number): string[] {
  const noise = { true: index === 0 ? '' : 'not distinguishable from the best', false: '', null: '' }[
    String(row.withinNoise) as 'true'
  ];
  return [
    String(index + 1),
    Object.entries(row.params)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    `${Math.round(row.share * 100)} %`,
    row.mean.value === null ? `– (${row.mean.reason})` : formatNumber(row.mean.value),
    row.std === null ? '–' : formatNumber(row.std),
    String(row.seeds.length),
    formatDuration(row.seconds * 1000),
    noise,
  ];
}

export const sweepCommand: Command = { name: 'sweep', summary: 'try settings of a detector and rank them', help, run };
