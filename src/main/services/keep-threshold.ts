import type { LabelSet } from '../../core/labels/label';
import type { ThresholdChoice } from '../../core/thresholds/threshold';
import type { RunEvaluation } from '../compute/client';
import type { NewEvent, ProjectStore, StoredThreshold } from '../store';
import { contractFact, resultInWords } from './result-words';

/** Keeps a threshold with its events, the last result and the state of its contract. To be called inside a transaction. */
export function keepThreshold(
  store: ProjectStore,
  runId: string,
  choice: ThresholdChoice,
  labels: LabelSet,
  evaluation: RunEvaluation,
  timeZone: string,
  events: readonly NewEvent[] = evaluation.events,
): StoredThreshold {
  const { threshold } = store.thresholds.save(runId, choice, labels, events);
  store.setLastResult(resultInWords(evaluation, timeZone));
  store.setContractFact(threshold.id, contractFact(evaluation.contract, timeZone));
  return threshold;
}
