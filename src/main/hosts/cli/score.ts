import type { Command, Output, StartClient } from './command';
import { engineJson } from './describe';
import { projectOptions, readArgs } from './options';
import { pick, score, writeScores } from './steps';

const help = `Usage: faultline score --project P [options]

Scores a dataset of a project with a trained model.

  --project P        the project file (*.faultline)
  --model NAME|ID    (default: the newest)
  --dataset NAME|ID  (default: the newest)
  --scores FILE.csv  write timestamp,score,threshold,anomaly and each tag's contribution
  --data DIR         folder of settings (default: the user's own)
  --json             one JSON object on standard output and nothing else
  --help             this text

Example:
  faultline score --project pump.faultline --dataset march --scores march-scores.csv
`;

const options = { ...projectOptions, model: { type: 'string' }, dataset: { type: 'string' }, scores: { type: 'string' } } as const;

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('score', args, options, []);
  const client = await start({ kind: 'user', given: values.data });
  const project = await client.openProject(values.project, false);
  const model = pick(project.models, 'model', values.model);
  const dataset = pick(project.datasets, 'dataset', values.dataset);
  const scored = await score(client, model, dataset);
  const outputs = values.scores === undefined ? [] : [await writeScores(client, scored, values.scores)];
  return {
    json: values.json === true,
    value: { runId: scored.id, modelId: model.id, datasetId: dataset.id, engine: engineJson(scored), outputs },
    lines: [`Run        ${scored.id}: ${scored.title}`, ...outputs.map(({ file }) => `Wrote scores: ${file}`)],
  };
}

export const scoreCommand: Command = { name: 'score', summary: 'score a dataset with a trained model', help, run };
