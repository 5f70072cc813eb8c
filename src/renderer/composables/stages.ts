import type { Stage, StageName } from '../../contract/types';

/** The stages in their order, as the rail names them. */
export const stageTitles: Readonly<Record<StageName, string>> = {
  import: 'Import',
  normal: 'Normal',
  model: 'Model',
  train: 'Train',
  calibrate: 'Calibrate',
  review: 'Review',
  report: 'Report',
};
export const stageNames = Object.keys(stageTitles) as readonly StageName[];

/** Address of a stage. */
export function stageRoute(name: StageName): string {
  return `/${name}`;
}

/** Where work goes on: the first stage that is not done; the review when all are. */
export function nextStage(stages: readonly Stage[]): StageName {
  const next = stages.find((stage) => stage.state !== 'done');
  if (!next) return 'review';
  // The report is the hand-over: who reopens a project wants to see its events first.
  return next.name === 'report' ? 'review' : next.name;
}
