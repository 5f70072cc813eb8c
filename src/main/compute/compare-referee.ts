import type { ComparedReferee } from '../../core/compare/compare';
import { judgeMethod, type JudgedRows, type JudgedRun } from '../../core/compare/judged';
import { detect } from '../../core/events/events';
import { vusOf } from '../../core/metrics/vus-zones';
import { trainingView } from '../../core/prepare/split';
import { randomFrom } from '../../core/random';
import { randomRow, rowOf } from '../../core/referee/judge';
import { oneLinerScores, oneLinerTitles } from '../../core/referee/one-liners';
import { peerThreshold, shareAbove } from '../../core/referee/peer-threshold';
import { oneLinerIds } from '../../core/referee/report';
import type { ProjectReader } from '../store';
import { at, calibrationSource, preparedOf, unmasked, windowOf } from './tasks/referee';

/** Every comparison draws the same: it must come out the same each time. */
const seed = 1;

/**
 * The best of the one-line detectors on the judged rows (chosen there, in its favour) and a random score that marks as many samples as
 * the best run. One-liners see the tags and the train rows of the best run and take their threshold from its calibration part, as in the
 * referee's report of that run.
 *
 * @param reader - of the project of the best run.
 * @param best - the run shown of the first row.
 */
export function refereeOf(reader: ProjectReader, judged: JudgedRows, best: JudgedRun): ComparedReferee {
  const run = reader.runs.get(best.run.member.runId);
  const model = reader.models.get(run.modelId);
  const threshold = run.threshold!;
  const data = preparedOf(reader, model, run.datasetId);
  const trained = run.datasetId === model.datasetId ? data : preparedOf(reader, model, model.datasetId);
  const train = trainingView(trained.prepared, model.split, trained.loaded.labels);
  const window = windowOf(model);
  const source = calibrationSource(reader, run, model, threshold);
  const ofRun = oneLinerScores(unmasked(data), train, window);
  const sourceData = source.run.datasetId === run.datasetId ? data : trained;
  const ofSource = sourceData === data ? ofRun : oneLinerScores(unmasked(trained), train, window);
  const ofTrain = oneLinerScores(train, train, window);
  const share = shareAbove(source.rows, threshold.value);

  const rows = oneLinerIds.map((id) => {
    const calibration = { ...source.rows, score: at(source.rows.timestamps, sourceData.prepared.timestamps, ofSource[id]) };
    const { rule, from } = peerThreshold(calibration, ofTrain[id], threshold, share);
    const { events } = detect({ timestamps: data.prepared.timestamps, score: ofRun[id] }, rule);
    const score = lowestWhereNone(at(judged.timestamps, data.prepared.timestamps, ofRun[id]));
    const found = judgeMethod({ score, rule, events }, judged);
    const title = `Best one-liner: ${oneLinerTitles[id].toLowerCase()}`;
    return { row: { ...rowOf(id, title, { ...found, aucRoc: found.evaluation.aucRoc }), thresholdFrom: from }, zones: found.zones };
  });
  const value = ({ zones }: (typeof rows)[0]): number => (zones ? vusOf(zones).pr : 0);
  const { timestamps, scored, labels, period, buffer } = judged;
  const test = { timestamps, common: scored, labels, range: period, buffer };
  return {
    oneLiner: rows.toSorted((a, b) => value(b) - value(a))[0] ?? null,
    random: randomRow(test, Math.round(best.above * judged.counted), threshold, randomFrom(seed).fork('random')),
  };
}

/** The judged rows are those of the runs; where a one-liner has no score among them, it marks nothing. */
function lowestWhereNone(score: Float32Array): Float32Array {
  const lowest = score.reduce((low, value) => (value < low ? value : low), Infinity);
  return score.map((value) => (Number.isNaN(value) ? (Number.isFinite(lowest) ? lowest : 0) : value));
}
