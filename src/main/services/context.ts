import type { Topic, Topics } from '../../contract/topics';
import type { AppOptions } from '../app';
import type { ComputeClient } from '../compute/client';
import type { FileTokens } from '../files';
import type { JobManager } from '../jobs/manager';
import type { Log } from '../log';
import type { Session } from '../session';
import type { SettingsFile } from '../settings';

/** What every service may use. */
export interface ServiceContext {
  readonly options: AppOptions;
  readonly clock: () => number;
  readonly log: Log;
  readonly settings: SettingsFile;
  readonly files: FileTokens;
  readonly session: Session;
  readonly jobs: JobManager;
  /** For questions that a person waits for: previews, plans, estimates, evaluations. Jobs have a process of their own. */
  readonly queries: ComputeClient;
  readonly publish: <T extends Topic>(topic: T, event: Topics[T]) => void;
}
