import type { RunSummary } from '../../../contract/types';
import { labelNames } from '../../../core/report/words';
import type { Client } from './client';
import type { Command, Output, StartClient } from './command';
import { contractJson, contractLines, ruleJson, ruleLines } from './contract-lines';
import { engineJson, eventJson, eventLines, evaluationLines, metricsJson, thresholdJson, thresholdLines } from './describe';
import { driftTold } from './drift-option';
import { projectOptions, readArgs } from './options';
import { pick, score, writeScores } from './steps';

const help = `Usage: faultline score --project P [options]

Scores a dataset of a project with a trained model. Data that the model was not trained on begin with the threshold and the
contract of the model's own run, where that has one: all of them are then a test.

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
  const judged = scored.threshold === null ? null : await judgedBy(client, scored);
  const drift = await driftTold(client, scored);
  const outputs = values.scores === undefined ? [] : [await writeScores(client, scored, values.scores)];
  return {
    json: values.json === true,
    value: {
      runId: scored.id,
      modelId: model.id,
      datasetId: dataset.id,
      engine: engineJson(scored),
      drift: drift.value,
      outputs,
      ...judged?.value,
    },
    lines: [
      `Run        ${scored.id}: ${scored.title}`,
      ...drift.lines,
      ...(judged?.lines ?? ['No threshold yet: "faultline calibrate" chooses one.']),
      ...outputs.map(({ file }) => `Wrote scores: ${file}`),
    ],
  };
}

/** Later data begin with the threshold and the contract of the model's own run. */
async function judgedBy(client: Client, { id, datasetId }: RunSummary): Promise<{ value: object; lines: string[] }> {
  const result = await client.call('run.result', { runId: id });
  const { labels } = await client.call('label.list', { datasetId });
  const { threshold } = result;
  return {
    value: {
      threshold: { ...thresholdJson(threshold), ...ruleJson(threshold) },
      contract: contractJson(result, null),
      events: result.events.map(eventJson),
      metrics: metricsJson(result),
    },
    lines: [
      ...thresholdLines(threshold),
      ...ruleLines(threshold, result.hidden),
      ...contractLines(result, null, labelNames(labels)),
      '',
      ...eventLines(result.events),
      '',
      ...evaluationLines('Test part', result.test),
    ],
  };
}

export const scoreCommand: Command = { name: 'score', summary: 'score a dataset with a trained model', help, run };
