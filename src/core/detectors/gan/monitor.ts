import type { Tensor3D } from '@tensorflow/tfjs';
import type { PreparedSeries } from '../../prepare/prepared';
import type { Random } from '../../random';
import { valuesOf } from '../../tensor/layers';
import type { EpochRecord, TensorFlow, WindowSample } from '../detector';
import type { TrainingSplit } from '../shared/split';
import { gatherWindows, spread } from '../shared/windows';
import { Gauge } from './gauge';
import { drawLatent, expandLatent, latentShape } from './latent';
import { discriminate, generate, swapAxes, type GanWeights } from './network';
import type { GanParams } from './params';
import { intoRange, outOfRange, type Range } from './range';

/** Real and generated windows that are compared. */
const GAUGE_WINDOWS = 256;
/** Generated windows that vary less than this share of the data's spread are all alike. */
export const COLLAPSED_SPREAD = 0.1;
/** Mean D(G(z)) below this leaves the generator nothing to learn from. */
export const HOPELESS_PROBABILITY = 0.01;
const SAMPLE_WINDOWS = 4;
/** Values of one window in a sample: of many tags the first ones are shown. */
const SAMPLE_VALUES = 480;

/** State of both networks at a point of the training. */
export interface Look {
  readonly losses: Readonly<Record<'validation' | 'spread' | 'real' | 'generated' | 'accuracy', number>>;
  /** What is wrong, in words; null when nothing is. */
  readonly trouble: string | null;
  readonly sample: WindowSample;
}

/** Looks at the networks with windows that do not train and with the same latent numbers every time. */
export class Monitor {
  private readonly shape;
  private readonly gauge: Gauge;
  /** [N, T·m] */
  private readonly real: Float32Array;
  /** [T, N, latent] */
  private readonly latent: Float32Array;
  private readonly channels: number;

  constructor(
    private readonly tf: TensorFlow,
    private readonly fused: boolean,
    data: PreparedSeries,
    split: TrainingSplit,
    private readonly params: GanParams,
    private readonly range: Range,
    random: Random,
  ) {
    this.shape = latentShape(params);
    this.channels = data.channels.length;
    const held = split.validationWindows.length > 0 ? split.validationWindows : split.trainWindows;
    this.real = intoRange(gatherWindows(data, params.window, spread(held, GAUGE_WINDOWS)), range);
    this.gauge = new Gauge(tf, this.real, params.window * this.channels);
    this.latent = expandLatent(this.shape, drawLatent(this.shape, GAUGE_WINDOWS, random.fork('gauge')));
  }

  look(weights: GanWeights): Look {
    const { tf, fused, real, channels } = this;
    const { window, latent } = this.params;
    const input = (values: Float32Array, size: number): Tensor3D =>
      tf.tensor3d(values, [window, values.length / window / size, size]);
    const made = valuesOf(tf, () => generate(tf, weights.generator.tensors(tf), input(this.latent, latent), fused));
    const probabilities = (windows: Float32Array): Float32Array =>
      valuesOf(tf, () => {
        const logits = discriminate(tf, weights.discriminator.tensors(tf), input(windows, channels), fused);
        return tf.mean(tf.sigmoid(logits), 0);
      });
    const generated = swapAxes(made, window, GAUGE_WINDOWS);
    const onReal = probabilities(swapAxes(real, real.length / window / channels, window));
    const onGenerated = probabilities(made);
    const right = share(onReal, (p) => p > 0.5) + share(onGenerated, (p) => p < 0.5);
    const likeness = this.gauge.compare(generated);
    const losses = {
      ...{ validation: likeness.energy, spread: likeness.spread },
      ...{ real: mean(onReal), generated: mean(onGenerated), accuracy: right / 2 },
    };
    return { losses, trouble: troubleOf(losses), sample: this.sampleOf(generated) };
  }

  private sampleOf(generated: Float32Array): WindowSample {
    const { window } = this.params;
    const shown = Math.max(1, Math.min(this.channels, Math.floor(SAMPLE_VALUES / window)));
    const width = window * this.channels;
    const windowAt = (values: Float32Array, i: number): number[] => {
      const whole = outOfRange(values.slice(i * width, (i + 1) * width), this.range);
      const kept = Array.from(whole).filter((_, k) => k % this.channels < shown);
      return kept.map((value) => Math.round(1000 * value) / 1000);
    };
    // From all over the held-out windows: those next to each other are nearly the same.
    const windows = (values: Float32Array): number[][] =>
      [
        ...spread(
          Int32Array.from({ length: values.length / width }, (_, i) => i),
          SAMPLE_WINDOWS,
        ),
      ].map((i) => windowAt(values, i));
    return { channels: shown, generated: windows(generated), real: windows(this.real) };
  }
}

/** Signs that the training failed, in words; null for none. */
export function troubleOf({ spread: relative, generated }: Pick<Look['losses'], 'spread' | 'generated'>): string | null {
  if (relative < COLLAPSED_SPREAD)
    return `The generator collapsed: its windows vary ${relative.toPrecision(2)} times as much as the data.`;
  if (generated < HOPELESS_PROBABILITY)
    return `The discriminator is sure of every generated window (D(G(z)) ${generated.toPrecision(2)}): the generator learns nothing from it.`;
  return null;
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function share(values: Float32Array, holds: (value: number) => boolean): number {
  return values.filter(holds).length / values.length;
}

/** True for about `count` of the records of a training, the last one among them. */
export function keepsSample(record: EpochRecord['step'], every: number, steps: number, count = 12): boolean {
  const records = Math.ceil(steps / every);
  const stride = Math.ceil(records / count);
  return record === steps || (record % every === 0 && (record / every) % stride === 0);
}
