import type { PreparedSeries } from '../../prepare/prepared';
import type { RunContext } from '../detector';
import { chunksOf, gatherWindows, quantile, windowEnds } from '../shared/windows';
import type { Network } from './network';
import { spanOf, type HregParams } from './params';
import { gatherCodes } from './stages';

/** Windows worked on at once: bounds the memory of scoring whatever the length of the series. */
export const CHUNK = 1024;

/** A series seen by a trained network. */
export interface View {
  readonly network: Network;
  readonly data: PreparedSeries;
  readonly params: HregParams;
  /** [n, Q] code of the window that ends at each row; 0 where there is none. */
  readonly codes: Float32Array;
}

/** Encodes every rolling window once. */
export async function encodeSeries(network: Network, data: PreparedSeries, params: HregParams, run: RunContext): Promise<View> {
  const q = params.latent;
  const codes = new Float32Array(data.timestamps.length * q);
  for (const ends of chunksOf(windowEnds(data.segments, params.window), CHUNK)) {
    await run.checkpoint();
    const part = network.encode(gatherWindows(data, params.window, ends));
    ends.forEach((row, i) => codes.set(part.subarray(i * q, (i + 1) * q), row * q));
  }
  return { network, data, params, codes };
}

/** Window minus its reconstruction, w_t − decoder(e_t): [B, p·c]. */
export function reconstructionResiduals({ network, data, params, codes }: View, ends: Int32Array): Float32Array {
  const q = params.latent;
  const own = new Float32Array(ends.length * q);
  ends.forEach((row, i) => own.set(codes.subarray(row * q, (row + 1) * q), i * q));
  return subtract(gatherWindows(data, params.window, ends), network.decode(own));
}

/** Window minus its forecast, w_t − decoder(ê_t), for rows with p·k rows behind them: [B, p·c]. */
export function forecastResiduals({ network, data, params, codes }: View, ends: Int32Array): Float32Array {
  const last = network.forecast(gatherCodes(codes, ends, params, 1), params.windows - 1, 1);
  return subtract(gatherWindows(data, params.window, ends), network.decode(last));
}

function subtract(windows: Float32Array, from: Float32Array): Float32Array {
  for (let i = 0; i < windows.length; i++) windows[i] = windows[i]! - from[i]!;
  return windows;
}

/** Whether p·k rows of the same segment end at each row: 1 or 0, [n]. */
export function rowsWithHistory(data: PreparedSeries, params: HregParams): Uint8Array {
  const has = new Uint8Array(data.timestamps.length);
  for (const { start, end } of data.segments) {
    if (end - start >= spanOf(params)) has.fill(1, start + spanOf(params) - 1, end);
  }
  return has;
}

/** Writes the reconstruction of each window's last row into `expected` ([n, c]). */
export function writeExpected({ data, params }: View, ends: Int32Array, residuals: Float32Array, expected: Float32Array): void {
  const c = data.channels.length;
  const size = params.window * c;
  ends.forEach((row, i) => {
    for (let j = 0; j < c; j++) expected[row * c + j] = data.values[row * c + j]! - residuals[(i + 1) * size - c + j]!;
  });
}

/** Normal windows and the network that reads them. */
export interface Held {
  readonly view: View;
  /** Rows at which they end, ascending. */
  readonly ends: Int32Array;
}

/** Windows `from`..`to` of all parts in a row, in pieces of bounded size. */
export function* piecesOf(parts: readonly Held[], from = 0, to = Number.POSITIVE_INFINITY): Generator<Held> {
  let before = 0;
  for (const { view, ends } of parts) {
    const own = ends.subarray(Math.max(0, from - before), Math.max(0, to - before));
    for (const piece of chunksOf(own, CHUNK)) yield { view, ends: piece };
    before += ends.length;
  }
}

/** Half width of the expected band: 99 % quantile of |residual| of each channel at rows that no network was trained on, [c]. */
export async function expectedHalfWidth(parts: readonly Held[], run: RunContext): Promise<Float32Array> {
  const { data, params } = parts[0]!.view;
  const c = data.channels.length;
  const size = params.window * c;
  const count = parts.reduce((sum, { ends }) => sum + ends.length, 0);
  const deviations = Array.from({ length: c }, () => new Float64Array(count));
  let at = 0;
  for (const { view, ends } of piecesOf(parts)) {
    await run.checkpoint();
    const residuals = reconstructionResiduals(view, ends);
    for (let i = 0; i < ends.length; i++, at++) {
      for (let j = 0; j < c; j++) deviations[j]![at] = Math.abs(residuals[(i + 1) * size - c + j]!);
    }
  }
  return Float32Array.from(deviations, (values) => quantile(values, 0.99));
}
