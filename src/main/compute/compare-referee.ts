import type { ComparedReferee } from '../../core/compare/compare';
import { judgeMethod, testOf, type JudgedRows, type JudgedRun } from '../../core/compare/judged';
import { detect } from '../../core/events/events';
import { vusOf } from '../../core/metrics/vus-zones';
import { randomFrom } from '../../core/random';
import { randomRow, rowOf } from '../../core/referee/judge';
import { oneLinerTitles } from '../../core/referee/one-liners';
import { peerThreshold, shareAbove } from '../../core/referee/peer-threshold';
import { refereeSeed } from '../../core/referee/referee';
import { oneLinerIds } from '../../core/referee/report';
import type { ProjectReader } from '../store';
import { at, oneLinerData, oneLinersAt } from './run-one-liners';

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
  const seenByPeers = oneLinerData(reader, run, model, threshold);
  const { timestamps } = seenByPeers.data.prepared;
  const { calibration } = seenByPeers;
  const scores = oneLinersAt(timestamps, seenByPeers);
  const share = shareAbove(calibration, threshold.value);

  const rows = oneLinerIds.map((id) => {
    const { rule, from } = peerThreshold({ ...calibration, score: scores[id].calibration }, scores[id].train, threshold, share);
    const { events } = detect({ timestamps, score: scores[id].run }, rule);
    const score = lowestWhereNone(at(judged.timestamps, timestamps, scores[id].run));
    const found = judgeMethod({ score, rule, events }, judged);
    const title = `Best one-liner: ${oneLinerTitles[id].toLowerCase()}`;
    return {
      row: { ...rowOf(id, title, { ...found, aucRoc: found.evaluation.aucRoc }), thresholdFrom: from, threshold: rule.value },
      zones: found.zones,
    };
  });
  const value = ({ zones }: (typeof rows)[0]): number => (zones ? vusOf(zones).pr : 0);
  return {
    oneLiner: rows.toSorted((a, b) => value(b) - value(a))[0] ?? null,
    random: randomRow(testOf(judged), Math.round(best.above * judged.counted), threshold, randomFrom(refereeSeed).fork('random')),
  };
}

/** The judged rows are those of the runs; where a one-liner has no score among them, it marks nothing. */
function lowestWhereNone(score: Float32Array): Float32Array {
  const lowest = score.reduce((low, value) => (value < low ? value : low), Infinity);
  return score.map((value) => (Number.isNaN(value) ? (Number.isFinite(lowest) ? lowest : 0) : value));
}
