import { computed, ref, type ComputedRef, type Ref } from 'vue';
import type { ScoreWindow, SeriesWindow } from '../../../contract/types';
import { modeLimits } from '../../../core/events/rows';
import type { ChannelInfo, DecimatedLine } from '../../../core/series/series';
import { modesOf } from '../../../core/thresholds/modes';
import { limitSpans } from '../../charts/mode-limits';
import { partMarks } from '../../charts/parts';
import { fixed } from '../../charts/readout';
import { highestOf, scoreAxis } from '../../charts/score-axis';
import type { DetectionMark, LabelMark, PartMark } from '../../charts/marks';
import type { Lane } from '../../charts/trend';
import type { TimeView } from '../../charts/useTimeRange';
import { signalLanes, useOverview, useScoreWindow, useSeriesWindow } from '../../charts/useTrendData';
import type { WindowData } from '../../charts/useWindow';
import { useProjectStore } from '../../stores/project';
import { useRunStore } from '../../stores/run';
import { useLabelMarks } from '../labels/useLabelMarks';

/** What the trends of results and events have in common: lanes with band, score, labels, detections and heat map. */
export interface ResultTrend {
  readonly pixels: Ref<number>;
  /** For the trend chart. */
  readonly drawn: ComputedRef<{
    readonly lanes: readonly Lane[];
    readonly labels: readonly LabelMark[];
    readonly detections: readonly DetectionMark[];
    readonly parts: readonly PartMark[];
    readonly channels: ReadonlyMap<string, ChannelInfo>;
    readonly threshold: number | null;
  }>;
  readonly overviewLine: ComputedRef<DecimatedLine | null>;
  /** Whether the run has a score that looks at later rows as well. */
  readonly hasReview: ComputedRef<boolean>;
  readonly series: WindowData<SeriesWindow>;
  readonly scores: WindowData<ScoreWindow>;
}

export interface ResultTrendOptions {
  readonly tags: Ref<readonly string[]>;
  /** Rows of the heat map; empty leaves it out. */
  readonly heat: Ref<readonly string[]>;
  readonly expected: Ref<boolean>;
  readonly laneHeight: Ref<number>;
  readonly heatRow: number;
  /** Rows that the review score looks ahead where it is drawn; null where it is not. */
  readonly reviewAhead?: Ref<number | null>;
}

export function useResultTrend(view: TimeView, options: ResultTrendOptions): ResultTrend {
  const project = useProjectStore();
  const runs = useRunStore();
  const pixels = ref(0);
  const datasetId = computed(() => project.dataset?.id ?? null);
  const runId = computed(() => runs.run?.id ?? null);
  const channels = computed(() => new Map(project.dataset?.channels.map((c) => [c.name, c])));
  const threshold = computed(() => runs.run?.threshold?.value ?? null);

  const series = useSeriesWindow(view, pixels, datasetId, options.tags);
  const asked = computed(() => [...new Set([...(options.expected.value ? options.tags.value : []), ...options.heat.value])]);
  const scores = useScoreWindow(view, pixels, runId, asked);
  const overview = useOverview(view, pixels, runId, datasetId, ref(null));

  const reviewAhead = computed(() => options.reviewAhead?.value ?? null);
  const review = computed(() => (reviewAhead.value === null ? null : overview.review.value));
  const axis = computed(() => {
    const highest = Math.max(highestOf(overview.line.value?.max), highestOf(review.value?.max));
    return scoreAxis(highest, threshold.value);
  });

  /** Thresholds of the modes over time, to the pixel: where a pixel holds several modes the one of the highest value is drawn. */
  const rule = computed(() => runs.run?.threshold ?? null);
  const modeTag = computed(() => (rule.value?.modes ? [rule.value.modes.channel] : []));
  const modeSeries = useSeriesWindow(view, pixels, datasetId, modeTag);
  const limits = computed(() => {
    const kept = rule.value;
    const line = modeSeries.value.value?.lines.find((l) => l.channel === kept?.modes?.channel)?.line;
    if (!kept?.modes || !line) return null;
    const of = modeLimits(kept);
    const modes = modesOf(line.time, line.time, line.max, kept.modes);
    return limitSpans(line.time, modes, (mode) => of[mode]!, view.stepMs.value);
  });

  const lanes = computed<readonly Lane[]>(() => {
    const window = scores.value.value;
    const bands = options.expected.value ? window : null;
    const height = options.laneHeight.value;
    const heat = options.heat.value;
    return [
      ...signalLanes(options.tags.value, series.value.value, bands, channels.value, view.range.value, height),
      {
        kind: 'score',
        key: '(score)',
        // Two readings need more room than one.
        height: Math.max(review.value ? 84 : 50, Math.min(140, height)),
        line: window?.score ?? null,
        ...(reviewAhead.value !== null && review.value
          ? { review: { line: window?.review ?? null, ahead: reviewAhead.value } }
          : {}),
        ...axis.value,
        ...(limits.value ? { limits: limits.value } : {}),
      },
      { kind: 'labels', key: '(labels)', height: 20 },
      { kind: 'detections', key: '(detections)', height: 22 },
      { kind: 'split', key: '(split)', height: 20 },
      ...(heat.length
        ? [
            {
              kind: 'heat' as const,
              key: '(heat)',
              height: Math.max(40, heat.length * options.heatRow),
              rows: heat,
              contribution: window?.contribution ?? null,
              score: window?.score ?? null,
            },
          ]
        : []),
    ];
  });

  const detections = computed<readonly DetectionMark[]>(() => [
    ...runs.events.map((e) => ({
      id: e.id,
      name: e.name,
      start: e.start,
      end: e.end,
      text: `${e.name}  peak ${fixed(e.peakScore, 2)}`,
      selected: e.id === runs.selectedEventId,
    })),
    ...(runs.result?.hidden ?? []).map((e) => ({
      id: `hidden:${e.start}`,
      name: '',
      start: e.start,
      end: e.end,
      text: e.by === 'dead-time' ? 'hidden: dead time' : `hidden: ${e.reason}`,
      selected: false,
      hidden: true,
    })),
  ]);

  const labels = useLabelMarks();

  return {
    pixels,
    drawn: computed(() => ({
      lanes: lanes.value,
      labels: labels.value,
      detections: detections.value,
      parts: runs.model ? partMarks(runs.model.split, view.bounds.value) : [],
      channels: channels.value,
      threshold: threshold.value,
    })),
    overviewLine: overview.line,
    hasReview: computed(() => overview.review.value !== null),
    series,
    scores,
  };
}
