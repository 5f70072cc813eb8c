import type { ScoredRows } from '../events/events';
import type { Span } from '../labels/interval';
import type { Label } from '../labels/label';
import { bootstrap, noZones } from '../metrics/bootstrap';
import type { Random } from '../random';
import { lowerBound } from '../series/search';
import { bestFBeta } from '../thresholds/fbeta';
import { rowKinds } from '../thresholds/rows';
import type { ThresholdChoice } from '../thresholds/threshold';
import { countAbove, countedRows, judgeMethod, randomRow, rowOf, type JudgedMethod, type JudgedTest } from './judge';
import { oneLinerTitles } from './one-liners';
import { peerThreshold, shareAbove, type CalibrationRows, type PeerThreshold } from './peer-threshold';
import { oneLinerIds, type Estimate, type OneLinerId, type PairedDifference, type RefereeReport, type RefereeRow } from './report';
import { standingOf, verdictOf } from './standing';

/** Scores of one one-line detector. */
export interface OneLinerScores {
  /** [n] of the rows of the run. */
  readonly run: Float32Array;
  /** [m] of the calibration rows. */
  readonly calibration: Float32Array;
  /** Of the train rows. */
  readonly train: Float32Array;
}

export interface RefereeInput {
  readonly title: string;
  /** "test part". */
  readonly part: string;
  /** The detector's rows of the whole run; NaN where the test part was seen before. */
  readonly rows: ScoredRows;
  /** Its rows as they were detected on; the same, with the seen ones. */
  readonly detectedOn: ScoredRows;
  /** Those that the test is judged with. */
  readonly labels: readonly Label[];
  /** The test part, half-open. */
  readonly range: Span;
  readonly threshold: ThresholdChoice;
  /** The detector's rows of the calibration part that chose the threshold. */
  readonly calibration: CalibrationRows;
  readonly oneLiners: Readonly<Record<OneLinerId, OneLinerScores>>;
  /** L of VUS in rows. */
  readonly buffer: number;
  readonly random: Random;
  readonly engine: string;
}

/** The report without its checks, and the rows that were judged, for the checks. */
export interface Refereed {
  readonly report: Omit<RefereeReport, 'checks'>;
  /** [n] 1 for judged rows. */
  readonly judged: Uint8Array;
  /** Judged rows in order of time, 1 anomaly. */
  readonly truth: Uint8Array;
}

/** Every report and every comparison draws the same: it must come out the same each time. */
export const refereeSeed = 1;

/** Whiskers of one-liners that are not the best decide nothing. */
const fewResamples = 200;

/**
 * Judges the detector beside the six one-line detectors, a random score and "everything", all on the same rows of the test part: those
 * where each has a score, outside masks. The best one-liner is the one with the highest VUS-PR on the test part itself, which is in its
 * favour: a detector that beats it beats all six. Seeded: the same input gives the same report.
 */
export function referee(input: RefereeInput): Refereed {
  const { rows, threshold, labels, range, buffer, random } = input;
  const { timestamps, gapMs } = rows;
  const common = new Uint8Array(timestamps.length);
  const end = lowerBound(timestamps, range.end);
  for (let i = lowerBound(timestamps, range.start); i < end; i++) {
    const scored = !Number.isNaN(rows.score[i]!) && oneLinerIds.every((id) => !Number.isNaN(input.oneLiners[id].run[i]!));
    common[i] = Number(scored);
  }
  const test: JudgedTest = { timestamps, common, labels, range, buffer };
  const counted = countedRows(test);
  const share = shareAbove(input.calibration, threshold.value);

  const detector = judgeMethod(test, input.detectedOn, threshold);
  const peers = oneLinerIds.map((id) => {
    const scores = input.oneLiners[id];
    const peer = peerThreshold({ ...input.calibration, score: scores.calibration }, scores.train, threshold, share);
    return { id, peer, judged: judgeMethod(test, { timestamps, gapMs, score: scores.run }, peer.rule) };
  });
  const judgedPeers = peers.map(({ judged }) => judged);
  const compared = compare(detector, judgedPeers, random);
  const rowsOfPeers = peers.map(({ id, peer, judged }, i) => peerRow(id, peer, judged, compared.estimates[i]!));
  const best = rowsOfPeers[compared.best]!;
  const own: RefereeRow = { ...rowOf('detector', input.title, detector), vusPr: compared.detector, thresholdFrom: threshold.from };
  const standing = standingOf(compared.difference);
  const detectorScore = Float32Array.from(counted.rows, (i) => rows.score[i]!);
  const oracle = bestFBeta(
    detectorScore,
    counted.truth.map((y) => (y === 1 ? rowKinds.anomaly : rowKinds.normal)),
    1,
  );
  return {
    judged: common,
    truth: counted.truth,
    report: {
      part: input.part,
      events: detector.zones?.anomalies ?? 0,
      detector: own,
      best,
      rows: [
        ...rowsOfPeers,
        randomRow(test, countAbove(test, rows, threshold), threshold, random.fork('random')),
        allOnesRow(detector, rowsOfPeers),
      ],
      difference: compared.difference,
      standing,
      verdict: verdictOf(input.title, best.title, compared.difference, standing, input.part),
      oracle: oracle
        ? { f1: { value: oracle.f }, threshold: oracle.value }
        : { f1: { value: null, reason: noZones }, threshold: null },
      engine: input.engine,
    },
  };
}

interface Compared {
  readonly detector: Estimate;
  /** In order of the one-liners. */
  readonly estimates: readonly Estimate[];
  /** Place of the best one-liner. */
  readonly best: number;
  readonly difference: PairedDifference;
}

function compare(detector: JudgedMethod, peers: readonly JudgedMethod[], random: Random): Compared {
  const zones = peers.flatMap((peer) => peer.zones ?? []);
  if (!detector.zones || zones.length < peers.length) {
    const none = { value: null, reason: noZones } as const;
    const estimate: Estimate = { value: none, interval: { low: null, reason: noZones } };
    const difference = { metric: 'VUS-PR', value: none, interval: estimate.interval, events: 0, resamples: 0 } as const;
    return { detector: estimate, estimates: peers.map(() => estimate), best: 0, difference };
  }
  const few = bootstrap(zones, random.fork('one-liners'), { resamples: fewResamples }).estimates;
  const values = few.map(({ value }) => value.value!);
  const best = values.indexOf(Math.max(...values));
  const pair = bootstrap([detector.zones, zones[best]!], random.fork('difference'));
  return {
    detector: pair.estimates[0]!,
    estimates: few.map((estimate, i) => (i === best ? pair.estimates[1]! : estimate)),
    best,
    difference: pair.difference(0, 1),
  };
}

function peerRow(id: OneLinerId, { from }: PeerThreshold, judged: JudgedMethod, vusPr: Estimate): RefereeRow {
  return { ...rowOf(id, oneLinerTitles[id], judged), vusPr, thresholdFrom: from };
}

/** "Everything is anomalous": catches all, at once, and says nothing. Its order of scores is that of a constant. */
function allOnesRow({ evaluation }: JudgedMethod, peers: readonly RefereeRow[]): RefereeRow {
  const constant = peers.find(({ id }) => id === 'constant')!;
  const none = { value: null, reason: 'all time is one event, which overlaps every label' } as const;
  return {
    id: 'all-ones',
    title: 'Everything anomalous',
    vusPr: constant.vusPr,
    caught: evaluation.labels,
    labels: evaluation.labels,
    falseEventsPerDay: none,
    medianDelayMs: none,
    f1: evaluation.allOnesF1,
    aucRoc: constant.aucRoc,
    thresholdFrom: 'none: every sample counts as anomalous',
  };
}
