import type { Handlers } from '../../contract/methods';
import { FaultlineError } from '../../core/errors';
import type { ServiceContext } from './context';
import type { Evaluations } from './evaluations';

export function reportService(
  _context: ServiceContext,
  _evaluations: Evaluations,
): Pick<Handlers, 'report.preview' | 'report.export'> {
  const refuse = (): never => {
    throw new FaultlineError('report/unknown-format', 'Reports are not part of this build.');
  };
  return { 'report.preview': async () => refuse(), 'report.export': async () => refuse() };
}
