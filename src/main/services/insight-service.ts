import type { Handlers } from '../../contract/methods';
import type { ServiceContext } from './context';
import type { Insights } from './insights';

export function insightService({ session }: ServiceContext, insights: Insights): Pick<Handlers, 'run.insight'> {
  return { 'run.insight': ({ runId }) => insights.of(session.current(), runId) };
}
