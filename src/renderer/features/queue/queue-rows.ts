import type { JobStatus, JobSummary, QueueEntry, QueueResult } from '../../../contract/types';
import type { CompareRow } from '../../../core/compare/comparison';
import type { Metric } from '../../../core/metrics/evaluation';
import type { Estimate, RefereeRow } from '../../../core/referee/report';
import { formatScore, signed } from '../../../core/report/format';
import { differenceText, standingWords } from '../../../core/referee/standing';
import { plural } from '../../composables/format';
import { refereeTitle, tooShortForRate } from '../compare/table-rows';

/** A line with figures: a detector, or one of the null models. */
export interface QueueRow {
  readonly key: string;
  /** null for a null model. */
  readonly letter: string | null;
  readonly title: string;
  readonly second: string;
  readonly vusPr: Estimate;
  readonly seedValues: readonly number[];
  /** "better", "worse", "cannot tell"; '' for a null model. */
  readonly standing: string;
  readonly difference: string;
  readonly differenceText: string;
  readonly f1: Metric;
  readonly found: number;
  readonly missed: number;
  readonly falseEvents: number | null;
  readonly falsePerDay: Metric;
  readonly delayMs: Metric;
  readonly threshold: string;
  readonly thresholdText: string;
  readonly trainSeconds: number | null;
  readonly scoreSeconds: number | null;
  readonly engine: string;
  readonly engineText: string;
  readonly runId: string | null;
}

export type SortKey =
  | 'title'
  | 'vusPr'
  | 'difference'
  | 'f1'
  | 'found'
  | 'missed'
  | 'falseEvents'
  | 'falsePerDay'
  | 'delayMs'
  | 'trainSeconds'
  | 'scoreSeconds';
export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}
/** By the main figure, the best first. */
export const usualSorting: Sorting = { key: 'vusPr', descending: true };

const noRate: Metric = { value: null, reason: 'less than a day of normal time is too short for a rate per day' };

/** Lines with figures, sorted. What has no value comes last, whichever way. */
export function queueRows({ comparison, entries }: QueueResult, sorting: Sorting): readonly QueueRow[] {
  if (!comparison || comparison.refused !== null) return [];
  const titles = new Map(entries.map(({ runId, title }) => [runId, title]));
  const differences = new Map(comparison.rows.map((row) => [row.letter, row.againstOneLiner?.difference.value.value ?? null]));
  const counted = [...comparison.rows.map((row) => methodRow(row, titles)), ...comparison.referee.map(refereeRow)];
  const rows = tooShortForRate(comparison.rows) ? counted.map((row) => ({ ...row, falsePerDay: noRate })) : counted;
  const value = (row: QueueRow): number | string | null => {
    switch (sorting.key) {
      case 'title':
      case 'found':
      case 'missed':
      case 'falseEvents':
      case 'trainSeconds':
      case 'scoreSeconds':
        return row[sorting.key];
      case 'vusPr':
        return row.vusPr.value.value;
      case 'difference':
        return row.letter === null ? null : (differences.get(row.letter) ?? null);
      default:
        return row[sorting.key].value;
    }
  };
  const sign = sorting.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return left === right ? 0 : sign * (left < right ? -1 : 1);
  });
}

function methodRow(row: CompareRow, titles: ReadonlyMap<string | null, string>): QueueRow {
  const against = row.againstOneLiner;
  const difference = against?.difference.value.value;
  const { backend, version, threads } = row.engine;
  return {
    key: row.letter,
    letter: row.letter,
    title: titles.get(row.runIds[0] ?? null) ?? row.title,
    second: row.seeds.length > 1 ? plural(row.seeds.length, 'seed') : '',
    vusPr: row.vusPr,
    seedValues: row.spread?.vusPr ?? [],
    standing: against ? standingWords[against.standing] : '',
    difference: typeof difference === 'number' ? signed(difference) : '',
    differenceText: against ? differenceText(against.difference) : '',
    f1: row.f1,
    found: row.caught,
    missed: row.labels - row.caught,
    falseEvents: row.falseEvents,
    falsePerDay: row.falseEventsPerDay,
    delayMs: row.medianDelayMs,
    threshold: row.thresholds.length > 1 ? `${row.thresholds.length} values` : row.thresholds.map(formatScore).join(''),
    thresholdText: `from the calibration part: ${row.thresholds.map(formatScore).join(', ')}`,
    trainSeconds: row.trainSeconds,
    scoreSeconds: row.scoreSeconds,
    engine: backend === 'tensorflow' ? 'TensorFlow' : backend,
    engineText: `${backend} ${version}, ${plural(threads, 'thread')}`,
    runId: row.runIds[0] ?? null,
  };
}

function refereeRow(row: RefereeRow): QueueRow {
  return {
    key: `referee:${row.id}`,
    letter: null,
    title: refereeTitle(row, row.vusPr.value.value !== null),
    second: '',
    vusPr: row.vusPr,
    seedValues: [],
    standing: '',
    difference: '',
    differenceText: '',
    f1: row.f1,
    found: row.caught,
    missed: row.labels - row.caught,
    falseEvents: row.falseEvents ?? null,
    falsePerDay: row.falseEventsPerDay,
    delayMs: row.medianDelayMs,
    threshold: row.threshold === undefined ? '–' : formatScore(row.threshold),
    thresholdText: row.thresholdFrom ?? '',
    trainSeconds: null,
    scoreSeconds: null,
    engine: '',
    engineText: '',
    runId: null,
  };
}

/** A training without a line of figures, and where it stands. */
export interface OpenEntry {
  readonly entry: QueueEntry;
  readonly title: string;
  readonly status: JobStatus;
  readonly resumable: boolean;
  readonly text: string;
}

/** @param live - jobs as they are now; the entries are from the last look. */
export function openEntries(
  { entries, comparison }: QueueResult,
  live: ReadonlyMap<string, Pick<JobSummary, 'status' | 'resumable' | 'error'>>,
): readonly OpenEntry[] {
  const shown = new Set(comparison?.refused === null ? comparison.rows.flatMap(({ runIds }) => runIds) : []);
  const several = new Set(entries.map(({ seed }) => seed)).size > 1;
  return entries
    .filter(({ runId }) => runId === null || !shown.has(runId))
    .map((entry) => {
      const { status, resumable, error } = live.get(entry.jobId) ?? entry;
      return {
        entry,
        title: several ? `${entry.title}, seed ${entry.seed}` : entry.title,
        status,
        resumable,
        text: entryText(status, entry.problem, error?.message ?? ''),
      };
    });
}

function entryText(status: JobStatus, problem: string | null, error: string): string {
  if (problem !== null) return `No threshold: ${problem}`;
  switch (status) {
    case 'queued':
      return 'waits for its turn';
    case 'succeeded':
      return 'trained, with a threshold';
    case 'cancelled':
      return 'not trained';
    case 'running':
      return '';
    default:
      return error;
  }
}

/** "3 of 7 done, 1 failed". @param statuses - of all jobs of the queue. */
export function progressText(statuses: readonly JobStatus[]): string {
  const count = (...of: JobStatus[]): number => statuses.filter((status) => of.includes(status)).length;
  const left = count('cancelled', 'interrupted');
  return [
    `${count('succeeded')} of ${statuses.length} done`,
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
    ...(left > 0 ? [`${left} left`] : []),
  ].join(', ');
}
