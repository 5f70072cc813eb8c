import { detectRows, type ScoredRows } from '../events/events';
import { ofClass, overlaps, rowsWithin, type Interval } from '../labels/interval';
import type { Label } from '../labels/label';
import { randomFrom } from '../random';
import { countOf, formatCount } from '../report/format';
import type { ScoreColumn } from '../scoring/scores';
import { bestFBeta } from '../thresholds/fbeta';
import type { ThresholdRule } from '../thresholds/threshold';
import { affiliation } from './affiliation';
import { countedRows, partOf, predictedRows, type Counted, type Part } from './counted';
import { evaluate } from './evaluate';
import type { Evaluation, Metric } from './evaluation';
import { compositeF1, touchedShare } from './event-metrics';
import { nabProbation, nabProfiles, nabScore } from './nab';
import { chatterShare, floodShare, leadTimes, medianOf } from './operational';
import { paKArea, paKCurve, pointAdjusted, segmentHits } from './point-adjust';
import { paperWindow, paperWindows } from './paper-window';
import { randomPaperWindow, randomPeer, randomPointF1, type PeerFigures, type RandomPeer } from './random-peer';
import { rangeRecall, type RangeBias } from './range';
import { aucRoc, averagePrecision, vus, type Vus } from './rank';
import { harmonic, mergeAdjoining, onesBefore, segmentsOf } from './segments';
import type { BesideRandom, Figure, MetricSheet } from './sheet';

export interface SheetInput extends ScoredRows<ScoreColumn> {
  readonly labels: readonly Label[];
  /** null: no threshold; what needs one then has that reason. */
  readonly rule: ThresholdRule | null;
  /** Events under the rule; found here when absent. Those that overlap the range are judged. */
  readonly events?: readonly Interval[] | undefined;
  /** Judged time, half-open; everything when absent. */
  readonly range?: Interval | undefined;
  /** "test part" */
  readonly part?: string | undefined;
  /** The timestamps are row numbers, 1 s apart: nothing that needs times is computed. First row number of the file. */
  readonly rowNumbersFrom?: number | undefined;
  /** Longest buffer of VUS in rows. */
  readonly vusBuffer?: number | undefined;
  /** Rows that a score covers, for the paper's protocol; the buffer, at least 1, when absent. */
  readonly window?: number | undefined;
  readonly alpha?: number | undefined;
  readonly bias?: RangeBias | undefined;
  readonly seed?: number | undefined;
  readonly draws?: number | undefined;
}

const defaults = { vusBuffer: 100, alpha: 0.2, bias: 'flat', seed: 1, draws: 20 } as const;
const paKShown = [10, 20, 50, 80] as const;
const noThreshold = 'no threshold given';
const noTimes = 'the file has row numbers, no times';
const nothingReached = 'no sample reaches the threshold';

/**
 * Every metric of one threshold on one part. Samples are anomalous when score >= threshold (of their mode, where the rule has modes);
 * events are those of the whole rule. Rows without score and in masks are taken out, and the rows beside them become neighbours for the
 * metrics that count distances in rows.
 */
export function metricSheet(input: SheetInput): MetricSheet {
  const buffer = Math.max(0, Math.round(input.vusBuffer ?? defaults.vusBuffer));
  const length = Math.max(1, Math.round(input.window ?? buffer));
  const { seed, draws } = { seed: input.seed ?? defaults.seed, draws: input.draws ?? defaults.draws };
  const [alpha, bias] = [input.alpha ?? defaults.alpha, input.bias ?? defaults.bias];
  const all = partOf(input);
  const { rule } = input;
  const counted = countedRows(all, input.labels);
  const { score, truth, segments } = counted;
  const volume = vus({ score, truth }, buffer);
  const rank = rankOf(counted, volume);
  const [everything, shown] = judged(input, all, rank);
  const noAnomaly = reasonOf(everything.recall);
  const noRank = reasonOf(everything.aucRoc);
  const why = rule === null ? noThreshold : noAnomaly;
  /** A figure that needs a threshold and a labelled anomaly. */
  const figure = (value: () => number | null, reason: string = nothingReached): Figure => figureOf(why, value, reason);
  const beside = (own: () => PeerFigures, peer: () => PeerFigures): BesideRandom => ({
    precision: figure(() => own().precision),
    recall: figure(() => own().recall),
    f1: figure(() => own().f1),
    precisionOfRandom: figure(() => peer().precision),
    recallOfRandom: figure(() => peer().recall),
    f1OfRandom: figure(() => peer().f1),
  });
  const timed = (metric: Metric | null, unit = 1): Figure => {
    if (rule === null) return none(noThreshold);
    if (input.rowNumbersFrom !== undefined) return none(noTimes);
    return metric === null ? none('the part has no counted row') : scaled(metric, unit);
  };
  const ruled = (metric: Metric): Figure => (rule === null ? none(noThreshold) : scaled(metric, 1));

  const predicted = rule === null ? new Uint8Array(score.length) : predictedRows(all, rule, counted.mask);
  const before = onesBefore(predicted);
  const reached = before.at(-1)!;
  const runs = segmentsOf(predicted);
  const peer: RandomPeer | null =
    why === null ? randomPeer(segments, score.length, reached, randomFrom(seed).fork('peer'), draws) : null;
  const hits = why === null ? segmentHits(segments, before) : null;
  const curve = hits && paKCurve(hits);
  const adjusted = hits && pointAdjusted(hits, 0);
  const rangeP = why === null ? rangeRecall(runs, segments, 0, bias) : null;
  const rangeR = why === null ? rangeRecall(segments, runs, alpha, bias) : null;
  const zones = why === null ? affiliation(runs, mergeAdjoining(segments), score.length) : null;
  const nab = (profile: keyof typeof nabProfiles): Figure =>
    figure(
      () => nabScore(predicted, segments, nabProfiles[profile])?.normalised ?? null,
      'no label reaches beyond the first rows that do not count',
    );
  const windows = paperWindows(counted.mask, counted.labelled, length);
  const paper = paperWindow(score, windows);
  const noPaper = noAnomaly ?? 'no window, or every window, holds a labelled row, or a score is infinite';
  const ofPaper = (value: (found: NonNullable<typeof paper>) => number): Figure => (paper === null ? none(noPaper) : value(paper));
  const best = noRank === null ? bestFBeta(all.score, all.kinds, 1) : null;
  const share = (value: number | null): Metric | null => (value === null ? null : { value });
  const chatter = share(chatterShare(counted.timestamps, predicted));
  const flood = share(floodShare(counted.timestamps, shown));
  const lead = medianOf(leadTimes(judgedLabels(input.labels, counted.timestamps), shown));

  return {
    protocol: protocolOf(input, all, everything, score.length),
    rows: everything.rows,
    labels: everything.labels,
    events: ruled({ value: everything.events }),
    threshold: rule === null ? none(noThreshold) : rule.value,
    random: { draws, seed },
    point: {
      precision: ruled(everything.precision),
      recall: ruled(everything.recall),
      f1: ruled(everything.f1),
      aucRoc: scaled(everything.aucRoc, 1),
      aucPr: scaled(everything.averagePrecision, 1),
      prevalence: scaled(everything.prevalence, 1),
      f1OfAllOnes: scaled(everything.allOnesF1, 1),
      f1OfRandom: figure(() =>
        randomPointF1(
          reached,
          truth.reduce((sum, y) => sum + y, 0),
          score.length,
        ),
      ),
    },
    pointAdjusted: beside(
      () => adjusted!,
      () => peer!.pointAdjusted,
    ),
    paK: {
      area: figure(() => paKArea(curve!)),
      areaOfRandom: figure(() => peer!.paKArea),
      f1At: Object.fromEntries(paKShown.map((k) => [String(k), figure(() => curve![k]!)])),
      f1AtOfRandom: Object.fromEntries(paKShown.map((k) => [String(k), figure(() => peer!.paKCurve[k]!)])),
    },
    range: {
      precision: figure(() => rangeP),
      recall: figure(() => rangeR),
      f1: figure(() => harmonic(rangeP ?? 0, rangeR!)),
      alpha,
      bias,
    },
    event: {
      precision: ruled(everything.eventPrecision),
      recall: ruled(everything.eventRecall),
      f1: ruled(everything.eventF1),
      compositeF1: figure(() => compositeF1(everything.precision.value ?? 0, touchedShare(segments, before)!)),
    },
    vus: {
      roc: volume === null ? none(noRank ?? nothingReached) : volume.roc,
      pr: volume === null ? none(noRank ?? nothingReached) : volume.pr,
      buffer,
      variant: 'Paparrizos et al. 2022 as in TSB-AD: square-root slopes, merged segments, 250 thresholds',
    },
    affiliation: beside(
      () => zones!,
      () => peer!.affiliation,
    ),
    nab: { standard: nab('standard'), lowFp: nab('lowFp'), lowFn: nab('lowFn'), probationRows: nabProbation(score.length) },
    paperWindow: {
      f1: ofPaper(({ f1 }) => f1),
      f1OfRandom:
        paper === null ? none(noPaper) : (randomPaperWindow(windows, randomFrom(seed).fork('windows'), draws) ?? none(noPaper)),
      f1Unwidened: ofPaper(({ f1Unwidened }) => f1Unwidened),
      auc: ofPaper(({ auc }) => auc),
      threshold: ofPaper(({ threshold }) => threshold),
      hits: ofPaper((found) => found.hits),
      falseEpisodes: ofPaper(({ falseEpisodes }) => falseEpisodes),
      length,
      oracle: true,
    },
    oracle: {
      f1: best === null ? none(noRank ?? nothingReached) : best.f,
      threshold: best === null ? none(noRank ?? nothingReached) : finite(best.value),
    },
    operational: {
      falseEvents: ruled({ value: everything.falseEvents }),
      normalDays: input.rowNumbersFrom === undefined ? everything.days : none(noTimes),
      falseEventsPerDay: timed(everything.falseEventsPerDay),
      upperLimit: timed(everything.falseEventsPerDayUpper),
      medianDelaySeconds: timed(everything.medianDelayMs, 1000),
      medianLeadSeconds: timed(lead === null ? everything.medianDelayMs : { value: lead }, 1000),
      timeInAlarm: ruled(everything.timeInEvents),
      chatter: timed(chatter),
      floodShare: timed(flood),
    },
  };
}

function rankOf({ score, truth }: Counted, volume: Vus | null): Pick<Evaluation, 'aucRoc' | 'averagePrecision' | 'vusPr'> {
  const reason = truth.includes(1) ? 'no scored normal time in this part' : 'no labelled anomaly with scores in this part';
  const of = (value: number | null): Metric => (value === null ? { value, reason } : { value });
  return {
    aucRoc: of(aucRoc({ score, truth })),
    averagePrecision: of(averagePrecision({ score, truth })),
    vusPr: of(volume?.pr ?? null),
  };
}

/** The judgement that screens and reports show, and the events of the part; without a threshold nothing is detected. */
function judged(
  input: SheetInput,
  all: Part,
  rank: Pick<Evaluation, 'aucRoc' | 'averagePrecision' | 'vusPr'>,
): readonly [Evaluation, readonly Interval[]] {
  const rule = input.rule ?? { value: Infinity, minDurationMs: 0, mergeGapMs: 0 };
  const events = input.rule === null ? [] : (input.events ?? eventTimes(input, rule));
  const bounds = { start: all.timestamps[0] ?? NaN, end: all.timestamps.at(-1) ?? NaN };
  const evaluation = evaluate({
    ...input,
    rule,
    events,
    part: input.part ?? 'part',
    rank,
  });
  return [evaluation, events.filter((event) => overlaps(event, bounds))];
}

function eventTimes(rows: ScoredRows<ScoreColumn>, rule: ThresholdRule): Interval[] {
  return detectRows(rows, rule).events.map(({ first, last }) => ({ start: rows.timestamps[first]!, end: rows.timestamps[last]! }));
}

/** Labelled anomalies with a counted row. */
function judgedLabels(labels: readonly Label[], timestamps: Float64Array): Label[] {
  return ofClass(labels, 'anomaly').filter((label) => {
    const rows = rowsWithin(timestamps, label);
    return rows.end > rows.start;
  });
}

function protocolOf(input: SheetInput, all: Part, { protocol }: Evaluation, counted: number): string {
  const first = input.rowNumbersFrom;
  const period =
    first === undefined
      ? protocol
      : protocol.replace(
          / (without rows|[-\d]+( [:\d]+)? to [-\d]+( [:\d]+)?)(?=, )/,
          ` rows ${formatCount(first)} to ${formatCount(first + all.timestamps.length - 1)}`,
        );
  if (input.rule !== null) return period;
  const left = all.timestamps.length - counted;
  const where = period.slice(0, period.indexOf(', score >= '));
  return `${where}, no threshold${left > 0 ? `, ${countOf(left, 'row')} without score or in masks left out` : ''}`;
}

/** JSON has no infinite numbers. */
const finite = (value: number): Figure => (Number.isFinite(value) ? value : none('an infinite score'));
const none = (reason: string): Figure => ({ value: null, reason });
const reasonOf = (metric: Metric): string | null => (metric.value === null ? metric.reason : null);
const scaled = (metric: Metric, unit: number): Figure => (metric.value === null ? metric : metric.value / unit);

function figureOf(why: string | null, value: () => number | null, reason: string): Figure {
  if (why !== null) return none(why);
  const found = value();
  return found === null ? none(reason) : found;
}
