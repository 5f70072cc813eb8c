import { formatCount } from '../../../core/report/format';
import type { Command, Output, StartClient } from './command';
import { detectorJson, engineJson, splitJson } from './describe';
import { projectOptions, readArgs } from './options';
import { pick, train } from './steps';

const help = `Usage: faultline train --project P [options]

Trains a detector on a dataset of a project and scores that dataset.

  --project P            the project file (*.faultline)
  --dataset NAME|ID      (default: the newest)
  --detector ID          (default: the one recommended for the data)
  --params JSON|@FILE    parameters of the detector, over the proposed ones
  --train-until X        a time (ISO 8601, UTC) or a fraction
  --calibrate-until X    a time or a fraction
  --seed N               (default: 1)
  --name NAME            name of the model
  --data DIR             folder of settings (default: the user's own)
  --json                 one JSON object on standard output and nothing else
  --help                 this text

Example:
  faultline train --project pump.faultline --detector hreg-vae-lstm --params '{"window": 64}' --seed 7
`;

const options = {
  ...projectOptions,
  dataset: { type: 'string' },
  detector: { type: 'string' },
  params: { type: 'string' },
  'train-until': { type: 'string' },
  'calibrate-until': { type: 'string' },
  seed: { type: 'string' },
  name: { type: 'string' },
} as const;

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('train', args, options, []);
  const client = await start({ kind: 'user', given: values.data });
  const project = await client.openProject(values.project, false);
  const dataset = pick(project.datasets, 'dataset', values.dataset);
  const { model, run: scored } = await train(client, dataset, values);
  return {
    json: values.json === true,
    value: {
      modelId: model.id,
      runId: scored.id,
      engine: engineJson(scored),
      detector: detectorJson(model),
      split: splitJson(model, dataset),
    },
    lines: [
      `Model      ${model.name} (${model.id})`,
      `Detector   ${model.detectorId}, ${formatCount(model.parameterCount)} weights, seed ${model.seed}, trained in ${model.trainSeconds.toFixed(1)} s`,
      `Run        ${scored.id}`,
    ],
  };
}

export const trainCommand: Command = { name: 'train', summary: 'train a detector on a dataset of a project', help, run };
