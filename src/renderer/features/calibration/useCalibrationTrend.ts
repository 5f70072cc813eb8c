import { computed, ref, type Ref } from 'vue';
import { modeLimits } from '../../../core/events/rows';
import { decimate } from '../../../core/series/decimate';
import type { DetectionMark } from '../../charts/marks';
import { limitSpans } from '../../charts/mode-limits';
import type { Lane } from '../../charts/trend';
import type { TimeView } from '../../charts/useTimeRange';
import { ruleFor } from './consequences';
import type { Calibration } from './useCalibration';

/** The score lane of the calibration part with labels and detections, hidden ones hollow. */
export function useCalibrationTrend(c: Calibration, view: TimeView, selected: Ref<number | null>, scoreHeight: Ref<number>) {
  const pixels = ref(0);
  const line = computed(() =>
    c.part.value && pixels.value > 20
      ? decimate(c.part.value.timestamps, c.part.value.score, view.range.value, pixels.value)
      : null,
  );
  /** Thresholds of the modes over time, once the rows have them. */
  const limits = computed(() => {
    const [part, draft] = [c.part.value, c.draft.value];
    if (!part?.modes || !draft || !ruleFor(part, draft).modes) return null;
    const of = modeLimits(draft);
    return limitSpans(part.timestamps, part.modes.rows, (mode) => of[mode]!, view.stepMs.value);
  });
  const lanes = computed<readonly Lane[]>(() => [
    {
      kind: 'score',
      key: '(score)',
      height: scoreHeight.value,
      line: line.value,
      ...c.axis.value,
      ...(limits.value ? { limits: limits.value } : {}),
    },
    { kind: 'labels', key: '(labels)', height: 20 },
    { kind: 'detections', key: '(detections)', height: 22 },
  ]);
  const detections = computed<readonly DetectionMark[]>(() => {
    const { events = [], hidden = [] } = c.result.value ?? {};
    const mark = (e: { start: number; end: number; name: string }, text: string): DetectionMark => ({
      id: String(e.start),
      name: e.name,
      start: e.start,
      end: e.end,
      text,
      selected: e.start === selected.value,
    });
    return [
      ...events.map((e) => mark(e, e.name)),
      ...hidden.map((e) => ({ ...mark(e, `${e.name} ${e.by === 'dead-time' ? 'dead time' : e.reason}`), hidden: true })),
    ];
  });
  // Nothing of tags is drawn here.
  const channels = new Map<string, never>();
  return { pixels, lanes, detections, channels };
}
