import type { Handlers } from '../../contract/methods';
import type { ServiceContext } from './context';

const notYet = (): never => {
  throw new Error('not built yet');
};

export function ensembleService(context: ServiceContext): Pick<Handlers, 'ensemble.create'> {
  void context;
  return {
    'ensemble.create': () => notYet(),
  };
}
