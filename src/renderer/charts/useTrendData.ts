import { computed, type ComputedRef, type Ref } from 'vue';
import type { ScoreWindow, SeriesWindow } from '../../contract/types';
import type { ChannelInfo, DecimatedLine, TimeRange } from '../../core/series/series';
import { api } from '../host/api';
import { extent, valueLimits, withBand } from './envelope';
import type { SignalLane } from './trend';
import type { TimeView } from './useTimeRange';
import { useWindow, type WindowData } from './useWindow';

/** Lines of some tags for the shown time. */
export function useSeriesWindow(
  view: TimeView,
  pixels: Ref<number>,
  datasetId: Ref<string | null>,
  channels: Ref<readonly string[]>,
): WindowData<SeriesWindow> {
  const subject = computed(() =>
    datasetId.value && channels.value.length ? { datasetId: datasetId.value, channels: [...channels.value] } : null,
  );
  return useWindow(view.range, pixels, subject, (s, range, buckets) => api.call('dataset.window', { ...s, ...range, buckets }));
}

/** Score, expected band and contributions of a run for the shown time. */
export function useScoreWindow(
  view: TimeView,
  pixels: Ref<number>,
  runId: Ref<string | null>,
  channels: Ref<readonly string[]>,
): WindowData<ScoreWindow> {
  const subject = computed(() => (runId.value ? { runId: runId.value, channels: [...channels.value] } : null));
  return useWindow(view.range, pixels, subject, (s, range, buckets) => api.call('score.window', { ...s, ...range, buckets }));
}

/** The whole dataset for the overview: the score of a run, or one tag while there is no run. */
export function useOverview(
  view: TimeView,
  pixels: Ref<number>,
  runId: Ref<string | null>,
  datasetId: Ref<string | null>,
  channel: Ref<string | null>,
): {
  readonly line: ComputedRef<DecimatedLine | null>;
  /** The run's review score; null where it has none. */
  readonly review: ComputedRef<DecimatedLine | null>;
  readonly score: ComputedRef<boolean>;
} {
  const runSubject = computed(() => (runId.value ? { runId: runId.value, channels: [] } : null));
  const tagSubject = computed(() =>
    !runId.value && datasetId.value && channel.value ? { datasetId: datasetId.value, channels: [channel.value] } : null,
  );
  const run = useWindow(view.bounds, pixels, runSubject, (s, range, buckets) =>
    api.call('score.window', { ...s, ...range, buckets }),
  );
  const tag = useWindow(view.bounds, pixels, tagSubject, (s, range, buckets) =>
    api.call('dataset.window', { ...s, ...range, buckets }),
  );
  return {
    line: computed(() => (runId.value ? (run.value.value?.score ?? null) : (tag.value.value?.lines[0]?.line ?? null))),
    review: computed(() => (runId.value ? (run.value.value?.review ?? null) : null)),
    score: computed(() => runId.value !== null),
  };
}

/**
 * One lane for each tag. The value axis spans what is shown; while data are read, the tag's whole range stands in, so that the layout
 * never shifts.
 */
export function signalLanes(
  tags: readonly string[],
  window: SeriesWindow | null,
  scores: ScoreWindow | null,
  channels: ReadonlyMap<string, ChannelInfo>,
  range: TimeRange,
  height: number,
): readonly SignalLane[] {
  return tags.map((tag) => {
    const line = window?.lines.find((l) => l.channel === tag)?.line;
    const info = channels.get(tag);
    const band = scores?.expected.find((b) => b.channel === tag);
    const seen = line ? extent(line, range) : null;
    const [low, high] = seen ? withBand(seen, band, range) : [info?.stats.min ?? 0, info?.stats.max ?? 1];
    return {
      kind: 'signal',
      key: tag,
      height,
      channels: [tag],
      lines: line ? [{ channel: tag, line, step: info?.step ?? false }] : [],
      bands: band ? [band] : [],
      limits: valueLimits(low, high),
      damaged: window?.damaged.filter((d) => d.channel === tag) ?? [],
    };
  });
}

/** Height of a lane so that `count` of them fill the space, within what is readable. */
export function laneHeight(space: number, count: number, least = 44, most = 84): number {
  return Math.max(least, Math.min(most, Math.floor(space / Math.max(1, count))));
}
