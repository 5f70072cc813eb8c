import type { Tensor } from '@tensorflow/tfjs';
import { FaultlineError } from '../../errors';
import { valuesOf } from '../../tensor/layers';
import type { TensorFlow } from '../detector';
import { networkDetector, type Calibration, type Trained } from '../shared/network-detector';
import type { WindowReader } from '../shared/score-windows';
import { reachOfRows } from '../shared/window-params';
import { windowStage } from '../shared/window-stage';
import { chunksOf, gatherWindows, quantile, spread } from '../shared/windows';
import { graphOf } from './insight';
import { forecastByGraph, gdnSpecs } from './network';
import { objectiveOf } from './objective';
import { presets, propose, specs, type GdnParams } from './params';

/** Errors without which their median and spread say little. */
const LEAST_ERRORS = 20;
/** Of more held-out rows, evenly spaced ones say what errors are normal. */
const MOST_ERRORS = 20_000;
/** Values of the attention between all tags that training and scoring hold at once. */
const MOST_VALUES = 40_000_000;
const CHUNK_VALUES = 2_000_000;
/** Added to the spread of the errors, in scaled units: a tag that is forecast perfectly would divide by 0. */
const LEAST_SPREAD = 0.01;

/** Graph deviation network: each tag is forecast from the tags that behave alike. */
export const gdn = networkDetector<GdnParams>({
  info: {
    id: 'gdn',
    title: 'GDN (graph deviation network)',
    summary:
      'Learns which tags belong together and forecasts each from those; the tag that leaves its forecast furthest is the score. For ' +
      'plants with many tags: it names the tag and keeps the learned graph with the model.',
    whenItFails:
      'It judges single rows by the largest of all errors: a small fault in many tags at once stays unseen, and after a change of the ' +
      'operating mode every forecast is off. It needs several tags.',
    channels: 'multi',
    shows: 'the learned sensor graph',
    presets,
    source: 'Deng and Hooi 2021, Graph Neural Network-Based Anomaly Detection in Multivariate Time Series',
  },
  specs,
  propose,
  reach: reachOfRows,
  weights(params, channels) {
    requireRoom(params, channels);
    return gdnSpecs(params, channels);
  },
  stage: (tf, data, split, params, run) =>
    windowStage(tf, 'gdn', data, split, params, run.random, objectiveOf(tf, data.channels.length, params)),
  calibration: normalErrors(),
  open: (tf, _, trained) => openGdn(tf, trained),
  insight: ({ fitted, weights }, tags) => graphOf(tags, fitted['graph/attention']!, weights.views()[0]!),
  workspace: (params, c) =>
    4 * params.batch * c * (params.window + 6 * params.embedding + 3 * params.hidden + 4 * c) + 8 * CHUNK_VALUES,
});

/** The trained network: plain arrays in and out; owns its weight tensors. */
class GraphNetwork {
  private readonly weights: Tensor[];
  readonly chunk: number;

  constructor(
    private readonly tf: TensorFlow,
    private readonly trained: Pick<Trained<GdnParams>, 'params' | 'channels' | 'weights'>,
  ) {
    const { params, channels, weights } = trained;
    this.weights = weights.tensors(tf);
    const values = channels * (params.window + 4 * params.embedding + params.hidden + 3 * channels);
    this.chunk = Math.max(1, Math.floor(CHUNK_VALUES / values));
  }

  /** [B, p·N] to [B, N] */
  forecast(windows: Float32Array): Float32Array {
    return valuesOf(this.tf, () => this.run(windows).forecast);
  }

  /** Sum of the attention over windows, [N, N]. */
  attention(windows: Float32Array): Float32Array {
    return valuesOf(this.tf, () => this.tf.sum(this.run(windows).attention, 0));
  }

  private run(windows: Float32Array) {
    const { params, channels } = this.trained;
    const size = params.window * channels;
    return forecastByGraph(this.tf, this.weights, this.tf.tensor2d(windows, [windows.length / size, size]), channels, params);
  }

  dispose(): void {
    this.tf.dispose(this.weights);
  }
}

/** Last row of window `i` in channel `j`. */
const lastOf = (windows: Float32Array, size: number, c: number, i: number, j: number): number => windows[(i + 1) * size - c + j]!;

/** Median and interquartile range of each tag's absolute errors on rows that the network was not trained on, and the graph there. */
function normalErrors(): Calibration<GdnParams> {
  return {
    least: LEAST_ERRORS,
    arrays: (_, channels) => [
      { name: 'errors/median', shape: [channels] },
      { name: 'errors/spread', shape: [channels] },
      // The learned sensor graph: how much tag i (row) takes from tag j on average; 0 where there is no edge.
      { name: 'graph/attention', shape: [channels, channels] },
    ],
    async fit(tf, trained, data, ends, run) {
      const { channels: c, params } = trained;
      const size = params.window * c;
      const rows = spread(ends, MOST_ERRORS);
      const errors = Array.from({ length: c }, () => new Float64Array(rows.length));
      const attention = new Float64Array(c * c);
      const network = new GraphNetwork(tf, trained);
      try {
        let at = 0;
        for (const part of chunksOf(rows, network.chunk)) {
          await run.checkpoint();
          const windows = gatherWindows(data, params.window, part);
          const forecast = network.forecast(windows);
          errors.forEach((own, j) =>
            part.forEach((_, i) => (own[at + i] = Math.abs(lastOf(windows, size, c, i, j) - forecast[i * c + j]!))),
          );
          network.attention(windows).forEach((sum, k) => (attention[k]! += sum / rows.length));
          at += part.length;
        }
      } finally {
        network.dispose();
      }
      return {
        'errors/median': Float32Array.from(errors, (own) => quantile(own, 0.5)),
        'errors/spread': Float32Array.from(errors, (own) => quantile(own, 0.75) - quantile(own, 0.25)),
        'graph/attention': Float32Array.from(attention),
      };
    },
  };
}

/**
 * Score of a row: the largest deviation of all tags, (|x − x̂| − median) / (interquartile range + 0.01) of the tag's normal errors; errors
 * below their median count as 0. A channel's part is its own deviation squared, and what was expected of a row is its forecast.
 *
 * @see Deng and Hooi 2021, Eq. 11 to 13.
 */
function openGdn(tf: TensorFlow, trained: Trained<GdnParams>): WindowReader {
  const { params, channels: c, fitted } = trained;
  const size = params.window * c;
  const [median, spreads] = [fitted['errors/median']!, fitted['errors/spread']!];
  const network = new GraphNetwork(tf, trained);
  return {
    chunk: network.chunk,
    read(windows) {
      const expected = network.forecast(windows);
      const points = new Float64Array(windows.length / size);
      const energy = new Float64Array(expected.length);
      for (let at = 0; at < expected.length; at++) {
        const [i, j] = [Math.floor(at / c), at % c];
        const error = Math.abs(lastOf(windows, size, c, i, j) - expected[at]!);
        const deviation = Math.max(0, (error - median[j]!) / (spreads[j]! + LEAST_SPREAD));
        points[i] = Math.max(points[i]!, deviation);
        energy[at] = deviation ** 2;
      }
      return { points, energy, expected };
    },
    dispose: () => network.dispose(),
  };
}

function requireRoom({ batch }: GdnParams, channels: number): void {
  if (batch * channels ** 2 <= MOST_VALUES) return;
  const most = Math.floor(Math.sqrt(MOST_VALUES / batch));
  throw new FaultlineError(
    'detector/bad-params',
    `GDN compares all ${channels} tags with each other for each of ${batch} windows of a batch: more than fits in memory. Choose at most ` +
      `${most} tags, or a batch of at most ${Math.max(1, Math.floor(MOST_VALUES / channels ** 2))} windows.`,
    { channels, batch, most },
  );
}
