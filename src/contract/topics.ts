import type { JobSummary, JobDetail } from './types';

/** What the application pushes. At most ten times a second for each job. */
export interface Topics {
  /** Any change of a job. */
  readonly job: JobSummary;
  /** New points of a training curve or lines of the log; arrive in order. */
  readonly 'job.detail': { readonly id: string; readonly history: JobDetail['history']; readonly log: JobDetail['log'] };
  /** The open project changed (import, label, model, threshold…): fetch `project.state` again. */
  readonly project: { readonly id: string; readonly savedAt: number };
}
export type Topic = keyof Topics;
export const topics = ['job', 'job.detail', 'project'] as const satisfies readonly Topic[];
