import type { Handlers } from '../../contract/methods';
import type { ServiceContext } from './context';

const notYet = (): never => {
  throw new Error('not built yet');
};

export function compareService(
  context: ServiceContext,
): Pick<Handlers, 'compare.runs' | 'comparison.list' | 'comparison.save' | 'comparison.remove' | 'comparison.export'> {
  void context;
  return {
    'compare.runs': () => notYet(),
    'comparison.list': () => notYet(),
    'comparison.save': () => notYet(),
    'comparison.remove': () => notYet(),
    'comparison.export': () => notYet(),
  };
}
