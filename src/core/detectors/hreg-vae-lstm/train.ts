import { FaultlineError, type JsonObject, type JsonValue } from '../../errors';
import type { PreparedSeries } from '../../prepare/prepared';
import { initialise } from '../../tensor/layers';
import { stageNumbers, trainStage, type Stage, type StageState } from '../../tensor/stage';
import { packWeights, unpackWeights, WeightSet, type WeightSpec } from '../../tensor/weights';
import type { Checkpoint, EpochRecord, RunContext, TensorFlow } from '../detector';
import { lstmSpecs, Network, vaeSpecs } from './network';
import type { HregParams } from './params';
import { encodeSeries } from './residuals';
import type { TrainingSplit } from './split';
import { lstmStage, vaeStage } from './stages';

export interface Networks {
  readonly vae: WeightSet;
  readonly lstm: WeightSet;
  readonly history: readonly EpochRecord[];
}

const stateArrays = ['weights', 'm', 'v', 'best'] as const;

/**
 * Trains the VAE, then the LSTM on its codes. Continues from `run.resumeFrom` bit-equal: every random draw follows from the seed and the
 * step, so weights and the optimiser's moments are the whole state.
 *
 * @throws FaultlineError 'training/data-changed' when the state to continue from belongs to other rows or parameters;
 * 'training/not-finite' from a stage.
 */
export async function trainNetworks(
  tf: TensorFlow,
  data: PreparedSeries,
  split: TrainingSplit,
  params: HregParams,
  run: RunContext,
): Promise<Networks> {
  const inputs = params.window * data.channels.length;
  const vae = new WeightSet(vaeSpecs(inputs, params));
  const lstm = new WeightSet(lstmSpecs(params));
  const fingerprint = `${hashOf(data)} ${JSON.stringify(params)}`;
  const resume = run.resumeFrom && readCheckpoint(run.resumeFrom, fingerprint, vae.specs, lstm.specs);
  const history: EpochRecord[] = resume ? [...resume.history] : [];
  const stepsInAll = params.vaeSteps + params.lstmSteps;

  const runStage = (stage: Stage, weights: WeightSet, stepsBefore: number, extra: readonly Packed[]): Promise<void> => {
    const save = run.saveCheckpoint;
    return trainStage(tf, stage, weights, run, {
      ...{ history, stepsBefore, stepsInAll },
      ...(resume?.stage === stage.name && { resume: resume.state }),
      ...(save && { save: (state: StageState) => save(toCheckpoint(stage.name, stepsBefore, state, extra, history, fingerprint)) }),
    });
  };

  if (resume?.stage === 'lstm') {
    vae.flat.set(resume.vae);
  } else {
    initialise(vae, run.random.fork('init vae'));
    await runStage(vaeStage(tf, data, split, params, run.random), vae, 0, []);
  }
  initialise(lstm, run.random.fork('init lstm'));
  openForgetGate(lstm, params.hidden);
  const network = new Network(tf, run.fusedLstm, vae, lstm, inputs, params.latent);
  try {
    const { codes } = await encodeSeries(network, data, params, run);
    const stage = lstmStage(tf, codes, split, params, run.fusedLstm, run.random);
    await runStage(stage, lstm, params.vaeSteps, [{ name: 'vae', shape: [vae.flat.length], values: vae.flat }]);
  } finally {
    network.dispose();
  }
  return { vae, lstm, history };
}

/** Forget gate bias 1, so that the cell remembers from the start (Jozefowicz et al. 2015). */
function openForgetGate(lstm: WeightSet, hidden: number): void {
  lstm.views()[1]!.fill(1, hidden, 2 * hidden);
}

type Packed = WeightSpec & { readonly values: Float32Array };

function toCheckpoint(
  stage: string,
  stepsBefore: number,
  state: StageState,
  extra: readonly Packed[],
  history: readonly EpochRecord[],
  fingerprint: string,
): Checkpoint {
  const arrays = stateArrays.map((name) => ({ name, shape: [state[name].length], values: state[name] }));
  const packed = packWeights([...arrays, ...extra]);
  return {
    step: stepsBefore + state.step,
    manifest: { ...packed.manifest, stage, fingerprint, numbers: stageNumbers(state), history: history as unknown as JsonValue[] },
    weights: packed.weights,
  };
}

interface Resume {
  readonly stage: string;
  readonly state: StageState;
  /** Weights of the finished VAE, in the LSTM stage. */
  readonly vae: Float32Array;
  readonly history: readonly EpochRecord[];
}

function readCheckpoint(
  { manifest, weights }: Checkpoint,
  fingerprint: string,
  vae: readonly WeightSpec[],
  lstm: readonly WeightSpec[],
): Resume {
  if (manifest['fingerprint'] !== fingerprint) {
    throw new FaultlineError(
      'training/data-changed',
      'The training rows or the parameters changed since this training was interrupted. Start a new training.',
    );
  }
  const stage = manifest['stage'] === 'lstm' ? 'lstm' : 'vae';
  const sizeOfVae = new WeightSet(vae).flat.length;
  const size = stage === 'lstm' ? new WeightSet(lstm).flat.length : sizeOfVae;
  const arrays = unpackWeights({ manifest, weights }, [
    ...stateArrays.map((name) => ({ name, shape: [size] })),
    ...(stage === 'lstm' ? [{ name: 'vae', shape: [sizeOfVae] }] : []),
  ]);
  const numbers = manifest['numbers'] as JsonObject;
  const number = (name: string): number => {
    const value = numbers[name];
    if (typeof value !== 'number')
      throw new FaultlineError('model/damaged', `The saved training state lacks "${name}". Start a new training.`);
    return value;
  };
  return {
    stage,
    state: {
      ...{ step: number('step'), adamStep: number('adamStep'), rateFactor: number('rateFactor'), retreats: number('retreats') },
      ...{ bestLoss: numbers['bestLoss'] === null ? null : number('bestLoss'), sinceBest: number('sinceBest') },
      ...{ weights: arrays.get('weights')!, m: arrays.get('m')!, v: arrays.get('v')!, best: arrays.get('best')! },
    },
    vae: arrays.get('vae') ?? new Float32Array(0),
    history: manifest['history'] as unknown as EpochRecord[],
  };
}

/** FNV-1a over the bits of the values and the segments: tells other rows from the same ones. */
function hashOf(data: PreparedSeries): string {
  let hash = 0x811c9dc5;
  const add = (word: number): void => {
    hash = Math.imul(hash ^ word, 0x01000193);
  };
  const { values } = data;
  for (const word of new Int32Array(values.buffer, values.byteOffset, values.length)) add(word);
  for (const { start, end } of data.segments) [start, end].forEach(add);
  return `${values.length}:${(hash >>> 0).toString(16)}`;
}
