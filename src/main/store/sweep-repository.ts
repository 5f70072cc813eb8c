import type { SweepTrial } from '../../core/sweep/sweep';
import type { Connection } from './connection';
import { asJson, SealedTable } from './sealed-table';
import type { SweepRepository } from './types';

const columns = ['job_id', 'trial'] as const;

/** Trials of sweeps, each on disk before the next begins. */
export class Sweeps implements SweepRepository {
  private readonly table: SealedTable<(typeof columns)[number]>;
  private readonly select;

  constructor(private readonly connection: Connection) {
    this.table = new SealedTable(connection, 'sweep_trial', columns);
    this.select = this.table.select('WHERE job_id = ? ORDER BY seq');
  }

  append(jobId: string, trial: SweepTrial): void {
    this.connection.transaction(() => this.table.insert({ job_id: jobId, trial: JSON.stringify(trial) }));
  }

  trials(jobId: string): readonly SweepTrial[] {
    return this.select(jobId).map((row) => asJson<SweepTrial>(row.trial));
  }
}
