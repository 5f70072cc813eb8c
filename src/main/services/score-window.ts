import type { ScoreWindow } from '../../contract/types';
import { unscale } from '../../core/prepare/scale';
import { decimate } from '../../core/series/decimate';
import { lowerBound } from '../../core/series/search';
import type { TimeRange } from '../../core/series/series';
import { usualGapMs } from '../../core/series/statistics';
import type { ProjectStore, StoredRun } from '../store';
import type { RunColumns, RunRows } from './run-columns';

/** Tags in the heat map when none are asked for: those with the largest share in the window. */
const HEAT_CHANNELS = 12;

/**
 * What the result chart draws of a run: score as minimum and maximum of each bucket, the expected band of the asked channels in their
 * unit, and the share of each channel weighted by score.
 *
 * @param channels - for band and heat map; the heat map shows the largest shares when empty.
 */
export function scoreWindow(
  store: ProjectStore,
  columns: RunColumns,
  runId: string,
  channels: readonly string[],
  range: TimeRange,
  buckets: number,
): ScoreWindow {
  const run = store.runs.get(runId);
  const rows = columns.rows(store, run, range);
  const { time, score } = rows;
  const review = rows.review();
  const groups = bucketsOf(time, range, buckets);
  const asked = channels.filter((channel) => run.channels.includes(channel));
  return {
    range,
    score: decimate(time, score, range, buckets),
    review: review ? decimate(time, review, range, buckets) : null,
    expected: asked.flatMap((channel) => expectedBand(store, run, channel, rows, groups)),
    contribution: contribution(run, asked, rows, groups),
  };
}

/** Rows of one point of a lane; none for a gap, which stays a gap. */
interface Bucket {
  readonly time: number;
  readonly from: number;
  readonly to: number;
}

/** Single rows where they fit, otherwise equal buckets of time; a point without rows where rows are far apart. */
function bucketsOf(time: Float64Array, range: TimeRange, buckets: number): readonly Bucket[] {
  const gapMs = usualGapMs(time);
  const width = (range.end - range.start) / buckets;
  const found: Bucket[] = [];
  for (let from = 0; from < time.length;) {
    const bucket = Math.floor((time[from]! - range.start) / width);
    const until = time.length <= buckets ? from + 1 : Math.max(from + 1, lowerBound(time, range.start + (bucket + 1) * width));
    let to = from + 1;
    while (to < until && time[to]! - time[to - 1]! <= gapMs) to++;
    const previous = from > 0 ? time[from - 1]! : time[from]!;
    if (time[from]! - previous > gapMs) found.push({ time: (previous + time[from]!) / 2, from, to: from });
    found.push({ time: time[from]!, from, to });
    from = to;
  }
  return found;
}

/** Smallest expectation of each bucket less, and largest plus, the half width; from scaled to the channel's unit. */
function expectedBand(
  store: ProjectStore,
  run: StoredRun,
  channel: string,
  rows: RunRows,
  groups: readonly Bucket[],
): ScoreWindow['expected'] {
  const expected = rows.expected(channel);
  if (!expected) return [];
  const { scaler, channels } = store.models.get(run.modelId).preparation;
  const scaledIndex = channels.indexOf(channel);
  const halfWidth = run.expectedHalfWidth?.[run.channels.indexOf(channel)] ?? NaN;
  const low = new Float32Array(groups.length);
  const high = new Float32Array(groups.length);
  groups.forEach(({ from, to }, index) => {
    const { least, most } = extremes(expected, from, to);
    low[index] = unscale(least - halfWidth, scaler, scaledIndex);
    high[index] = unscale(most + halfWidth, scaler, scaledIndex);
  });
  return [{ channel, time: timesOf(groups), low, high }];
}

/** Of the entries that are numbers; NaN when there is none, which the band then is too. */
function extremes(values: Float32Array, from: number, to: number): { readonly least: number; readonly most: number } {
  let least = NaN;
  let most = NaN;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value < least || Number.isNaN(least)) least = value;
    if (value > most || Number.isNaN(most)) most = value;
  }
  return { least, most };
}

function contribution(
  run: StoredRun,
  asked: readonly string[],
  rows: RunRows,
  groups: readonly Bucket[],
): ScoreWindow['contribution'] {
  const lanes = (asked.length > 0 ? asked : run.channels).flatMap((channel) => {
    const share = rows.share(channel);
    return share ? [{ channel, share: weightedShare(share, rows.score, groups) }] : [];
  });
  const shown =
    asked.length > 0
      ? lanes
      : lanes
          .map((lane) => ({ ...lane, sum: lane.share.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0) }))
          .sort((a, b) => b.sum - a.sum)
          .slice(0, HEAT_CHANNELS);
  const n = groups.length;
  const share = new Float32Array(shown.length * n);
  shown.forEach((lane, index) => share.set(lane.share, index * n));
  return { channels: shown.map((lane) => lane.channel), time: timesOf(groups), share };
}

/** [buckets] mean share weighted by score; NaN where no sample has a score. */
function weightedShare(share: Float32Array, score: Float32Array, groups: readonly Bucket[]): Float32Array {
  return Float32Array.from(groups, ({ from, to }) => {
    let sum = 0;
    let weight = 0;
    for (let i = from; i < to; i++) {
      const value = share[i]!;
      if (Number.isNaN(value) || Number.isNaN(score[i]!)) continue;
      // Scores may be zero or below; such a sample still counts, with the smallest weight.
      const w = Math.max(score[i]!, 1e-6);
      sum += w * value;
      weight += w;
    }
    return weight > 0 ? sum / weight : NaN;
  });
}

function timesOf(groups: readonly Bucket[]): Float64Array {
  return Float64Array.from(groups, (group) => group.time);
}
