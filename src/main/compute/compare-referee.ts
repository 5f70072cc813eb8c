import type { JudgedReferee } from '../../core/compare/compare';
import { judgeMethod, type JudgedMethod, type JudgedRows, type JudgedRun } from '../../core/compare/judged';
import type { ComparedRun } from '../../core/compare/run';
import { isFaultline } from '../../core/errors';
import { detect } from '../../core/events/events';
import { vusOf } from '../../core/metrics/vus-zones';
import type { PreparedSeries } from '../../core/prepare/prepared';
import { labelsKnownBy } from '../../core/prepare/seen';
import { partSpan, trainingView } from '../../core/prepare/split';
import { randomFrom } from '../../core/random';
import { oneLinerScores, oneLinerTitles, usualWindow } from '../../core/referee/one-liners';
import { oneLinerIds } from '../../core/referee/report';
import { lowerBound } from '../../core/series/search';
import { normalScoresOf, suggestThreshold } from '../../core/thresholds/suggest';
import type { Objective, ThresholdRule } from '../../core/thresholds/threshold';
import type { ProjectReader } from '../store';
import { loadData, prepareForScoring } from './tasks/data';

/** Objectives tried in turn where that of the run cannot be repeated: one kept by hand, or one that needs labels there are none of. */
const fallbacks: readonly Objective[] = [{ kind: 'f1' }, { kind: 'pot', q: 0.999 }, { kind: 'quantile', q: 0.999 }];
const notRepeatable: readonly Objective['kind'][] = ['manual', 'carried', 'contract'];
const randomSeed = 1;

/**
 * The best of the one-line detectors on the judged rows (chosen there, in its favour) and a random score that marks as many samples as
 * the best run. One-liners see the tags and the train rows of the first run, and take their threshold from its calibration part by its
 * objective.
 */
export function refereeOf(reader: ProjectReader, run: ComparedRun, judged: JudgedRows, best: JudgedRun): JudgedReferee[] {
  const { prepared, train } = dataOf(reader, run);
  const window = run.model.warmUpRows > 0 ? run.model.warmUpRows : usualWindow;
  const scores = oneLinerScores(prepared, train, window);
  const found = oneLinerIds.map((id) => {
    const rule = ruleFor(run, prepared, scores[id]);
    const { events } = detect({ timestamps: prepared.timestamps, score: scores[id] }, rule);
    return refereeRow(
      id,
      `${oneLinerTitles[id]} (one-liner)`,
      { score: gather(prepared, scores[id], judged.timestamps), rule, events },
      judged,
    );
  });
  const valued = found.map((one) => ({ one, value: one.zones ? vusOf(one.zones).pr : 0 }));
  const top = valued.toSorted((a, b) => b.value - a.value)[0]?.one;
  const random = refereeRow('random', 'Random, same rate of samples', randomMethod(run, judged, best), judged);
  return top ? [top, random] : [random];
}

function refereeRow(id: string, title: string, method: JudgedMethod, judged: JudgedRows): JudgedReferee {
  const { evaluation, zones } = judgeMethod(method, judged);
  const { caught, labels, falseEventsPerDay, medianDelayMs, f1, aucRoc } = evaluation;
  return { row: { id, title, caught, labels, falseEventsPerDay, medianDelayMs, f1, aucRoc }, zones };
}

/** The first run's data as its model saw them, and the rows that trained. */
function dataOf(reader: ProjectReader, { member }: ComparedRun): { prepared: PreparedSeries; train: PreparedSeries } {
  const run = reader.runs.get(member.runId);
  const model = reader.models.get(run.modelId);
  const { preparation } = model;
  const data = loadData(reader, run.datasetId, preparation.channels);
  const { prepared } = prepareForScoring(data, preparation, preparation.scaler);
  if (run.datasetId === model.datasetId) return { prepared, train: trainingView(prepared, model.split, data.labels) };
  const trained = loadData(reader, model.datasetId, preparation.channels);
  const before = prepareForScoring(trained, preparation, preparation.scaler).prepared;
  return { prepared, train: trainingView(before, model.split, trained.labels) };
}

/** The threshold on the calibration part by the run's objective and knobs. */
function ruleFor({ split, labels, threshold }: ComparedRun, { timestamps }: PreparedSeries, all: Float32Array): ThresholdRule {
  const span = partSpan(split, 'calibration');
  const from = lowerBound(timestamps, span.start);
  const to = Math.max(from, lowerBound(timestamps, span.end));
  const time = timestamps.subarray(from, to);
  const score = all.subarray(from, to);
  const known = time.length === 0 ? [] : labelsKnownBy(labels, { start: time[0]!, end: time.at(-1)! });
  const { objective, minDurationMs, mergeGapMs } = threshold!;
  const wanted = notRepeatable.includes(objective.kind) ? fallbacks : [objective, ...fallbacks];
  for (const one of wanted) {
    try {
      const normal = normalScoresOf(time, score, known, new Float32Array(0));
      return suggestThreshold(one, { timestamps: time, score, labels: known, ...normal, minDurationMs, mergeGapMs });
    } catch (error) {
      if (!isFaultline(error)) throw error;
    }
  }
  // A constant score has no threshold; it marks nothing.
  return { value: Infinity, minDurationMs, mergeGapMs };
}

/** Scores at the judged times; where a method has none, its lowest: it marks nothing there. */
function gather(prepared: PreparedSeries, all: Float32Array, times: Float64Array): Float32Array {
  const lowest = all.reduce((low, score) => (score < low ? score : low), Infinity);
  const floor = Number.isFinite(lowest) ? lowest : 0;
  let at = 0;
  return Float32Array.from(times, (time) => {
    while (at < prepared.timestamps.length && prepared.timestamps[at]! < time) at++;
    const score = prepared.timestamps[at] === time ? all[at]! : NaN;
    return Number.isNaN(score) ? floor : score;
  });
}

function randomMethod(run: ComparedRun, judged: JudgedRows, best: JudgedRun): JudgedMethod {
  const random = randomFrom(randomSeed).fork('random');
  const score = Float32Array.from(judged.timestamps, () => random.next());
  const sorted = score.slice().sort();
  const marked = Math.round(best.above * sorted.length);
  const value = marked === 0 ? Infinity : sorted[sorted.length - marked]!;
  const { minDurationMs, mergeGapMs } = run.threshold!;
  const rule = { value, minDurationMs, mergeGapMs };
  return { score, rule, events: detect({ timestamps: judged.timestamps, score }, rule).events };
}
