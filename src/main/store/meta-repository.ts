import type { Connection } from './connection';
import { asText, SealedTable } from './sealed-table';
import type { ContractFact, StageFact } from './types';

/** Single facts about the project. Every value is JSON text. */
export interface MetaValues {
  readonly id: string;
  readonly name: string;
  readonly sample: boolean;
  readonly createdAt: number;
  readonly savedAt: number;
  readonly stages: readonly StageFact[];
  readonly lastResult: string;
  /** Id of the threshold whose result was last handed over as a report. */
  readonly reported: string;
  readonly scoreStrip: readonly number[];
  /** By id of a kept threshold. */
  readonly contractFacts: Readonly<Record<string, ContractFact>>;
}

export class Meta {
  private readonly table: SealedTable<'key' | 'value'>;
  private readonly select;
  private readonly update;

  constructor(connection: Connection) {
    this.table = new SealedTable(connection, 'meta', ['key', 'value']);
    this.select = this.table.select('WHERE key = ?');
    this.update = this.table.updater('key');
  }

  get<K extends keyof MetaValues>(key: K, otherwise: MetaValues[K]): MetaValues[K] {
    const [row] = this.select(key);
    return row ? (JSON.parse(asText(row.value)) as MetaValues[K]) : otherwise;
  }

  /** Inside a transaction. */
  set<K extends keyof MetaValues>(key: K, value: MetaValues[K]): void {
    const row = { key, value: JSON.stringify(value) };
    if (!this.update(row)) this.table.insert(row);
  }
}
