import { modeLimits } from '../events/rows';
import { ofClass, overlaps } from '../labels/interval';
import { randomFrom } from '../random';
import { standingOf } from '../referee/standing';
import type { PairedDifference, RefereeRow } from '../referee/report';
import { formatCount } from '../report/format';
import { decimate } from '../series/decimate';
import type { DecimatedLine, TimeRange } from '../series/series';
import type { Comparison, CompareCondition, CompareRow } from './comparison';
import { conditionsOf } from './conditions';
import { eventTable } from './event-table';
import { judgedRows, judgeRun, rowsAt, type JudgedRows, type JudgedRun } from './judged';
import { figuresOf, methodsOf, titleOf, type Method } from './methods';
import { resampleRows, type RowZones } from './resample';
import { listed } from '../report/words';
import { nameOf, type ComparedRun } from './run';
import { settingsOf } from './settings';
import { letterOf, pairsOf, ranksOf } from './standings';
import { verdictOf } from './verdict';
import type { VusZones } from '../metrics/vus-zones';

/** What stands beside every comparison, on the same judged rows. */
export interface ComparedReferee {
  readonly oneLiner: { readonly row: Omit<RefereeRow, 'vusPr'>; readonly zones: VusZones | null } | null;
  readonly random: RefereeRow | null;
  /** Why there is none; absent when there is. */
  readonly problem?: string;
}

export interface CompareInput {
  /** All different; one alone stands against the one-liner only. */
  readonly runs: readonly ComparedRun[];
  /** Judge the time that all test parts share. */
  readonly common: boolean;
  /** Points of the score lines. */
  readonly buckets: number;
  /** In which times are written. */
  readonly timeZone: string;
  /**
   * Best one-liner and random on the same rows; null where they cannot be computed.
   *
   * @param best - the run shown of the first row.
   */
  readonly referee: (judged: JudgedRows, best: JudgedRun) => ComparedReferee;
}

const drawSeed = 20220531;

/**
 * Compares runs, or says why they cannot be compared. No number is computed before every condition holds (see `conditionsOf`). All are
 * then judged on the same rows: those of the period in which every run has a score and no label masks.
 *
 * Rows are in order of VUS-PR; letters follow that order. Runs that differ in the seed alone are one row. Intervals and pairs are from
 * one bootstrap over labelled anomalies (see `resampleRows`), so the same input gives the same comparison.
 */
export function compareRuns(input: CompareInput): Comparison {
  const { runs, timeZone } = input;
  const found = conditionsOf(runs, input.common, timeZone);
  const { refused, commonPossible, period } = found;
  if (refused !== null || period === null) return refusal(refused ?? '', found.conditions, commonPossible);
  const judged = judgedRows(runs, period);
  if (judged.counted === 0) {
    const text = nothingJudged(runs, judged);
    const conditions = found.conditions.map((one) => (one.id === 'test-part' ? { ...one, ok: false, text } : one));
    return refusal(text, conditions, false);
  }
  const methods = methodsOf(runs.map((run) => judgeRun(run, judged))).toSorted(bestFirst);
  const { oneLiner, random, problem } = input.referee(judged, methods[0]!.shown);
  const peer = oneLiner ? [oneLiner.zones && [oneLiner.zones]] : [];
  const drawn = resampleRows([...methods.map(zonesOf), ...peer], randomFrom(drawSeed));
  const difference = (a: number, b: number): ReturnType<typeof drawn.difference> => drawn.difference(a, b);
  const ranks = ranksOf(methods.length, difference);
  const beaten = oneLiner ? drawn.estimates[methods.length]!.value.value : null;
  const rows = methods.map((method, i): CompareRow => {
    const vusPr = drawn.estimates[i]!;
    return {
      letter: letterOf(i),
      title: titleOf(method),
      projectName: method.shown.run.projectName,
      runIds: method.runs.map(({ run }) => run.member.runId),
      seeds: method.runs.map(({ run }) => run.model.seed),
      vusPr,
      ...figuresOf(method),
      rank: ranks[i]!,
      belowOneLiner: beaten !== null && vusPr.value.value !== null && vusPr.value.value < beaten,
      againstOneLiner: oneLiner && against(difference(i, methods.length)),
    };
  });
  const best: RefereeRow | null = oneLiner && { ...oneLiner.row, vusPr: drawn.estimates[methods.length]! };
  const pairs = pairsOf(methods.length, difference);
  const shown = methods.map(({ shown: run }, i) => ({ letter: letterOf(i), judged: run }));
  const range = { start: period.start, end: period.end };
  return {
    conditions: found.conditions.map((one) => (one.id === 'test-part' ? { ...one, text: `${one.text} ${rowsText(judged)}` } : one)),
    refused: null,
    commonPossible: false,
    period: range,
    events: rows[0]!.labels,
    rows,
    referee: [best, random].filter((row) => row !== null),
    pairs,
    verdict: verdictOf({
      rows,
      pairs,
      problem: problem ?? null,
      lost: judged.lost.map(({ name, without }) => ({
        name,
        letters: methods.flatMap(({ runs: own }, i) => (own.some(({ run }) => without.includes(run)) ? [letterOf(i)] : [])),
      })),
      oneLiner: best && { title: best.title, difference: difference(0, methods.length) },
      trainSeconds: methods.map(({ runs: own }) => own.reduce((sum, { run }) => sum + run.model.trainSeconds, 0) / own.length),
    }),
    eventTable: eventTable(shown, judged),
    settings: settingsOf(methods, timeZone),
    scores: shown.map(({ letter, judged: { run } }) => ({
      letter,
      runId: run.member.runId,
      line: scaledScore(run, range, input.buckets),
    })),
    labels: ofClass(judged.labels, 'anomaly')
      .filter((label) => overlaps(label, { start: range.start, end: range.end - 1 }))
      .map(({ id, start, end }) => ({ id, start, end, name: judged.names.get(id)! })),
  };
}

/** Why no row counts: the runs that alone have none, and whether their time was seen before; else that they share none. */
function nothingJudged(runs: readonly ComparedRun[], { timestamps }: JudgedRows): string {
  const of = (run: ComparedRun): Int32Array => rowsAt(run, timestamps);
  const blind = runs.filter((run) => of(run).every((row) => Number.isNaN(run.test.score[row]!)));
  if (blind.length === 0) return 'No row of the compared period has a score of every run outside masks.';
  const who = blind.length === runs.length ? 'No run' : listed(blind.map(nameOf));
  const has = blind.length === runs.length ? 'has a row' : `${blind.length === 1 ? 'has' : 'have'} no row`;
  const seen = blind.some((run) => of(run).some((row) => !Number.isNaN(run.rows.score[row]!)));
  const why = seen ? 'the same time was seen when the model was trained or the threshold chosen' : 'none has a score';
  return `${who} ${has} in the compared period that may be judged: ${why}.`;
}

/** A comparison without a table. */
export function refusal(refused: string, conditions: readonly CompareCondition[], commonPossible: boolean): Comparison {
  return {
    conditions,
    refused,
    commonPossible,
    period: null,
    events: 0,
    rows: [],
    referee: [],
    pairs: [],
    verdict: '',
    eventTable: [],
    settings: [],
    scores: [],
    labels: [],
  };
}

/** By VUS-PR; equal ones, and all where it is not defined, by title and id, so that the order of asking decides nothing. */
function bestFirst(a: Method, b: Method): number {
  const value = ({ vusPr }: Method): number =>
    vusPr.some(Number.isNaN) ? -1 : vusPr.reduce((sum, one) => sum + one, 0) / vusPr.length;
  const key = (method: Method): string => `${titleOf(method)} ${method.runs[0]!.run.member.runId}`;
  return value(b) - value(a) || (key(a) < key(b) ? -1 : 1);
}

function against(difference: PairedDifference): NonNullable<CompareRow['againstOneLiner']> {
  return { difference, standing: standingOf(difference) };
}

function zonesOf({ runs }: Method): RowZones | null {
  const zones = runs.flatMap(({ zones: own }) => (own ? [own] : []));
  return zones.length === runs.length ? zones : null;
}

function rowsText({ counted, left, lost, buffer }: JudgedRows): string {
  const sentences = [`${formatCount(counted)} rows are judged, each with a score of every run and outside masks.`];
  if (left > 0) sentences.push(`${formatCount(left)} rows are left out.`);
  if (lost.length > 0)
    sentences.push(`${lost.length} labelled ${lost.length === 1 ? 'anomaly has' : 'anomalies have'} no such row.`);
  sentences.push(`VUS-PR with buffers up to ${buffer} rows for all.`);
  return sentences.join(' ');
}

/**
 * Score in units of the threshold: 1 is the threshold, of the row's mode where the rule has modes. A threshold that is not above 0 is
 * no unit; there the distance to it is added to 1.
 */
function scaledScore({ rows, threshold }: ComparedRun, range: TimeRange, buckets: number): DecimatedLine {
  const rule = threshold!;
  const limits = rule.modes && rows.modes ? modeLimits(rule) : null;
  const scaled = Float32Array.from(rows.score, (score, i) => {
    const limit = limits ? limits[rows.modes![i]!]! : rule.value;
    return limit > 0 ? score / limit : 1 + score - limit;
  });
  return decimate(rows.timestamps, scaled, range, buckets);
}
