import type { Handlers } from '../../contract/methods';
import type { ServiceContext } from './context';
import { checkResumable } from './training-service';

export function jobService(context: ServiceContext): Pick<Handlers, Extract<keyof Handlers, `job.${string}`>> {
  const { session, jobs } = context;
  return {
    'job.list': async () => jobs.list(session.current()),
    'job.detail': async ({ id }) => jobs.detail(session.current(), id),
    'job.cancel': async ({ id }) => {
      jobs.cancel(session.current(), id);
      return null;
    },
    'job.resume': async ({ id }) => {
      await checkResumable(context, id);
      return { jobId: jobs.resume(session.current(), id).id };
    },
  };
}
