import { computed, watch, type ComputedRef } from 'vue';
import type { LabelMark } from '../../charts/marks';
import { useLabelsStore } from '../../stores/labels';
import { useProjectStore } from '../../stores/project';

/** Labels of the shown dataset as marks for charts; reads them again whenever the dataset's labels changed elsewhere. */
export function useLabelMarks(): ComputedRef<readonly LabelMark[]> {
  const labels = useLabelsStore();
  const project = useProjectStore();
  watch(
    () => [project.dataset?.id, project.dataset?.labelRevision] as const,
    ([id, revision]) => {
      if (id && (labels.datasetId !== id || labels.set?.revision !== revision)) void labels.load(id);
    },
    { immediate: true },
  );
  return computed(() =>
    labels.labels.map((label) => ({
      id: label.id,
      name: labels.names.get(label.id) ?? '',
      start: label.start,
      end: label.end,
      class: label.class,
      comment: label.comment,
      channels: label.channels,
      selected: label.id === labels.selectedId,
    })),
  );
}
