import { ref, shallowRef } from 'vue';
import type { FeedbackPreview } from '../../../contract/types';
import type { FaultlineError } from '../../../core/errors';
import { useAsync } from '../../composables/useAsync';
import { api } from '../../host/api';
import { useProjectStore } from '../../stores/project';
import { useRunStore } from '../../stores/run';
import { asFaultline, useUiStore } from '../../stores/ui';
import { saveBody } from '../calibration/draft';

/** Reviewed events as labels of the calibration part: asks what would change, and does it as one act that undo takes back whole. */
export function useFeedback() {
  const project = useProjectStore();
  const runs = useRunStore();
  const ui = useUiStore();
  const preview = useAsync<FeedbackPreview, [string]>((runId) => api.call('calibration.feedback', { runId }));
  const busy = ref(false);
  const error = shallowRef<FaultlineError | null>(null);

  /** Adds the labels of the preview and keeps the threshold that they give. True when it was done. */
  async function apply({ labels, before, after }: FeedbackPreview): Promise<boolean> {
    const runId = runs.run?.id;
    const datasetId = project.dataset?.id;
    if (!runId || !datasetId || busy.value) return false;
    const next = after.threshold;
    const add = labels.map(({ start, end, class: name, comment }) => ({ start, end, class: name, comment, channels: [] }));
    let added: string[] = [];
    const forward = async (): Promise<void> => {
      const known = new Set((await api.call('label.list', { datasetId })).labels.map((label) => label.id));
      const saved = await api.call('label.save', { datasetId, add });
      added = saved.labels.map((label) => label.id).filter((id) => !known.has(id));
      if (next) await api.call('calibration.save', saveBody(next, runId));
      await project.load();
    };
    const back = async (): Promise<void> => {
      await api.call('label.save', { datasetId, remove: added });
      // The former threshold again, with the labels that it was kept with: the labels go first, so that it is not stale at once.
      if (next) await api.call('calibration.save', saveBody(before.threshold, runId));
      await project.load();
    };
    busy.value = true;
    try {
      await forward();
      error.value = null;
      ui.registerUndo({ title: 'use reviews for calibration', undo: back, redo: forward });
      return true;
    } catch (failure) {
      error.value = asFaultline(failure);
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { preview, busy, error, apply };
}
