import type { EngineStatus } from '../../contract/types';
import type { ComputeClient } from '../compute/client';

/** The engine as the compute process finds it; asked once, since it cannot change while Faultline runs. */
export interface EngineProbe {
  /** @throws FaultlineError 'engine/unavailable', 'compute/lost'; the next call tries again. */
  status(): Promise<{ readonly engine: EngineStatus; readonly duckdb: string }>;
}

export function createEngineProbe(queries: ComputeClient): EngineProbe {
  let known: ReturnType<EngineProbe['status']> | undefined;
  return {
    status() {
      known ??= queries.run('engine.status', {}).catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    },
  };
}
