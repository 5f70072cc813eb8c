import type { PreparedSeries } from '../../prepare/prepared';
import type { RunContext } from '../detector';
import type { Fold } from './crossfit';
import type { WindowReader } from './score-windows';
import { chunksOf, gatherWindows } from './windows';

/** Point scores of rows by fits that did not see their block. */
export interface HeldOutPoints {
  /** [n] NaN where no window ends. */
  readonly points: Float64Array;
  /** [n, c] for a method with an expectation. */
  readonly expected: Float32Array | undefined;
}

/** Blocks of windows, each read by a fit of its own. @param open - the reader of a fold's fit. */
export async function readBlocks(
  data: PreparedSeries,
  window: number,
  folds: readonly Fold[],
  open: (fold: number) => Promise<WindowReader>,
  run: RunContext,
): Promise<HeldOutPoints> {
  const points = new Float64Array(data.timestamps.length).fill(Number.NaN);
  const c = data.channels.length;
  let expected: Float32Array | undefined;
  const total = rowsOf(folds);
  let done = 0;
  for (const [number, fold] of folds.entries()) {
    await run.checkpoint();
    const reader = await open(number);
    try {
      for (const ends of chunksOf(fold.own, reader.chunk)) {
        await run.checkpoint();
        const reading = reader.read(gatherWindows(data, window, ends), true);
        if (reading.expected) expected ??= new Float32Array(data.values.length).fill(Number.NaN);
        ends.forEach((row, i) => {
          points[row] = reading.points[i]!;
          expected?.set(reading.expected!.subarray(i * c, (i + 1) * c), row * c);
        });
        run.report({ stage: 'held-out scores', done: (done += ends.length), total, unit: 'rows' });
      }
    } finally {
      reader.dispose();
    }
  }
  return { points, expected };
}

/** The same where every window is one of the sample, by what the fitter knows of them. @param points - of the windows of a fold. */
export async function pointsOfBlocks(
  data: PreparedSeries,
  folds: readonly Fold[],
  pointsOf: (fold: number) => Promise<Float64Array>,
  run: RunContext,
): Promise<HeldOutPoints> {
  const points = new Float64Array(data.timestamps.length).fill(Number.NaN);
  const total = rowsOf(folds);
  let done = 0;
  for (const [number, { own }] of folds.entries()) {
    await run.checkpoint();
    const found = await pointsOf(number);
    own.forEach((row, i) => (points[row] = found[i]!));
    run.report({ stage: 'held-out scores', done: (done += own.length), total, unit: 'rows' });
  }
  return { points, expected: undefined };
}

function rowsOf(folds: readonly Fold[]): number {
  return folds.reduce((sum, { own }) => sum + own.length, 0);
}
