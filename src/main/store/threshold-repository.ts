import { randomUUID } from 'node:crypto';
import { FaultlineError } from '../../core/errors';
import type { LabelSet } from '../../core/labels/label';
import type { Objective, ThresholdChoice } from '../../core/thresholds/threshold';
import type { Cell, Connection } from './connection';
import type { Events } from './event-repository';
import { asJson, asNumber, asNumberOrNull, asText, SealedTable } from './sealed-table';
import type { NewEvent, StoredEvent, StoredThreshold, ThresholdRepository } from './types';

const columns = [
  'id',
  'run_id',
  'value',
  'objective',
  'min_duration_ms',
  'merge_gap_ms',
  'origin',
  'achieved',
  'label_revision',
  'labels',
  'event_count',
  'created_at',
] as const;
type ThresholdRow = Record<(typeof columns)[number], Cell>;

/** What a choice has beside the columns, as JSON of the second table. */
const furtherKeys = ['hysteresis', 'deadTimeMs', 'modes', 'suppress', 'contract', 'calibratedOn'] as const;
type Further = Partial<Pick<ThresholdChoice, (typeof furtherKeys)[number]>>;

/** Thresholds; a new one never overwrites an older one, so that what was once signed off can be shown. */
export class Thresholds implements ThresholdRepository {
  private readonly table: SealedTable<(typeof columns)[number]>;
  private readonly further: SealedTable<'threshold_id' | 'rule'>;
  private readonly select;

  constructor(
    private readonly connection: Connection,
    private readonly events: Events,
    private readonly summarize: (threshold: StoredThreshold, eventCount: number) => void,
  ) {
    this.table = new SealedTable(connection, 'threshold', columns);
    this.further = new SealedTable(connection, 'threshold_rule', ['threshold_id', 'rule']);
    this.select = {
      further: this.further.select('WHERE threshold_id = ?'),
      newest: this.table.select('WHERE run_id = ? ORDER BY seq DESC LIMIT 1'),
      all: this.table.select('WHERE run_id = ? ORDER BY seq DESC'),
      byId: this.table.select('WHERE id = ?'),
    };
  }

  save(
    runId: string,
    choice: ThresholdChoice,
    labels: LabelSet,
    events: readonly NewEvent[],
  ): { readonly threshold: StoredThreshold; readonly events: readonly StoredEvent[] } {
    return this.connection.transaction(() => {
      const id = randomUUID();
      const row = {
        id,
        run_id: runId,
        value: choice.value,
        objective: JSON.stringify(choice.objective),
        min_duration_ms: choice.minDurationMs,
        merge_gap_ms: choice.mergeGapMs,
        origin: choice.from,
        achieved: choice.achieved,
        label_revision: labels.revision,
        labels: JSON.stringify(labels),
        event_count: events.length,
        created_at: this.connection.now(),
      };
      this.table.insert(row);
      const further = furtherOf(choice);
      if (Object.keys(further).length > 0) this.further.insert({ threshold_id: id, rule: JSON.stringify(further) });
      this.events.insert(id, runId, events);
      const threshold = this.stored(row);
      this.summarize(threshold, events.length);
      return { threshold, events: this.events.list(id) };
    });
  }

  current(runId: string): StoredThreshold | null {
    const [row] = this.select.newest(runId);
    return row ? this.stored(row) : null;
  }

  history(runId: string): readonly StoredThreshold[] {
    return this.select.all(runId).map((row) => this.stored(row));
  }

  labels(thresholdId: string): LabelSet {
    return asJson<LabelSet>(this.row(thresholdId).labels);
  }

  /** Number of events a threshold was kept with. */
  eventCount(thresholdId: string): number {
    return asNumber(this.row(thresholdId).event_count);
  }

  private row(thresholdId: string): ThresholdRow {
    const [row] = this.select.byId(thresholdId);
    if (!row) throw new FaultlineError('threshold/no-scores', 'This threshold is not in the project.', { thresholdId });
    return row;
  }

  private stored(row: ThresholdRow): StoredThreshold {
    const [further] = this.select.further(row.id);
    return {
      id: asText(row.id),
      runId: asText(row.run_id),
      value: asNumber(row.value),
      objective: asJson<Objective>(row.objective),
      minDurationMs: asNumber(row.min_duration_ms),
      mergeGapMs: asNumber(row.merge_gap_ms),
      from: asText(row.origin),
      achieved: asNumberOrNull(row.achieved),
      labelRevision: asNumber(row.label_revision),
      createdAt: asNumber(row.created_at),
      ...(further ? asJson<Further>(further.rule) : {}),
    };
  }
}

function furtherOf(choice: ThresholdChoice): Further {
  return Object.fromEntries(furtherKeys.filter((key) => choice[key] !== undefined).map((key) => [key, choice[key]]));
}
