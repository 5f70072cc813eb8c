import type { Handlers } from '../../contract/methods';
import { ensemble, ensembleId } from '../../core/detectors/ensemble';
import type { EnsembleMethod } from '../../core/scoring/ensemble';
import type { ServiceContext } from './context';

const methodNames: Readonly<Record<EnsembleMethod, string>> = {
  'rank-average': 'rank average',
  'max-p': 'highest of the p-values',
};
const LONGEST_TITLE = 200;

export function ensembleService(context: ServiceContext): Pick<Handlers, 'ensemble.create'> {
  const { session, queries, options } = context;
  return {
    'ensemble.create': async ({ runIds, method, name }) => {
      const store = session.current();
      const runs = runIds.map((runId) => store.runs.get(runId));
      const combined = await queries.run('ensemble.combine', { file: store.file, runIds, method });
      const { timestamps, scores, channels, manifest, ...facts } = combined;
      const dataset = store.datasets.get(runs[0]!.datasetId);
      const { engine } = runs[0]!;
      const title =
        name ?? `Ensemble (${methodNames[method]}) of ${runs.map((run) => run.title).join(', ')}`.slice(0, LONGEST_TITLE).trim();
      // One transaction: a model without its run would be an ensemble that nothing can score.
      const run = store.transaction(() => {
        const model = store.models.create({
          name: title,
          datasetId: dataset.id,
          jobId: null,
          detectorId: ensembleId,
          formatVersion: ensemble.info.formatVersion,
          params: { method },
          seed: 0,
          dataSha256: dataset.sha256,
          channels,
          engine,
          versions: { faultline: options.version },
          manifest,
          weights: new Uint8Array(0),
          // None: what the members held out belongs to different rows. A threshold without labels takes calibration rows.
          normalScores: new Float32Array(0),
          history: [],
          ...facts,
        });
        return store.runs.create({ modelId: model.id, datasetId: dataset.id, title, engine, channels, timestamps, scores });
      });
      session.changed();
      return { runId: run.id };
    },
  };
}
