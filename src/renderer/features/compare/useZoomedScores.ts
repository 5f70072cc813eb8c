import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import type { Comparison } from '../../../core/compare/comparison';
import type { DecimatedLine, TimeRange } from '../../../core/series/series';
import { api } from '../../host/api';
import { useCompareStore } from '../../stores/compare';
import { useProjectStore } from '../../stores/project';
import { useUiStore } from '../../stores/ui';
import { scaledLine } from './scaled-line';
import type { ScoreLine } from './score-chart';

const BUCKETS = 1600;

/**
 * Score lines for a zoomed time, read anew at its resolution. Runs of other projects, and those whose threshold depends on the mode or
 * is not above 0, keep the line of the comparison: its points are the highest of their time, so nothing false is drawn.
 */
export function useZoomedScores(
  scores: ComputedRef<Comparison['scores']>,
  zoom: Ref<TimeRange | null>,
): ComputedRef<readonly ScoreLine[]> {
  const project = useProjectStore();
  const compare = useCompareStore();
  const ui = useUiStore();
  const fine = shallowRef<ReadonlyMap<string, DecimatedLine>>(new Map());
  let turn = 0;

  async function read(range: TimeRange): Promise<void> {
    const mine = ++turn;
    const lines = new Map<string, DecimatedLine>();
    for (const { letter, runId } of scores.value) {
      const own = compare.members.some((m) => m.projectId === null && m.runId === runId);
      const threshold = project.state?.runs.find((r) => r.id === runId)?.threshold;
      if (!own || !threshold || threshold.modes || !(threshold.value > 0)) continue;
      const answer = await api.call('score.window', { runId, channels: [], ...range, buckets: BUCKETS });
      if (mine !== turn) return;
      lines.set(letter, scaledLine(answer.score, threshold.value));
    }
    fine.value = lines;
  }
  watch(
    [zoom, scores],
    ([range]) => {
      fine.value = new Map();
      if (range) read(range).catch(ui.fail);
      else turn += 1;
    },
    { immediate: true },
  );
  return computed(() => scores.value.map(({ letter, line }) => ({ letter, line: fine.value.get(letter) ?? line })));
}
