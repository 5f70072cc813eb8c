import type { ProjectSummary } from '../../../contract/types';

/** True when a run exists; its threshold may still be missing. */
export function isScored(project: ProjectSummary): boolean {
  return project.stages.some((stage) => stage.name === 'calibrate' && stage.state !== 'empty');
}
