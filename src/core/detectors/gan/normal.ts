import type { PreparedSeries, Segment } from '../../prepare/prepared';
import type { RunContext } from '../detector';
import { causalScore } from '../shared/aggregate';
import { quantile } from '../shared/windows';
import { scoredWindows, type Reader } from './dire';
import { lossOfRows } from './model';
import { spanOf, strideOf, type GanParams } from './params';
import type { RowLosses } from './row-means';

/** Most windows of the tail that are searched for the statistics of normal rows. */
const TAIL_WINDOWS = 4096;
/** Standard deviations below this share of the mean would let one part of the score drown the other. */
const SMALLEST_SCALE = 1e-6;

/** What the networks say of normal rows that no network was trained on. */
export interface NormalReading {
  readonly losses: RowLosses;
  /** Runs of rows that were read. */
  readonly segments: readonly Segment[];
  /** [2] standard deviations of residual and discrimination. */
  readonly scales: Float32Array;
  /** [c] 99 % quantile of |x − expected|. */
  readonly halfWidth: Float32Array;
}

/** Reads the tail of the training rows. */
export async function readNormal(
  reader: Reader,
  data: PreparedSeries,
  tailFrom: number,
  params: GanParams,
  run: RunContext,
): Promise<NormalReading> {
  const { window } = params;
  const ends = scoredWindows(data.segments, window, strideOf(params), tailFrom).slice(-TAIL_WINDOWS);
  const losses = await reader.read(data, ends, run, 'reference');
  const from = ends[0]! - window + 1;
  const segments = data.segments
    .map(({ start, end }) => ({ start: Math.max(start, from), end }))
    .filter(({ start, end }) => end > start);
  const rows = Int32Array.from(losses.residual.keys()).filter((row) => !Number.isNaN(losses.residual[row]!));
  const scales = Float32Array.of(deviation(losses.residual, rows), deviation(losses.discrimination, rows));
  return { losses, segments, scales, halfWidth: halfWidthOf(losses, data, rows) };
}

/** Scores of the rows that were read. */
export function normalScoresOf({ losses, segments, scales }: NormalReading, params: GanParams): Float32Array {
  const scores = causalScore(lossOfRows(losses, scales, params), { segments }, params.window, spanOf(params));
  return scores.filter((score) => !Number.isNaN(score));
}

function deviation(values: Float64Array, rows: Int32Array): number {
  let [sum, squares] = [0, 0];
  for (const row of rows) sum += values[row]!;
  const mean = sum / rows.length;
  for (const row of rows) squares += (values[row]! - mean) ** 2;
  return Math.max(Math.sqrt(squares / rows.length), SMALLEST_SCALE * Math.max(1, Math.abs(mean)));
}

/** 99 % quantile of |x − expected| of each channel, [c]. */
function halfWidthOf({ expected }: RowLosses, { values, channels }: PreparedSeries, rows: Int32Array): Float32Array {
  const c = channels.length;
  return Float32Array.from(channels, (_, j) =>
    quantile(
      Float64Array.from(rows, (row) => Math.abs(values[row * c + j]! - expected[row * c + j]!)),
      0.99,
    ),
  );
}
