import type { DriftOutcome, DriftReport, RunDrift } from '../../core/drift/report';
import type { Evaluation } from '../../core/metrics/evaluation';
import type { ComputeClient } from '../compute/client';
import type { ProjectStore, StoredModel, StoredRun, StoredThreshold } from '../store';
import type { Evaluations } from './evaluations';

/** What following the drift did in a run, and what it changed; null where the run's model follows none. */
export async function driftOf(
  store: ProjectStore,
  queries: ComputeClient,
  evaluations: Evaluations,
  runId: string,
): Promise<RunDrift | null> {
  const run = store.runs.get(runId);
  if (!store.models.get(run.modelId).preparation.drift) return null;
  const report: DriftReport | null = await queries.run('run.drift', { file: store.file, runId });
  return report && { ...report, effect: await effectOf(store, evaluations, run) };
}

/** The test part under the thresholds of this run and of the newest one that differs from it in nothing but the drift. */
async function effectOf(store: ProjectStore, evaluations: Evaluations, run: StoredRun): Promise<RunDrift['effect']> {
  const threshold = store.thresholds.current(run.id);
  if (!threshold) return null;
  const setting = settingKey(store.models.get(run.modelId), threshold);
  for (const other of store.runs.list().toReversed()) {
    const model = store.models.get(other.modelId);
    const own = store.thresholds.current(other.id);
    if (!own || other.datasetId !== run.datasetId || model.preparation.drift || settingKey(model, own) !== setting) continue;
    const [followed, plain] = await Promise.all([threshold, own].map((one) => evaluations.ofThreshold(store, one)));
    return { followed: outcome(followed!.test), plain: outcome(plain!.test) };
  }
  return null;
}

function outcome({ timeInEvents, falseEvents, caught, labels }: Evaluation): DriftOutcome {
  return { timeInEvents: timeInEvents.value, falseEvents, caught, labels };
}

/** All that a run was made and judged with, but the drift and what follows from it. */
function settingKey({ detectorId, params, seed, split, preparation }: StoredModel, threshold: StoredThreshold): string {
  const { channels, gapToleranceSteps, maxFillRows, resampleMs } = preparation;
  const { objective, minDurationMs, mergeGapMs, hysteresis, deadTimeMs, suppress } = threshold;
  return JSON.stringify([
    [detectorId, Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)), seed],
    [split.trainUntil, split.calibrateUntil, split.guardMs],
    [channels, gapToleranceSteps, maxFillRows, resampleMs],
    [objective, minDurationMs, mergeGapMs, hysteresis ?? 0, deadTimeMs ?? 0, suppress ?? []],
    threshold.labelRevision,
  ]);
}
