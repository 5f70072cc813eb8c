import type { Handlers } from '../../contract/methods';
import type { ServiceContext } from './context';
import type { Referees } from './referees';

export function refereeService({ session }: ServiceContext, referees: Referees): Pick<Handlers, 'run.referee'> {
  return { 'run.referee': ({ runId }) => referees.of(session.current(), runId) };
}
