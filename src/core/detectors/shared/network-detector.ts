import type { PreparedSeries } from '../../prepare/prepared';
import { FaultlineError } from '../../errors';
import type { Insight } from '../../insight/insight';
import { fingerprintOf } from '../../tensor/checkpoint';
import { initialise } from '../../tensor/layers';
import type { Stage } from '../../tensor/stage';
import { trainInTurn } from '../../tensor/stages';
import { countWeights, WeightSet, type WeightSpec } from '../../tensor/weights';
import type { Detector, DetectorInfo, EpochRecord, RunContext, TensorFlow, TrainedDetector } from '../detector';
import type { ParamSpecs, ParamValues } from '../params';
import { heldOut, onlyRows } from './held-out';
import { openArtifact, requireSameChannels, toArtifact } from './model';
import { scoreWindows, type WindowReader } from './score-windows';
import { splitTraining, type SplitShape, type TrainingSplit } from './split';
import { spanOf } from './window-params';
import { windowEnds } from './windows';

/** Parameters that every detector of one network on windows has. */
export interface NetworkParams {
  readonly window: number;
  readonly span: number;
  readonly steps: number;
}

/** Arrays by name. Float32, because they are stored with the model: a restored one must give the same bits. */
export type Fitted = Readonly<Record<string, Float32Array>>;

/** What a network is read with. */
export interface Trained<P> {
  readonly params: P;
  readonly channels: number;
  readonly weights: WeightSet;
  /** Of `Calibration`; empty without one. */
  readonly fitted: Fitted;
}

/** What is fitted to the trained network's output on rows that it did not see. */
export interface Calibration<P> {
  /** Windows without which the fit is not worth anything. */
  readonly least: number;
  readonly arrays: (params: P, channels: number) => WeightSpec[];
  /** @param ends - rows at which the windows end. */
  fit(tf: TensorFlow, trained: Trained<P>, data: PreparedSeries, ends: Int32Array, run: RunContext): Promise<Fitted>;
}

/** One network on windows; splitting, training, resuming, held-out scores, storing and scoring of a detector follow from it. */
export interface NetworkMethod<P extends ParamValues & NetworkParams> {
  /** For any number of channels unless said otherwise. */
  readonly info: Omit<DetectorInfo, 'formatVersion' | 'channels' | 'params' | 'warmUp'> & Partial<Pick<DetectorInfo, 'channels'>>;
  readonly specs: ParamSpecs;
  readonly propose: NonNullable<Detector['propose']>;
  /** Rows that a score rests on; the span where absent. */
  readonly reach?: (params: P) => number;
  /** @throws FaultlineError 'detector/bad-params' for what cannot be computed. */
  readonly weights: (params: P, channels: number) => WeightSpec[];
  /** Values that training starts from, where they are not Glorot's and 0. */
  readonly prepare?: (weights: WeightSet) => void;
  readonly stage: (tf: TensorFlow, data: PreparedSeries, split: TrainingSplit, params: P, run: RunContext) => Stage;
  readonly calibration?: Calibration<P>;
  readonly open: (tf: TensorFlow, fused: boolean, trained: Trained<P>) => WindowReader;
  /** What the trained network shows of itself; there where `info.shows` is. */
  readonly insight?: (trained: Trained<P>, tags: readonly string[]) => Insight;
  /** Numbers that a training step and a chunk of scoring hold, beside the weights. */
  readonly workspace: (params: P, channels: number) => number;
}

interface Model<P> extends Trained<P> {
  readonly names: readonly string[];
  readonly history: readonly EpochRecord[];
  /** [c] scaled units */
  readonly halfWidth: Float32Array;
  readonly normalScores: Float32Array;
}

export function networkDetector<P extends ParamValues & NetworkParams>(method: NetworkMethod<P>): Detector<P> {
  const { specs, calibration, reach = spanOf } = method;
  const shapeOf = (params: P) => ({ window: params.window, span: reach(params) });
  const info: DetectorInfo = {
    ...{ channels: 'any', ...method.info },
    ...{ formatVersion: 1, params: specs },
    warmUp: (params) => reach(params as P) - 1,
  };
  const splitShape = (params: P): SplitShape => {
    const { window, span } = shapeOf(params);
    // Nothing longer than a window trains. With a calibration every validation block holds the windows that it needs.
    const longest = window + (calibration?.least ?? 0);
    return { window, span: longest, what: `scores over ${span} samples`, tailRows: Math.ceil(SPANS_OF_TAIL * span) };
  };
  const extraSpecs = (params: P, channels: number, normalScores: number): WeightSpec[] => [
    ...(calibration?.arrays(params, channels) ?? []),
    { name: 'expected/half-width', shape: [channels] },
    { name: 'normal-scores', shape: [normalScores] },
  ];

  const trained = (tf: TensorFlow, model: Model<P>): TrainedDetector => {
    const { params, channels, weights, fitted, names, history, halfWidth, normalScores } = model;
    return {
      ...{ history, normalScores, parameterCount: weights.flat.length },
      async score(data, run) {
        requireSameChannels(names, data.channels);
        const reader = method.open(tf, run.fusedLstm, model);
        try {
          return { ...(await scoreWindows(reader, data, shapeOf(params), run)), expectedHalfWidth: halfWidth };
        } finally {
          reader.dispose();
        }
      },
      ...(method.insight && { insight: () => Promise.resolve(method.insight!(model, names)) }),
      save() {
        const extras: Fitted = { ...fitted, 'expected/half-width': halfWidth, 'normal-scores': normalScores };
        const arrays = [
          ...weights.views().map((values, i) => ({ ...weights.specs[i]!, values })),
          ...extraSpecs(params, channels, normalScores.length).map((spec) => ({ ...spec, values: extras[spec.name]! })),
        ];
        const counts = { normalScores: normalScores.length };
        return Promise.resolve(toArtifact(info, { params, channels: names, arrays, counts, history }));
      },
      dispose: () => undefined,
    };
  };

  return {
    info,
    propose: method.propose,
    async train(data, params, run) {
      const channels = data.channels.length;
      const rows = data.timestamps.length;
      requireChannels(info, channels);
      const weights = new WeightSet(method.weights(params, channels));
      const parts = splitTraining(data.segments, rows, splitShape(params));
      const held =
        heldOutRows(data, parts, shapeOf(params), calibration?.least) ??
        refuse(info.title, data, parts, shapeOf(params), splitShape(params));
      const tf = await run.tensorflow();
      const plan = {
        ...{ name: info.id, steps: params.steps, weights },
        initialise() {
          initialise(weights, run.random.fork(`init ${info.id}`));
          method.prepare?.(weights);
        },
        stage: () => method.stage(tf, data, parts, params, run),
      };
      const history = await trainInTurn(tf, [plan], fingerprintOf(data, params), run);
      const log = 'Scores of held-out normal rows';
      run.report({ stage: 'reference', done: params.steps, total: params.steps, unit: 'steps', log });
      const fitted = calibration ? await calibration.fit(tf, { params, channels, weights, fitted: {} }, data, held.fit, run) : {};
      const reader = method.open(tf, run.fusedLstm, { params, channels, weights, fitted });
      try {
        const tail = onlyRows(data, held.normalFrom);
        const scores = await scoreWindows(reader, tail, shapeOf(params), { ...run, report: () => undefined });
        return trained(tf, { params, channels, weights, fitted, names: data.channels, history, ...heldOut(tail, scores) });
      } finally {
        reader.dispose();
      }
    },
    async restore(artifact, run) {
      const stored = openArtifact(info, specs, artifact);
      const params = stored.params as P;
      const channels = stored.channels.length;
      const weightSpecs = method.weights(params, channels);
      const get = stored.arrays([...weightSpecs, ...extraSpecs(params, channels, stored.count('normalScores'))]);
      const fitted = Object.fromEntries(
        (calibration?.arrays(params, channels) ?? []).map(({ name }) => [name, get(name)] as const),
      );
      return trained(await run.tensorflow(), {
        ...{ params, channels, fitted, weights: WeightSet.of(weightSpecs, get), names: stored.channels, history: stored.history },
        ...{ halfWidth: get('expected/half-width'), normalScores: get('normal-scores') },
      });
    },
    size(rows, channels, params) {
      requireChannels(info, channels);
      const weights = countWeights(method.weights(params, channels));
      const windows = splitTraining([{ start: 0, end: rows }], rows, splitShape(params)).trainWindows.length;
      // Weights, gradient, both moments, best state; what a step or a chunk holds; the series with its scores.
      const values = 8 * weights + method.workspace(params, channels) + rows * (4 * channels + 8);
      return { windows, weights, bytes: 4 * values, steps: params.steps };
    },
  };
}

/** Spans of the tail at least, so that more than one whole span gives a normal score. */
const SPANS_OF_TAIL = 1.5;

/**
 * Rows that the network was not trained on: those that fit a calibration, and from `normalFrom` on those that give normal scores. No row
 * does both: the validation part fits, and the first half of the tail where the second half is long enough for normal scores.
 *
 * @param least - windows that the calibration needs; absent without one. @returns null where gaps leave too little.
 */
function heldOutRows(
  { segments }: PreparedSeries,
  { tailFrom, validationWindows }: TrainingSplit,
  { window, span }: { readonly window: number; readonly span: number },
  least: number | undefined,
): { readonly fit: Int32Array; readonly normalFrom: number } | null {
  const last = windowEnds(segments, span, tailFrom).at(-1);
  if (last === undefined) return null;
  if (least === undefined) return { fit: new Int32Array(0), normalFrom: tailFrom };
  const middle = Math.ceil((tailFrom + last + 1) / 2);
  const normalFrom = Math.max(tailFrom, Math.min(middle, last + 1 - Math.ceil(SPANS_OF_TAIL * span)));
  const fit = Int32Array.from([...validationWindows, ...windowEnds(segments, window, tailFrom, normalFrom)]);
  return fit.length < least ? null : { fit, normalFrom };
}

function requireChannels({ channels: wanted, title }: DetectorInfo, channels: number): void {
  if (wanted !== 'multi' || channels > 1) return;
  throw new FaultlineError(
    'detector/bad-params',
    `${title} learns how tags depend on each other, and the data have one tag. Choose several tags, or another detector.`,
    { channels: 1 },
  );
}

function refuse(
  title: string,
  { timestamps }: PreparedSeries,
  { tailFrom }: TrainingSplit,
  { span }: { readonly span: number },
  trained: SplitShape,
): never {
  const rows = timestamps.length;
  const gapFreeRows = Math.max(span, trained.span);
  throw new FaultlineError(
    'detector/too-little-data',
    `The ${rows} usable training rows have too many gaps: ${title} needs a run of ${gapFreeRows} rows without a gap among the last ` +
      `${rows - tailFrom}, and several of ${trained.span} before. Choose a longer period, a shorter window or a shorter span.`,
    { rows, needed: 3 * trained.span + (trained.tailRows ?? 0), gapFreeRows },
  );
}
