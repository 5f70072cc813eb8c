import { randomUUID } from 'node:crypto';
import { FaultlineError } from '../../core/errors';
import type { ImportReport, Recipe } from '../../core/ingest/recipe';
import type { ChannelInfo, ChannelStats } from '../../core/series/series';
import type { Cell, Connection } from './connection';
import { DatasetWriter, rowsPerChunk } from './dataset-writer';
import type { LabelSets } from './label-repository';
import { asJson, asNumber, asText, damaged, SealedTable } from './sealed-table';
import type { DatasetRepository, NewDataset, RowBatch, StoredDataset } from './types';

const datasetColumns = [
  'id',
  'state',
  'name',
  'source_name',
  'sha256',
  'bytes',
  'row_count',
  'start_ms',
  'end_ms',
  'step_ms',
  'chunk_rows',
  'channel_count',
  'recipe',
  'report',
  'created_at',
] as const;
type DatasetRow = Record<(typeof datasetColumns)[number], Cell>;

const channelColumns = ['id', 'dataset_id', 'position', 'name', 'unit', 'description', 'step', 'stats'] as const;
type ChannelRow = Record<(typeof channelColumns)[number], Cell>;

const noStats: ChannelStats = { count: 0, missing: 0, bad: 0, min: null, max: null, mean: null, std: null, distinct: 0 };

/** What the reader of samples needs to know about a dataset; does not change once it is finished. */
export interface DatasetLayout {
  readonly id: string;
  readonly rows: number;
  readonly chunkRows: number;
  /** Names in order of their position. */
  readonly channels: readonly string[];
}

/** Datasets of a project and the way in for new ones. */
export class Datasets implements DatasetRepository {
  private readonly datasets: SealedTable<(typeof datasetColumns)[number]>;
  private readonly channels: SealedTable<(typeof channelColumns)[number]>;
  private readonly writers = new Map<string, DatasetWriter>();
  private readonly layouts = new Map<string, DatasetLayout>();
  private readonly select;
  private readonly update;
  private readonly selectChannels;
  private readonly updateChannelRow;
  private readonly deleting;
  private readonly users;

  constructor(
    private readonly connection: Connection,
    private readonly labelSets: LabelSets,
  ) {
    connection.onRollback(() => this.layouts.clear());
    this.datasets = new SealedTable(connection, 'dataset', datasetColumns);
    this.channels = new SealedTable(connection, 'channel', channelColumns);
    this.select = {
      ready: this.datasets.select("WHERE state = 'ready' ORDER BY seq"),
      unfinished: this.datasets.select("WHERE state = 'importing' ORDER BY seq"),
      byId: this.datasets.select('WHERE id = ?'),
      byHash: this.datasets.select("WHERE sha256 = ? AND state = 'ready' ORDER BY seq"),
    };
    this.update = this.datasets.updater('id');
    this.selectChannels = this.channels.select('WHERE dataset_id = ? ORDER BY position');
    this.updateChannelRow = this.channels.updater('id');
    this.deleting = connection.prepare('DELETE FROM dataset WHERE id = ?');
    this.users = connection.prepare(
      'SELECT title FROM run WHERE dataset_id = ? UNION ALL SELECT name FROM model WHERE dataset_id = ? LIMIT 5',
    );
  }

  list(): readonly StoredDataset[] {
    return this.select.ready().map((row) => this.stored(row));
  }

  get(datasetId: string): StoredDataset {
    return this.stored(this.ready(datasetId));
  }

  recipe(datasetId: string): Recipe {
    return asJson<Recipe>(this.ready(datasetId).recipe);
  }

  findByHash(sha256: string): readonly StoredDataset[] {
    return this.select.byHash(sha256).map((row) => this.stored(row));
  }

  /** @throws FaultlineError 'dataset/not-found' */
  layout(datasetId: string): DatasetLayout {
    const known = this.layouts.get(datasetId);
    if (known) return known;
    const row = this.ready(datasetId);
    const layout: DatasetLayout = {
      id: datasetId,
      rows: asNumber(row.row_count),
      chunkRows: asNumber(row.chunk_rows),
      channels: this.channelRows(row).map((channel) => asText(channel.name)),
    };
    this.layouts.set(datasetId, layout);
    return layout;
  }

  updateChannel(
    datasetId: string,
    channel: string,
    change: { readonly unit?: string | undefined; readonly description?: string | undefined; readonly step?: boolean | undefined },
  ): StoredDataset {
    return this.connection.transaction(() => {
      const row = this.channelRows(this.ready(datasetId)).find((candidate) => candidate.name === channel);
      if (!row) throw noChannel(channel);
      this.updateChannelRow({
        ...row,
        unit: change.unit ?? row.unit,
        description: change.description ?? row.description,
        step: change.step === undefined ? row.step : Number(change.step),
      });
      return this.get(datasetId);
    });
  }

  remove(datasetId: string): void {
    this.connection.transaction(() => {
      const name = asText(this.ready(datasetId).name);
      const users = this.users.all(datasetId, datasetId).map((row) => asText(row['title']));
      if (users.length > 0) {
        throw new FaultlineError(
          'dataset/in-use',
          `"${name}" cannot be removed: ${users.join(', ')} came from it, and a result must keep the data it was made from.`,
          { datasetId, users },
        );
      }
      this.deleting.run(datasetId);
    });
    this.layouts.delete(datasetId);
  }

  beginDataset(info: NewDataset): string {
    const id = randomUUID();
    this.connection.transaction(() => {
      this.datasets.insert({
        id,
        state: 'importing',
        name: info.name,
        source_name: info.sourceName,
        sha256: info.sha256,
        bytes: info.bytes,
        row_count: 0,
        start_ms: 0,
        end_ms: 0,
        step_ms: 0,
        chunk_rows: rowsPerChunk(info.channels.length),
        channel_count: info.channels.length,
        recipe: JSON.stringify(info.recipe),
        report: '{}',
        created_at: this.connection.now(),
      });
      for (const [position, channel] of info.channels.entries()) {
        this.channels.insert({
          id: randomUUID(),
          dataset_id: id,
          position,
          name: channel.name,
          unit: channel.unit,
          description: channel.description ?? '',
          step: Number(channel.step),
          stats: JSON.stringify(noStats),
        });
      }
    });
    this.writers.set(id, new DatasetWriter(this.connection, id, info.channels.length));
    return id;
  }

  appendRows(datasetId: string, rows: RowBatch): void {
    this.writer(datasetId).append(rows);
  }

  finishDataset(datasetId: string, report: ImportReport): StoredDataset {
    const writer = this.writer(datasetId);
    if (writer.rows === 0) {
      throw new FaultlineError('import/empty', 'There is no row with a time in this file, so nothing was imported.');
    }
    const finished = this.connection.transaction(() => {
      writer.flush();
      const [row] = this.select.byId(datasetId);
      if (!row) throw notFound(datasetId);
      this.update({
        ...row,
        state: 'ready',
        row_count: writer.rows,
        start_ms: writer.start,
        end_ms: writer.end,
        step_ms: writer.stepMs(),
        report: JSON.stringify(report),
      });
      const stats = writer.stats();
      for (const [c, channel] of this.channelRows(row).entries()) {
        this.updateChannelRow({ ...channel, stats: JSON.stringify(stats[c]) });
      }
      return this.get(datasetId);
    });
    this.writers.delete(datasetId);
    return finished;
  }

  cancelDataset(datasetId: string): void {
    this.writers.delete(datasetId);
    const [row] = this.select.byId(datasetId);
    if (row?.state === 'importing') this.connection.transaction(() => this.deleting.run(datasetId));
  }

  /** Removes imports that were never finished. @returns their names. */
  removeUnfinished(): readonly string[] {
    const rows = this.select.unfinished();
    if (rows.length > 0) this.connection.transaction(() => rows.forEach((row) => this.deleting.run(row.id)));
    return rows.map((row) => asText(row.name));
  }

  private writer(datasetId: string): DatasetWriter {
    const writer = this.writers.get(datasetId);
    if (!writer) throw notFound(datasetId);
    return writer;
  }

  private ready(datasetId: string): DatasetRow {
    const [row] = this.select.byId(datasetId);
    if (row?.state !== 'ready') throw notFound(datasetId);
    return row;
  }

  private channelRows(dataset: DatasetRow): readonly ChannelRow[] {
    const rows = this.selectChannels(dataset.id);
    if (rows.length !== dataset.channel_count) throw damaged(this.connection.file, 'channel');
    return rows;
  }

  private stored(row: DatasetRow): StoredDataset {
    const labels = this.labelSets.head(asText(row.id));
    return {
      id: asText(row.id),
      name: asText(row.name),
      sourceName: asText(row.source_name),
      sha256: asText(row.sha256),
      bytes: asNumber(row.bytes),
      rows: asNumber(row.row_count),
      start: asNumber(row.start_ms),
      end: asNumber(row.end_ms),
      stepMs: asNumber(row.step_ms),
      channels: this.channelRows(row).map(channelInfo),
      quality: asJson<ImportReport>(row.report),
      createdAt: asNumber(row.created_at),
      labelRevision: labels.revision,
      labelCount: labels.count,
    };
  }
}

function channelInfo(row: ChannelRow): ChannelInfo {
  return {
    index: asNumber(row.position),
    name: asText(row.name),
    unit: asText(row.unit),
    description: asText(row.description),
    step: row.step === 1,
    stats: asJson<ChannelStats>(row.stats),
  };
}

function notFound(datasetId: string): FaultlineError {
  return new FaultlineError('dataset/not-found', 'This dataset is not in the project (any more). Choose another one.', {
    datasetId,
  });
}

/** Error for a tag that a dataset does not have. */
export function noChannel(channel: string): FaultlineError {
  return new FaultlineError('prepare/no-channel', `There is no tag "${channel}" in this dataset.`, { channel });
}
