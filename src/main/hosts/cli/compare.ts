import { basename, extname, resolve } from 'node:path';
import type { ProjectState, RunSummary } from '../../../contract/types';
import type { CompareMember, CompareRow, Comparison } from '../../../core/compare/comparison';
import { FaultlineError } from '../../../core/errors';
import type { Metric } from '../../../core/metrics/evaluation';
import type { RefereeRow } from '../../../core/referee/report';
import { formatDuration, formatNumber } from '../../../core/report/format';
import { copyWhole } from '../copy-whole';
import type { Client } from './client';
import type { Command, Output, StartClient } from './command';
import { projectOptions, readArgs, usage } from './options';
import { pick, type WrittenFile } from './steps';
import { isoOf, table } from './text';

const help = `Usage: faultline compare --project P [options]

Compares runs with kept thresholds on the same test part, or refuses with the reason.

  --project P        the project file (*.faultline)
  --run ID|TITLE     a run of the project; may be repeated (default: all runs of the newest dataset that have a threshold)
  --with FILE[:RUN]  a run of another project file, which is only read; may be repeated (default: all of its newest dataset)
  --common           judge the time that all test parts share, where they differ
  --save NAME        keep the comparison in the project
  --out FILE         .html, .csv or .json; may be repeated
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
  const outputs = (values.out ?? []).map((path) => ({ path, format: formatOf(path) }));
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
  const written = await writeAll(client, { members, common }, outputs);
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

type Format = 'html' | 'csv' | 'json';

function formatOf(path: string): Format {
  const ending = extname(path).slice(1).toLowerCase();
  return (
    (['html', 'csv', 'json'] as const).find((format) => format === ending) ??
    usage(`--out "${path}" must end with .html, .csv or .json.`)
  );
}

async function writeAll(
  client: Client,
  choice: { readonly members: CompareMember[]; readonly common: boolean },
  outputs: readonly { readonly path: string; readonly format: Format }[],
): Promise<WrittenFile[]> {
  if (outputs.length === 0) return [];
  const files = await client.call('comparison.export', { ...choice, formats: [...new Set(outputs.map(({ format }) => format))] });
  const written: WrittenFile[] = [];
  for (const { path, format } of outputs) {
    const file = files.find((made) => made.format === format);
    if (!file) continue;
    await copyWhole(client.app.files.resolve(file.fileToken).path, resolve(path));
    written.push({ format, file: resolve(path), bytes: file.bytes });
  }
  return written;
}

/** Without the lines of the scores; times are ISO 8601 in UTC. */
function comparisonJson({ scores: _, period, eventTable, labels, ...rest }: Comparison) {
  const timed = <T extends { readonly start: number; readonly end: number }>(one: T) => ({
    ...one,
    start: isoOf(one.start),
    end: isoOf(one.end),
  });
  return { ...rest, period: period && timed(period), eventTable: eventTable.map(timed), labels: labels.map(timed) };
}

function tableLines({ rows, referee }: Comparison): string[] {
  const text = (metric: Metric, write: (value: number) => string): string => (metric.value === null ? '–' : write(metric.value));
  const three = (value: number): string => value.toFixed(3);
  const cells = (row: CompareRow | RefereeRow): string[] => [
    text(row.vusPr.value, three),
    row.vusPr.interval.low === null ? '–' : `${three(row.vusPr.interval.low)} to ${three(row.vusPr.interval.high)}`,
    `${Number(row.caught.toFixed(1))} of ${row.labels}`,
    text(row.falseEventsPerDay, formatNumber),
    text(row.medianDelayMs, formatDuration),
    text(row.f1, three),
    text(row.aucRoc, three),
  ];
  const lines = [
    ...rows.map((row) => [
      row.letter,
      row.title +
        (row.seeds.length > 1
          ? `, ${row.seeds.length} seeds${row.spread ? `, std ${formatNumber(row.spread.vusPrStd, 2)}` : ''}`
          : '') +
        (row.belowOneLiner ? ' (below the one-liner)' : ''),
      ...cells(row),
      row.rank.from === row.rank.to ? String(row.rank.from) : `${row.rank.from} to ${row.rank.to}`,
    ]),
    ...referee.map((row) => ['', row.title, ...cells(row), '']),
  ];
  const head = ['', 'Method', 'VUS-PR', '95 % interval', 'Caught', 'False a day', 'Median delay', 'F1', 'AUC-ROC', 'Rank'];
  return table(head, lines, new Set([2, 3, 4, 5, 6, 7, 8, 9]));
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
