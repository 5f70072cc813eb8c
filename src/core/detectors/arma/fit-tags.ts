import { FaultlineError } from '../../errors';
import type { PreparedSeries } from '../../prepare/prepared';
import type { RunContext } from '../detector';
import { onlyRows } from '../shared/held-out';
import { fitArma, fitByAic, type Fitted } from './fit';
import type { Model } from './model';
import { settleRows, spanOf, type ArmaParams } from './params';

/**
 * The last part of the training rows, at least one and a half spans, is not fitted: its forecast errors give the band and the scores of
 * normal rows.
 */
const HELD_OUT_SHARE = 0.2;
const HELD_OUT_SPANS = 1.5;
/** Rows for each coefficient, below which estimates mean nothing. */
const ROWS_PER_COEFFICIENT = 10;

/** One ARMA model a tag. */
export interface FittedTags {
  readonly coefficients: Pick<Model, 'params' | 'channels' | 'ar' | 'ma' | 'mean'>;
  readonly fits: readonly Fitted[];
  /** First row that was fitted and first that was kept out. */
  readonly fitFrom: number;
  readonly heldFrom: number;
}

/** @param what - that needs the rows, for the refusal. @throws FaultlineError 'detector/too-little-data' */
export async function fitTags(data: PreparedSeries, params: ArmaParams, what: string, run: RunContext): Promise<FittedTags> {
  const { fitFrom, heldFrom } = cut(data, params, what);
  const c = data.channels.length;
  const fitted = onlyRows(data, fitFrom, heldFrom);
  const fit = params.order === 'aic' ? fitByAic : fitArma;
  const fits: Fitted[] = [];
  for (let j = 0; j < c; j++) {
    fits.push(await fit(runsOf(fitted, j, params.differences), params, params.estimation, run.checkpoint));
    run.report({ stage: 'fit', done: j + 1, total: c, unit: 'tags' });
  }
  const coefficients = {
    params,
    channels: data.channels,
    ar: flatten(fits, params.p, ({ arPartial }) => arPartial),
    ma: flatten(fits, params.q, ({ maPartial }) => maPartial),
    mean: Float32Array.from(fits, ({ mean }) => mean),
  };
  return { coefficients, fits, fitFrom, heldFrom };
}

/** Rows that are fitted of so many. */
export function fittedRows(rows: number, params: ArmaParams): number {
  return Math.max(0, Math.min(params.fitRows, rows - heldOutRows(rows, params)));
}

/** The longest autoregression that so many training rows without a gap can be fitted to. */
export function highestOrder(rows: number): number {
  const fitted = Math.floor((1 - HELD_OUT_SHARE) * rows);
  return Math.max(0, Math.floor((fitted - 2 * ROWS_PER_COEFFICIENT) / (ROWS_PER_COEFFICIENT + 1)));
}

/** Leading rows of a segment without a score. */
export function warmUpOf(params: ArmaParams): number {
  return settleRows(params) + spanOf(params) - 1;
}

function heldOutRows(rows: number, params: ArmaParams): number {
  return Math.max(Math.ceil(HELD_OUT_SHARE * rows), Math.ceil(HELD_OUT_SPANS * spanOf(params)) + settleRows(params));
}

function cut(data: PreparedSeries, params: ArmaParams, what: string): { fitFrom: number; heldFrom: number } {
  const rows = data.timestamps.length;
  const heldFrom = rows - heldOutRows(rows, params);
  const fitFrom = Math.max(0, heldFrom - params.fitRows);
  const known = (from: number, to: number, lost: number): number =>
    onlyRows(data, from, to).segments.reduce((sum, { start, end }) => sum + Math.max(0, end - start - lost), 0);
  const [settle, lost] = [settleRows(params), warmUpOf(params)];
  const fitNeeded = ROWS_PER_COEFFICIENT * (params.p + params.q + 2) + settle;
  if (known(fitFrom, heldFrom, settle) < fitNeeded - settle || known(heldFrom, rows, lost) === 0) {
    const needed = Math.max(Math.ceil(fitNeeded / (1 - HELD_OUT_SHARE)) + 1, fitNeeded + heldOutRows(0, params));
    throw new FaultlineError(
      'detector/too-little-data',
      `The training period has ${rows} usable rows; ${what} needs at least ${needed}, and in its last part a run ` +
        `without a gap of more than ${lost} rows. Choose a longer period, a lower order or a shorter span.`,
      { rows, needed, gapFreeRows: lost + 1 },
    );
  }
  return { fitFrom, heldFrom };
}

/** Gap-free runs of w: the values of a tag, or their changes. */
function runsOf({ segments, channels, values }: PreparedSeries, j: number, differences: number): Float64Array[] {
  const value = (row: number): number => values[row * channels.length + j]!;
  return segments
    .filter(({ start, end }) => end - start > differences)
    .map(({ start, end }) =>
      Float64Array.from({ length: end - start - differences }, (_, i) =>
        differences === 0 ? value(start + i) : value(start + i + 1) - value(start + i),
      ),
    );
}

/** [c, width], zeros where the chosen order is lower. */
function flatten(fits: readonly Fitted[], width: number, get: (fit: Fitted) => Float64Array): Float32Array {
  const result = new Float32Array(fits.length * width);
  fits.forEach((fit, j) => result.set(get(fit), j * width));
  return result;
}
