import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Handlers } from '../../contract/methods';
import type { ServiceContext } from './context';
import { fileNameOf } from './project-list';
import { currentThreshold } from './result-service';
import type { Sheets } from './sheets';

export function evaluationService(
  context: ServiceContext,
  sheets: Sheets,
): Pick<Handlers, 'scores.export' | 'evaluation.run' | 'run.metrics'> {
  const { session, files, queries, clock } = context;
  return {
    'scores.export': async ({ runId }) => {
      const store = session.current();
      const run = store.runs.get(runId);
      const threshold = currentThreshold(store, run);
      const name = `${fileNameOf(run.title)}-scores.csv`;
      const path = join(await files.temporaryFolder(), `${clock()}-${name}`);
      await queries.run('scores.export', { file: store.file, runId, thresholdId: threshold.id, path });
      return { fileToken: files.add(path, name, { temporary: true }), name, format: 'csv', bytes: (await stat(path)).size };
    },
    'run.metrics': async ({ runId, part }) => sheets.of(session.current(), runId, part),
    'evaluation.run': async ({ scores, labels, ...options }) => {
      const scoresFile = files.resolve(scores);
      return queries.run('evaluation.run', {
        scores: scoresFile.path,
        labels: files.resolve(labels).path,
        scoresName: scoresFile.name,
        minDurationMs: options.minDurationMs ?? 0,
        mergeGapMs: options.mergeGapMs ?? 0,
        threshold: options.threshold,
        labelColumn: options.labelColumn,
        buffer: options.buffer,
        window: options.window,
        range: options.range,
        seed: options.seed,
      });
    },
  };
}
