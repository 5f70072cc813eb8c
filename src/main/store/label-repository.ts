import { randomUUID } from 'node:crypto';
import { FaultlineError } from '../../core/errors';
import type { Label, LabelClass, LabelSet } from '../../core/labels/label';
import type { Cell, Connection } from './connection';
import { asJson, asNumber, asText, damaged, SealedTable } from './sealed-table';
import type { LabelChange, LabelOperation, LabelRepository } from './types';

const setColumns = ['dataset_id', 'revision', 'label_count'] as const;
const labelColumns = ['id', 'dataset_id', 'start_ms', 'end_ms', 'class', 'comment', 'channels', 'origin'] as const;
const operationColumns = ['dataset_id', 'revision', 'at', 'operation'] as const;
type LabelRow = Record<(typeof labelColumns)[number], Cell>;
type Operation = Pick<LabelOperation, 'added' | 'updated' | 'removed'>;

/** Revision and number of labels of each dataset. */
export class LabelSets {
  private readonly table: SealedTable<(typeof setColumns)[number]>;
  private readonly select;
  private readonly update;

  constructor(connection: Connection) {
    this.table = new SealedTable(connection, 'label_set', setColumns);
    this.select = this.table.select('WHERE dataset_id = ?');
    this.update = this.table.updater('dataset_id');
  }

  head(datasetId: string): { readonly revision: number; readonly count: number } {
    const [row] = this.select(datasetId);
    return row ? { revision: asNumber(row.revision), count: asNumber(row.label_count) } : { revision: 0, count: 0 };
  }

  set(datasetId: string, revision: number, count: number): void {
    const row = { dataset_id: datasetId, revision, label_count: count };
    if (!this.update(row)) this.table.insert(row);
  }
}

/** Labels with their whole history. */
export class Labels implements LabelRepository {
  private readonly labels: SealedTable<(typeof labelColumns)[number]>;
  private readonly operations: SealedTable<(typeof operationColumns)[number]>;
  private readonly select;
  private readonly selectOperations;
  private readonly update;
  private readonly deleting;

  constructor(
    private readonly connection: Connection,
    private readonly sets: LabelSets,
    private readonly requireDataset: (datasetId: string) => unknown,
  ) {
    this.labels = new SealedTable(connection, 'label', labelColumns);
    this.operations = new SealedTable(connection, 'label_operation', operationColumns);
    this.select = this.labels.select('WHERE dataset_id = ? ORDER BY start_ms, seq');
    this.selectOperations = this.operations.select('WHERE dataset_id = ? ORDER BY revision');
    this.update = this.labels.updater('id');
    this.deleting = connection.prepare('DELETE FROM label WHERE id = ?');
  }

  list(datasetId: string): LabelSet {
    this.requireDataset(datasetId);
    const { revision, count } = this.sets.head(datasetId);
    const labels = this.select(datasetId).map(labelOf);
    // A label that vanished must not pass for one that was never there.
    if (labels.length !== count) throw damaged(this.connection.file, 'label');
    return { datasetId, revision, labels };
  }

  apply(datasetId: string, change: LabelChange): LabelSet {
    return this.connection.transaction(() => {
      const before = this.list(datasetId);
      const known = new Map(before.labels.map((label) => [label.id, label]));
      const existing = (id: string): Label => {
        const label = known.get(id);
        if (!label) {
          throw new FaultlineError('label/not-found', 'A label of this change no longer exists, so nothing was changed.', { id });
        }
        return label;
      };
      const removed = (change.remove ?? []).map((id) => {
        const label = existing(id);
        known.delete(id);
        return label;
      });
      const updated = (change.update ?? []).map((next) => {
        const label = existing(next.id);
        const after = { ...next, origin: label.origin };
        known.set(after.id, after);
        return { before: label, after };
      });
      const added = (change.add ?? []).map((label): Label => ({ ...label, id: randomUUID(), origin: label.origin ?? 'user' }));
      if (removed.length + updated.length + added.length === 0) return before;

      for (const label of removed) this.deleting.run(label.id);
      for (const { after } of updated) this.update(rowOf(datasetId, checked(after)));
      for (const label of added) this.labels.insert(rowOf(datasetId, checked(label)));
      const revision = before.revision + 1;
      const operation: Operation = { added, updated, removed };
      this.operations.insert({
        dataset_id: datasetId,
        revision,
        at: this.connection.now(),
        operation: JSON.stringify(operation),
      });
      this.sets.set(datasetId, revision, known.size + added.length);
      return this.list(datasetId);
    });
  }

  history(datasetId: string): readonly LabelOperation[] {
    const { revision } = this.sets.head(datasetId);
    const operations = this.selectOperations(datasetId).map((row) => ({
      revision: asNumber(row.revision),
      at: asNumber(row.at),
      ...asJson<Operation>(row.operation),
    }));
    if (operations.length !== revision || operations.some((operation, i) => operation.revision !== i + 1)) {
      throw damaged(this.connection.file, 'label_operation');
    }
    return operations;
  }

  at(datasetId: string, revision: number): LabelSet {
    const now = this.list(datasetId);
    if (!Number.isInteger(revision) || revision < 0 || revision > now.revision) {
      throw new FaultlineError('label/not-found', `There are no labels of revision ${revision}; the newest is ${now.revision}.`, {
        revision,
      });
    }
    const labels = new Map(now.labels.map((label) => [label.id, label]));
    for (const operation of this.history(datasetId).slice(revision).reverse()) {
      for (const label of operation.added) labels.delete(label.id);
      for (const { before } of operation.updated) labels.set(before.id, before);
      for (const label of operation.removed) labels.set(label.id, label);
    }
    return { datasetId, revision, labels: [...labels.values()].sort((a, b) => a.start - b.start) };
  }
}

function checked(label: Label): Label {
  if (!Number.isFinite(label.start) || !Number.isFinite(label.end) || label.end < label.start) {
    throw new FaultlineError('labels/bad-interval', 'A label ends before it starts. Give its end a later time.', {
      start: String(label.start),
      end: String(label.end),
    });
  }
  return label;
}

function rowOf(datasetId: string, label: Label): LabelRow {
  return {
    id: label.id,
    dataset_id: datasetId,
    start_ms: label.start,
    end_ms: label.end,
    class: label.class,
    comment: label.comment,
    channels: JSON.stringify(label.channels),
    origin: label.origin,
  };
}

function labelOf(row: LabelRow): Label {
  return {
    id: asText(row.id),
    start: asNumber(row.start_ms),
    end: asNumber(row.end_ms),
    class: asText(row.class) as LabelClass,
    comment: asText(row.comment),
    channels: asJson<readonly string[]>(row.channels),
    origin: asText(row.origin),
  };
}
