import { FaultlineError } from '../../errors';
import type { Random } from '../../random';
import type { RunContext, TensorFlow } from '../detector';
import { causalScore } from '../shared/aggregate';
import { foldsOf } from '../shared/crossfit';
import { fitWhitening, Whitener } from '../shared/whitening';
import { concat, quantile, spread } from '../shared/windows';
import { spanOf } from './params';
import { forecastResiduals, piecesOf, reconstructionResiduals, rowsWithHistory, type Held } from './residuals';
import { MEMORY_SIZE, NEIGHBOUR, pointScore, Reader, type SharpReference, type Statistics } from './sharp';

/** Blocks of the cross-fit. */
const BLOCKS = 5;
/** Where rows are few, a fifth of them is missed in the memory: a limit from such scores is too high. */
const BLOCKS_WHEN_FEW = 20;
/** Values of a window beyond which inverting a covariance for each of so many blocks takes minutes. */
const WIDE = 512;

/** Windows that statistics are taken from, and values they may fill. */
const MAX_SAMPLE = 20_000;
const MAX_SAMPLE_VALUES = 8_000_000;

/** Residuals of evenly spaced normal windows. */
interface Sample {
  /** [S] rows at which they end. */
  readonly rows: Int32Array;
  /** [S, p·c] */
  readonly reconstructions: Float32Array;
  /** [S, p·c]; 0 where `known` is 0, empty for several channels. */
  readonly forecasts: Float32Array;
  /** [S] 1 where a forecast exists. */
  readonly known: Uint8Array;
}

/**
 * Fits the reference on normal rows and gives their cross-fitted causal scores: contiguous blocks, each read with the statistics and
 * the memory of the others, p·k rows free on both sides.
 *
 * Statistics and memory come from at most 20,000 evenly spaced windows, so that memory stays bounded for any number of rows.
 *
 * @param parts - normal windows, ascending over all parts, with the network that reads each; several when rows are few.
 * @throws FaultlineError 'detector/too-little-data' when a block leaves nothing to compare with.
 */
export async function fitSharp(
  tf: TensorFlow,
  parts: readonly Held[],
  run: RunContext,
): Promise<{ reference: SharpReference; normalScores: Float32Array }> {
  const { data, params } = parts[0]!.view;
  const single = data.channels.length === 1;
  const span = spanOf(params);
  const rows = concat(parts.map(({ ends }) => ends));
  const history = rowsWithHistory(data, params);
  const sample = await sampleOf(parts, rows.length, history, run);
  const everything = Int32Array.from(sample.rows, (_, i) => i);
  const fit = (use: Int32Array): Statistics => fitStatistics(tf, sample, use, run.random.fork('memory'));

  const a = new Float64Array(rows.length);
  const b = new Float64Array(rows.length);
  const few = parts.length > 1 && params.window * data.channels.length <= WIDE;
  for (const fold of foldsOf(rows, few ? BLOCKS_WHEN_FEW : BLOCKS, span)) {
    let at = fold.at;
    const others = everything.filter((i) => fold.usable(sample.rows[i]!));
    if (others.length < NEIGHBOUR) {
      throw new FaultlineError(
        'detector/too-little-data',
        `The normal rows are too few for held-out scores: a block of them and ${span} rows on both sides leave nothing to compare with. ` +
          'Choose a longer period, fewer or shorter windows, or normal residuals of all rows.',
        { rows: rows.length, needed: Math.ceil(4.5 * span) },
      );
    }
    await run.checkpoint();
    const reader = new Reader(tf, fit(others));
    try {
      for (const { view, ends } of piecesOf(parts, at, at + fold.own.length)) {
        await run.checkpoint();
        const read = reader.read(view, ends, history);
        a.set(read.a, at);
        b.set(read.b, at);
        at += ends.length;
      }
    } finally {
      reader.dispose();
    }
  }
  const scales = Float32Array.of(scaleOf(a), scaleOf(b.filter((value) => !Number.isNaN(value))));
  const points = new Float64Array(data.timestamps.length).fill(Number.NaN);
  rows.forEach((row, i) => (points[row] = pointScore(a[i]!, b[i]!, single, scales)));
  // A score never covers rows before the first normal window.
  const from = rows[0]! - params.window + 1;
  const segments = data.segments.map(({ start, end }) => ({ start: Math.max(start, from), end }));
  const normalScores = causalScore(points, { segments }, params.window, span).filter((score) => !Number.isNaN(score));
  await run.checkpoint();
  return { reference: { ...fit(everything), scales }, normalScores };
}

async function sampleOf(parts: readonly Held[], count: number, history: Uint8Array, run: RunContext): Promise<Sample> {
  const { data, params } = parts[0]!.view;
  const width = params.window * data.channels.length;
  const single = data.channels.length === 1;
  const most = Math.max(500, Math.min(MAX_SAMPLE, Math.floor(MAX_SAMPLE_VALUES / width)));
  const chosen = parts.map(({ view, ends }) => ({ view, ends: spread(ends, Math.floor((most * ends.length) / count)) }));
  const rows = count <= most ? concat(parts.map(({ ends }) => ends)) : concat(chosen.map(({ ends }) => ends));
  const sample: Sample = {
    rows,
    reconstructions: new Float32Array(rows.length * width),
    forecasts: new Float32Array(single ? rows.length * width : 0),
    known: Uint8Array.from(rows, (row) => (single ? history[row]! : 0)),
  };
  let from = 0;
  for (const { view, ends } of piecesOf(count <= most ? parts : chosen)) {
    await run.checkpoint();
    sample.reconstructions.set(reconstructionResiduals(view, ends), from * width);
    const known = ends.filter((_, i) => sample.known[from + i] === 1);
    if (known.length > 0) {
      const part = forecastResiduals(view, known);
      let at = 0;
      for (let i = from; i < from + ends.length; i++) {
        if (sample.known[i] === 0) continue;
        sample.forecasts.set(part.subarray(at * width, (at + 1) * width), i * width);
        at++;
      }
    }
    from += ends.length;
  }
  return sample;
}

/** Whitening and memories from some windows of the sample. */
function fitStatistics(tf: TensorFlow, sample: Sample, use: Int32Array, random: Random): Statistics {
  const width = sample.reconstructions.length / sample.rows.length;
  const whitening = fitWhitening(tf, sample.reconstructions, width, use);
  const order = random.permutation(use.length).map((i) => use[i]!);
  const draw = (from: Float32Array, candidates: Int32Array): Float32Array => {
    const chosen = candidates.slice(0, MEMORY_SIZE).sort();
    const values = new Float32Array(chosen.length * width);
    chosen.forEach((i, at) => values.set(from.subarray(i * width, (i + 1) * width), at * width));
    return values;
  };
  const whitener = new Whitener(tf, whitening);
  try {
    return {
      whitening,
      reconstructions: whitener.apply(draw(sample.reconstructions, order)),
      forecasts: draw(
        sample.forecasts,
        order.filter((i) => sample.known[i] === 1),
      ),
    };
  } finally {
    whitener.dispose();
  }
}

/** 95 % quantile of cross-fitted distances, kept above 0. */
function scaleOf(distances: Float64Array): number {
  // None: no row of this fold has a forecast, and the scale is not used.
  if (distances.length === 0) return 1;
  let sum = 0;
  for (const distance of distances) sum += distance;
  return quantile(distances, 0.95) + (0.001 * sum) / distances.length + 1e-6;
}
