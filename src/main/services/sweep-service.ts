import type { Handlers } from '../../contract/methods';
import type { ComputeClient } from '../compute/client';
import type { JobRunner } from '../jobs/manager';
import type { ServiceContext } from './context';

const notYet = (): never => {
  throw new Error('not built yet');
};

export function sweepService(context: ServiceContext): Pick<Handlers, 'sweep.start' | 'sweep.result'> {
  void context;
  return {
    'sweep.start': () => notYet(),
    'sweep.result': () => notYet(),
  };
}

export function sweepRunner(compute: ComputeClient): JobRunner {
  void compute;
  return () => notYet();
}
