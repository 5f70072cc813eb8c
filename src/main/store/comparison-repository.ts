import { randomUUID } from 'node:crypto';
import type { CompareMember } from '../../core/compare/comparison';
import { FaultlineError } from '../../core/errors';
import type { Cell, Connection } from './connection';
import { asJson, asNumber, asText, SealedTable } from './sealed-table';
import type { ComparisonRepository, StoredComparison } from './types';

const columns = ['id', 'name', 'members', 'common', 'created_at'] as const;
type ComparisonRow = Record<(typeof columns)[number], Cell>;

/** Comparisons that were kept: which runs, never their numbers, which follow from the runs. */
export class Comparisons implements ComparisonRepository {
  private readonly table: SealedTable<(typeof columns)[number]>;
  private readonly select;
  private readonly deleting;

  constructor(private readonly connection: Connection) {
    this.table = new SealedTable(connection, 'comparison', columns);
    this.select = { all: this.table.select('ORDER BY seq') };
    this.deleting = connection.prepare('DELETE FROM comparison WHERE id = ?');
  }

  save(name: string, members: readonly CompareMember[], common: boolean): StoredComparison {
    return this.connection.transaction(() => {
      const row = {
        id: randomUUID(),
        name,
        members: JSON.stringify(members),
        common: common ? 1 : 0,
        created_at: this.connection.now(),
      };
      this.table.insert(row);
      return stored(row);
    });
  }

  list(): readonly StoredComparison[] {
    return this.select.all().map(stored);
  }

  remove(comparisonId: string): void {
    this.connection.transaction(() => {
      if (this.deleting.run(comparisonId) === 0) {
        throw new FaultlineError('comparison/not-found', 'This comparison is not in the project.', { comparisonId });
      }
    });
  }
}

function stored(row: ComparisonRow): StoredComparison {
  return {
    id: asText(row.id),
    name: asText(row.name),
    members: asJson<readonly CompareMember[]>(row.members),
    common: asNumber(row.common) === 1,
    createdAt: asNumber(row.created_at),
  };
}
