import type { Handlers } from '../../contract/methods';
import type { ServiceContext } from './context';

const notYet = (): never => {
  throw new Error('not built yet');
};

export function refereeService(context: ServiceContext): Pick<Handlers, 'run.referee'> {
  void context;
  return {
    'run.referee': () => notYet(),
  };
}
