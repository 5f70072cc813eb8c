import type { ComponentsInsight, ControlLimit, InsightRequest } from '../../insight/insight';
import type { PreparedSeries } from '../../prepare/prepared';
import type { RunContext } from '../detector';
import { CHUNK, type WindowShape } from '../shared/window-detector';
import { chunksOf, gatherWindows, spread, windowEnds } from '../shared/windows';
import { controlOf, Statistics, type Components, type Control } from './model';
import type { PcaParams } from '.';

/** Components whose loadings are shown: later ones say little that can be looked at. */
const MOST_COMPONENTS = 12;
/** Windows that are counted against the limits, evenly spaced where there are more. */
const MOST_WINDOWS = 20_000;

/** Loadings and limits of fitted components, and how often windows are above the limits. */
export async function componentsOf(
  components: Components,
  rows: number,
  { width, channels }: WindowShape,
  params: PcaParams,
  tags: readonly string[],
  { train, scored }: Pick<InsightRequest, 'train' | 'scored'>,
  run: Pick<RunContext, 'checkpoint'>,
): Promise<ComponentsInsight> {
  const control = controlOf(components, rows, params);
  const variances = Array.from(components.variances).slice(0, control.rank);
  const total = Array.from(components.variances).reduce((sum, value) => sum + value, 0) || 1;
  const statistics = new Statistics(components, control, 'combined');
  const count = (data: PreparedSeries) => countExceeded(statistics, control, data, params.window, run);
  const [training, all] = [await count(train), await count(scored)];
  const limit = (id: ControlLimit['id'], value: number, from: string): ControlLimit => ({
    ...{ id, value, from },
    training: { over: training[id], of: training.of },
    scored: { over: all[id], of: all.of },
  });
  return {
    ...{ kind: 'components', tags, window: width / channels, rows, kept: control.kept },
    explained: variances.map((value) => value / total),
    loadings: Array.from({ length: Math.min(control.kept, MOST_COMPONENTS) }, (_, i) =>
      largestPositive(components.vectors.subarray(i * width, (i + 1) * width)),
    ),
    confidence: params.confidence,
    limits: [
      limit('t2', control.t2Limit, 'F distribution, for a new row (Tracy, Young and Mason 1992)'),
      limit('q', control.qLimit, 'variances of the components left out (Jackson and Mudholkar 1979)'),
    ],
  };
}

/** A component and its negative are the same; this one has its largest loading positive, as in scikit-learn. */
function largestPositive(vector: Float32Array | Float64Array): number[] {
  let largest = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return Array.from(vector, (value) => (largest < 0 ? -value : value));
}

/** How many windows of a series are above each limit. */
async function countExceeded(
  statistics: Statistics,
  { t2Limit, qLimit }: Control,
  data: PreparedSeries,
  window: number,
  run: Pick<RunContext, 'checkpoint'>,
): Promise<{ readonly t2: number; readonly q: number; readonly of: number }> {
  const ends = spread(windowEnds(data.segments, window), MOST_WINDOWS);
  let [t2, q] = [0, 0];
  for (const part of chunksOf(ends, CHUNK)) {
    await run.checkpoint();
    const windows = gatherWindows(data, window, part);
    for (let row = 0; row < part.length; row++) {
      const found = statistics.of(windows, row);
      t2 += Number(found.t2 > t2Limit);
      q += Number(found.q > qLimit);
    }
  }
  return { t2, q, of: ends.length };
}
