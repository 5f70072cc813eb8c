import { formatCount, formatSeconds } from '../../../core/report/format';
import type { DatasetInfo, ModelSummary, RunSummary } from '../../../contract/types';
import type { Client } from './client';
import type { Command, Output, StartClient } from './command';
import { driftHelp, driftTold } from './drift-option';
import { detectorJson, engineJson, splitJson } from './describe';
import { projectOptions, readArgs, usage, wholeNumber } from './options';
import { pick, planOf, train, type TrainChoices } from './steps';

const help = `Usage: faultline train --project P [options]

Trains a detector on a dataset of a project and scores that dataset.

  --project P            the project file (*.faultline)
  --dataset NAME|ID      (default: the newest)
  --detector ID          (default: the one recommended for the data)
  --preset NAME          named settings of the detector, over the proposed ones: fast, balanced or paper
  --params JSON|@FILE    parameters of the detector, over the proposed ones and the preset
${driftHelp(25)}  --train-until X        a time (ISO 8601, UTC) or a fraction
  --calibrate-until X    a time or a fraction
  --seed N               (default: 1)
  --repeat N             trains N times with the seeds from --seed on, up to 20; a comparison shows them as one row with their spread
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
  preset: { type: 'string' },
  params: { type: 'string' },
  drift: { type: 'string' },
  'train-until': { type: 'string' },
  'calibrate-until': { type: 'string' },
  seed: { type: 'string' },
  name: { type: 'string' },
  repeat: { type: 'string' },
} as const;

const mostRepeats = 20;

/** One training, or one for each of several seeds; these are told apart by their names. */
async function trainings(
  client: Client,
  dataset: DatasetInfo,
  given: TrainChoices & { readonly repeat?: string | undefined },
): Promise<{ readonly model: ModelSummary; readonly run: RunSummary }[]> {
  const repeat = given.repeat === undefined ? 1 : wholeNumber('--repeat', given.repeat);
  if (repeat < 1 || repeat > mostRepeats) usage(`--repeat must be a whole number from 1 to ${mostRepeats}, not "${given.repeat}".`);
  if (repeat === 1) return [await train(client, dataset, given)];
  const first = wholeNumber('--seed', given.seed ?? '1');
  const name = given.name ?? (await usualName(client, dataset, given));
  const done: { model: ModelSummary; run: RunSummary }[] = [];
  for (let seed = first; seed < first + repeat; seed++) {
    done.push(await train(client, dataset, { ...given, seed: String(seed), name: `${name} (seed ${seed})` }));
  }
  return done;
}

/** As the application would name the model. */
async function usualName(client: Client, dataset: DatasetInfo, given: TrainChoices): Promise<string> {
  const { detectorId } = await planOf(client, dataset, given);
  const detector = (await client.call('detector.list', {})).find(({ id }) => id === detectorId);
  return `${detector?.title ?? detectorId} on ${dataset.name}`;
}

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('train', args, options, []);
  const client = await start({ kind: 'user', given: values.data });
  const project = await client.openProject(values.project, false);
  const dataset = pick(project.datasets, 'dataset', values.dataset);
  const done = await trainings(client, dataset, values);
  const [{ model, run: scored }] = done as [(typeof done)[0]];
  const drift = await driftTold(client, scored);
  return {
    json: values.json === true,
    value: {
      modelId: model.id,
      runId: scored.id,
      engine: engineJson(scored),
      detector: detectorJson(model),
      split: splitJson(model, dataset),
      drift: drift.value,
      ...(done.length > 1
        ? { repeats: done.map((one) => ({ seed: one.model.seed, modelId: one.model.id, runId: one.run.id })) }
        : {}),
    },
    lines: [
      ...done.flatMap((one) => [
        `Model      ${one.model.name} (${one.model.id})`,
        `Detector   ${one.model.detectorId}, ${formatCount(one.model.parameterCount)} weights, seed ${one.model.seed}, trained in ${formatSeconds(one.model.trainSeconds)}`,
        `Run        ${one.run.id}`,
      ]),
      ...drift.lines,
    ],
  };
}

export const trainCommand: Command = { name: 'train', summary: 'train a detector on a dataset of a project', help, run };
