import { useRouter } from 'vue-router';
import type { CompareEvent } from '../../../core/compare/comparison';
import { useTimeRange } from '../../charts/useTimeRange';
import { useCompareStore } from '../../stores/compare';
import { useProjectStore } from '../../stores/project';
import { useRunStore } from '../../stores/run';
import { FaultlineError } from '../../../core/errors';
import { useUiStore } from '../../stores/ui';
import type { EventCell } from './event-cells';

export interface OpenOnTrend {
  /** Shows the time of an event on the trend of the run whose cell was pressed. */
  event(event: CompareEvent, cell: EventCell): Promise<void>;
  /** Shows a run in Review. */
  run(runId: string): Promise<void>;
}

/** Ways from the comparison to a run's trend. A run of another project can only be seen where it is. */
export function useOpenOnTrend(): OpenOnTrend {
  const router = useRouter();
  const compare = useCompareStore();
  const project = useProjectStore();
  const runs = useRunStore();
  const ui = useUiStore();
  const view = useTimeRange();

  /** False, with the reason shown, when the run is not of this project. */
  function choose(runId: string): boolean {
    const run = project.state?.runs.find((r) => r.id === runId);
    const member = compare.members.find((m) => m.runId === runId);
    if (!run || (member && member.projectId !== null)) {
      const name = member?.projectId ? compare.others.get(member.projectId)?.name : undefined;
      ui.fail(
        new FaultlineError(
          'project/not-found',
          `This run belongs to ${name ? `"${name}"` : 'another project'}. Open that project to see it on its trend.`,
        ),
      );
      return false;
    }
    project.datasetId = run.datasetId;
    runs.chosenId = run.id;
    return true;
  }

  return {
    async event(event, cell) {
      if (!choose(cell.runId)) return;
      await router.push('/review');
      view.showAround(event.start, event.end);
      view.point(event.start);
      if (cell.eventId) runs.selectedEventId = cell.eventId;
    },
    async run(runId) {
      if (choose(runId)) await router.push('/review');
    },
  };
}
