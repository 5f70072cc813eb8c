import type { PreparedSeries } from '../../prepare/prepared';
import type { Scores } from '../../scoring/scores';
import type { RunContext } from '../detector';
import { causalScore, sharesOverSpan, writeEnergyShares } from '../shared/aggregate';
import { coefficientsOf } from './coefficients';
import { ArmaFilter } from './kalman';
import type { Model } from './model';
import { settleRows, spanOf, type ArmaParams } from './params';

/** Rows between two looks at whether to stop. */
const BLOCK = 8192;

/** What the filters of all tags say about each row. */
export interface Forecasts {
  /** [n, c] forecast error in units of its standard deviation under the model with Var e = 1; NaN before a segment has settled. */
  readonly errors: Float32Array;
  /** [n, c] expected value, scaled units; NaN there too. */
  readonly expected: Float32Array;
}

type Coefficients = Pick<Model, 'params' | 'ar' | 'ma' | 'mean'>;

/** One-step forecasts of every row; the filters start anew in each segment. */
export async function forecastRows(model: Coefficients, data: PreparedSeries, run: RunContext): Promise<Forecasts> {
  const c = data.channels.length;
  const errors = new Float32Array(data.values.length).fill(Number.NaN);
  const expected = new Float32Array(data.values.length).fill(Number.NaN);
  const filters = data.channels.map((_, j) => filterOf(model, j));
  for (const { start, end } of data.segments) {
    filters.forEach((filter) => filter.restart());
    const known = start + settleRows(model.params);
    for (let from = start + model.params.differences; from < end; from += BLOCK) {
      await run.checkpoint();
      const to = Math.min(end, from + BLOCK);
      filters.forEach((filter, j) => forecastTag(filter, j, { from, to, known }, model, data, { errors, expected }));
    }
  }
  return { errors, expected };

  function forecastTag(
    filter: ArmaFilter,
    j: number,
    rows: { readonly from: number; readonly to: number; readonly known: number },
    { mean, params }: Coefficients,
    { values }: PreparedSeries,
    into: Forecasts,
  ): void {
    for (let row = rows.from, at = row * c + j; row < rows.to; row++, at += c) {
      const level = mean[j]! + (params.differences === 1 ? values[at - c]! : 0);
      const deviation = Math.sqrt(filter.variance);
      const forecast = level + filter.forecast;
      const error = filter.update(values[at]! - level);
      if (row < rows.known) continue;
      into.expected[at] = forecast;
      into.errors[at] = error / deviation;
    }
  }
}

function filterOf({ params: { p, q }, ar, ma }: Coefficients, j: number): ArmaFilter {
  return new ArmaFilter(coefficientsOf(ar.subarray(j * p, (j + 1) * p), ma.subarray(j * q, (j + 1) * q)));
}

/** Scores from forecast errors in units of `scale` [c]. */
export function scoresOf(
  { errors }: Forecasts,
  scale: Float32Array,
  params: ArmaParams,
  data: PreparedSeries,
): Required<Pick<Scores, 'score' | 'byChannel'>> {
  const c = data.channels.length;
  const n = data.timestamps.length;
  const points = new Float64Array(n).fill(Number.NaN);
  const shares = new Float32Array(n * c).fill(Number.NaN);
  const energy = new Float64Array(c);
  for (let row = 0; row < n; row++) {
    if (Number.isNaN(errors[row * c]!)) continue;
    let [largest, squares] = [0, 0];
    for (let j = 0; j < c; j++) {
      const z = Math.abs(errors[row * c + j]!) / scale[j]!;
      energy[j] = z * z;
      largest = Math.max(largest, z);
      squares += z * z;
    }
    points[row] = params.combine === 'max' ? largest : Math.sqrt(squares / c);
    writeEnergyShares(energy, shares, row * c);
  }
  // The first point of a segment is at row `settle`, as if of a window of one row more.
  const window = settleRows(params) + 1;
  const reach = settleRows(params) + spanOf(params);
  const score = causalScore(points, data, window, reach);
  return { score, byChannel: sharesOverSpan(score, points, shares, c, window, reach) };
}
