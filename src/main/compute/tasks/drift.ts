import type { DriftReport } from '../../../core/drift/report';
import { referenceOf, scoreRise } from '../../../core/drift/reference';
import { withProject, loadData, prepareForScoring } from './data';

/**
 * What following the drift did in a run, computed again from what is stored: the data, the model's anchor and the scores; null
 * when the model follows none. Levels are those under the masks of today.
 */
export function driftOfRun(input: { readonly file: string; readonly runId: string }): Promise<DriftReport | null> {
  return withProject(input.file, (reader) => {
    const run = reader.runs.get(input.runId);
    const model = reader.models.get(run.modelId);
    if (!model.preparation.drift || !model.preparation.anchor) return null;
    const data = loadData(reader, run.datasetId, model.channels);
    const { prepared, scaler, drift } = prepareForScoring(data, model.preparation);
    if (!drift) return null;
    const { rule, anchor } = drift;
    const reference = rule.withScore ? referenceOf(reader.models.content(model.id).normalScores) : null;
    const rise = reference && scoreRise(reader.runs.score(run.id), reference, rule, prepared.stepMs, true);
    return {
      rule,
      lowered: rise && rise.reduce((most, value) => Math.max(most, value), 0),
      tags: prepared.channels.map((channel, j) => {
        const { furthest, last, heldRows, accepted, reached } = drift.tags[j]!;
        const std = scaler.std[j]!;
        return {
          channel,
          unit: data.dataset.channels.find(({ name }) => name === channel)?.unit ?? '',
          follows: anchor.follows[j]!,
          halfLifeMs: anchor.halfLifeMs[j]!,
          furthest: furthest * std,
          last: last * std,
          deviations: furthest,
          heldMs: heldRows * prepared.stepMs,
          accepted,
          reached,
        };
      }),
    };
  });
}
