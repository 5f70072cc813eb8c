import type { Tensor } from '@tensorflow/tfjs';
import type { PreparedSeries, Segment } from '../../prepare/prepared';
import { randomFrom } from '../../random';
import { valuesOf } from '../../tensor/layers';
import type { RunContext, TensorFlow } from '../detector';
import { chunksOf, gatherWindows } from '../shared/windows';
import { invert } from './inversion';
import { drawLatent, latentShape } from './latent';
import { discriminate, swapAxes, type GanWeights } from './network';
import type { GanParams } from './params';
import { intoRange, outOfRange } from './range';
import { RowMeans, type RowLosses } from './row-means';

/** Windows searched at once, and turns of a block: each turn's windows start at the results of their neighbours in the turn before. */
const BATCH = 256;
const TURNS = 4;
/** The search starts at the same places for every model and run, so that a score follows from model and data alone. */
const START_SEED = 1;

/**
 * Ends of the windows that are read: every `stride` rows from the first one of each segment, and the last one of each, so that a segment
 * of at least a window's length is covered wholly. @param from - first row that a window may cover.
 */
export function scoredWindows(segments: readonly Segment[], length: number, stride: number, from = 0): Int32Array {
  const ends: number[] = [];
  for (const segment of segments) {
    const last = segment.end - 1;
    const first = Math.max(segment.start, from) + length - 1;
    if (first > last) continue;
    for (let row = first; row < last; row += stride) ends.push(row);
    ends.push(last);
  }
  return Int32Array.from(ends);
}

/** Trained networks at work on series; owns its weight tensors. */
export class Reader {
  private readonly generator: Tensor[];
  private readonly discriminator: Tensor[];

  constructor(
    private readonly tf: TensorFlow,
    private readonly fused: boolean,
    private readonly weights: GanWeights,
    private readonly channels: number,
    private readonly params: GanParams,
  ) {
    this.generator = weights.generator.tensors(tf);
    this.discriminator = weights.discriminator.tensors(tf);
  }

  /** Losses of the rows that the windows cover. Memory is bounded apart from the result. @param stage - name of the progress. */
  async read(data: PreparedSeries, ends: Int32Array, run: RunContext, stage = 'score'): Promise<RowLosses> {
    const { window } = this.params;
    const width = window * this.channels;
    const means = new RowMeans(this.params.mapping, data.timestamps.length, this.channels);
    let done = 0;
    for (const block of chunksOf(ends, BATCH * TURNS)) {
      let neighbours: Float32Array | null = null;
      const turns = Math.ceil(block.length / BATCH);
      for (let turn = 0; turn < turns; turn++) {
        await run.checkpoint();
        const own = block.filter((_, i) => i % turns === turn);
        const real = intoRange(gatherWindows(data, window, own), this.weights.range);
        const target = swapAxes(real, own.length, window);
        const { latent, windows }: { latent: Float32Array; windows: Float32Array } = invert(
          ...([
            this.tf,
            this.generator,
            target,
            this.channels,
            this.starts(own.length, neighbours),
            this.params,
            this.fused,
          ] as const),
        );
        neighbours = latent;
        const rebuilt = swapAxes(windows, window, own.length);
        const discrimination = this.discriminationOf(target, own.length);
        own.forEach((end, i) => {
          const at = i * width;
          means.add(
            end,
            real.subarray(at, at + width),
            rebuilt.subarray(at, at + width),
            discrimination.subarray(i * window, (i + 1) * window),
          );
        });
        run.report({ stage, done: (done += own.length), total: ends.length, unit: 'windows' });
      }
    }
    await run.checkpoint();
    const losses = means.finish();
    outOfRange(losses.expected, this.weights.range);
    return losses;
  }

  dispose(): void {
    this.tf.dispose([this.generator, this.discriminator]);
  }

  /** Starts [S·B, width]: the neighbours' results first where there are any, the others at random. */
  private starts(count: number, neighbours: Float32Array | null): Float32Array {
    const shape = latentShape(this.params);
    const starts = drawLatent(shape, count * this.params.starts, randomFrom(START_SEED));
    if (neighbours) starts.set(neighbours.subarray(0, count * shape.width));
    return starts;
  }

  /** −ln D(x) at each sample, [B, T], from windows [T, B, m]. */
  private discriminationOf(windows: Float32Array, count: number): Float32Array {
    const { tf, channels } = this;
    const steps = this.params.window;
    return valuesOf(tf, () => {
      const logits = discriminate(tf, this.discriminator, tf.tensor3d(windows, [steps, count, channels]), this.fused);
      // −ln sigmoid(l) = softplus(−l), finite for every logit.
      return tf.transpose(tf.softplus(tf.neg(logits)));
    });
  }
}
