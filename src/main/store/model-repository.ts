import { randomUUID } from 'node:crypto';
import type { EngineInfo, EpochRecord } from '../../core/detectors/detector';
import type { ParamValues } from '../../core/detectors/params';
import { FaultlineError, isFaultline, type JsonObject } from '../../core/errors';
import type { Preparation, Split } from '../../core/prepare/prepared';
import { bytesOf, float32Of, uint8Of } from './blobs';
import type { Cell, Connection } from './connection';
import { asBlob, asJson, asNumber, asText, asTextOrNull, SealedTable } from './sealed-table';
import type { ModelContent, ModelRepository, NewModel, StoredModel } from './types';

const modelColumns = [
  'id',
  'name',
  'dataset_id',
  'job_id',
  'detector_id',
  'format_version',
  'params',
  'seed',
  'split',
  'preparation',
  'label_revision',
  'data_sha256',
  'channels',
  'engine',
  'versions',
  'train_seconds',
  'parameter_count',
  'warm_up_rows',
  'created_at',
] as const;
type ModelRow = Record<(typeof modelColumns)[number], Cell>;
const contentColumns = ['model_id', 'manifest', 'history', 'normal_scores', 'weights'] as const;

/** Trained models: facts in one table, weights and curves in another, so that a list stays quick. */
export class Models implements ModelRepository {
  private readonly models: SealedTable<(typeof modelColumns)[number]>;
  private readonly contents: SealedTable<(typeof contentColumns)[number]>;
  private readonly select;
  private readonly updateRow;

  constructor(private readonly connection: Connection) {
    this.models = new SealedTable(connection, 'model', modelColumns);
    this.contents = new SealedTable(connection, 'model_content', contentColumns);
    this.select = {
      byId: this.models.select('WHERE id = ?'),
      all: this.models.select('ORDER BY seq'),
      content: this.contents.select('WHERE model_id = ?'),
    };
    this.updateRow = this.models.updater('id');
  }

  create(model: NewModel): StoredModel {
    return this.connection.transaction(() => {
      const id = randomUUID();
      this.models.insert({
        id,
        name: model.name,
        dataset_id: model.datasetId,
        job_id: model.jobId,
        detector_id: model.detectorId,
        format_version: model.formatVersion,
        params: JSON.stringify(model.params),
        seed: model.seed,
        split: JSON.stringify(model.split),
        preparation: JSON.stringify(model.preparation),
        label_revision: model.labelRevision,
        data_sha256: model.dataSha256,
        channels: JSON.stringify(model.channels),
        engine: JSON.stringify(model.engine),
        versions: JSON.stringify(model.versions),
        train_seconds: model.trainSeconds,
        parameter_count: model.parameterCount,
        warm_up_rows: model.warmUpRows,
        created_at: this.connection.now(),
      });
      this.contents.insert({
        model_id: id,
        manifest: JSON.stringify(model.manifest),
        history: JSON.stringify(model.history),
        normal_scores: bytesOf(model.normalScores),
        weights: bytesOf(model.weights),
      });
      return this.get(id);
    });
  }

  get(modelId: string): StoredModel {
    return stored(this.row(modelId));
  }

  list(): readonly StoredModel[] {
    return this.select.all().map(stored);
  }

  content(modelId: string): ModelContent {
    const name = asText(this.row(modelId).name);
    const [row] = this.readContent(modelId, name);
    if (!row) throw modelDamaged(name, modelId);
    return {
      manifest: asJson<JsonObject>(row.manifest),
      history: asJson<readonly EpochRecord[]>(row.history),
      normalScores: float32Of(asBlob(row.normal_scores)),
      weights: uint8Of(asBlob(row.weights)),
    };
  }

  rename(modelId: string, name: string): StoredModel {
    return this.connection.transaction(() => {
      this.updateRow({ ...this.row(modelId), name });
      return this.get(modelId);
    });
  }

  private readContent(modelId: string, name: string): readonly Record<(typeof contentColumns)[number], Cell>[] {
    try {
      return this.select.content(modelId);
    } catch (error) {
      if (isFaultline(error, 'store/damaged')) throw modelDamaged(name, modelId, error);
      throw error;
    }
  }

  private row(modelId: string): ModelRow {
    const [row] = this.select.byId(modelId);
    if (!row) throw new FaultlineError('model/not-found', 'This model is not in the project.', { modelId });
    return row;
  }
}

function modelDamaged(name: string, modelId: string, cause?: unknown): FaultlineError {
  return new FaultlineError(
    'model/damaged',
    `The weights of model "${name}" are damaged in the project file and were not used. Train it again, or open a backup.`,
    { modelId },
    { cause },
  );
}

function stored(row: ModelRow): StoredModel {
  return {
    id: asText(row.id),
    name: asText(row.name),
    datasetId: asText(row.dataset_id),
    jobId: asTextOrNull(row.job_id),
    detectorId: asText(row.detector_id),
    formatVersion: asNumber(row.format_version),
    params: asJson<ParamValues>(row.params),
    seed: asNumber(row.seed),
    split: asJson<Split>(row.split),
    preparation: asJson<Preparation>(row.preparation),
    labelRevision: asNumber(row.label_revision),
    dataSha256: asText(row.data_sha256),
    channels: asJson<readonly string[]>(row.channels),
    engine: asJson<EngineInfo>(row.engine),
    versions: asJson<Readonly<Record<string, string>>>(row.versions),
    trainSeconds: asNumber(row.train_seconds),
    parameterCount: asNumber(row.parameter_count),
    warmUpRows: asNumber(row.warm_up_rows),
    createdAt: asNumber(row.created_at),
  };
}
