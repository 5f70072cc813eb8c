import { randomUUID } from 'node:crypto';
import type { Checkpoint, EpochRecord } from '../../core/detectors/detector';
import { FaultlineError, type JsonObject } from '../../core/errors';
import { bytesOf, uint8Of } from './blobs';
import type { Cell, Connection } from './connection';
import { asBlob, asJson, asNumber, asNumberOrNull, asText, SealedTable } from './sealed-table';
import type { JobError, JobKind, JobPatch, JobProgress, JobRepository, JobStatus, LogLine, NewJob, StoredJob } from './types';

const jobColumns = [
  'id',
  'kind',
  'title',
  'status',
  'params',
  'seed',
  'progress',
  'error',
  'result',
  'memory_mb',
  'checkpoint_step',
  'created_at',
  'started_at',
  'ended_at',
] as const;
type JobRow = Record<(typeof jobColumns)[number], Cell>;
const historyColumns = ['job_id', 'step', 'record'] as const;
const logColumns = ['job_id', 'at', 'text'] as const;
const checkpointColumns = ['job_id', 'step', 'manifest', 'data_sha256', 'saved_at', 'weights'] as const;

const notStarted: JobProgress = { stage: '', done: 0, total: 0, unit: '', rate: 0, remainingMs: null };

/** Jobs with their training curve, log and checkpoint. */
export class Jobs implements JobRepository {
  private readonly jobs: SealedTable<(typeof jobColumns)[number]>;
  private readonly histories: SealedTable<(typeof historyColumns)[number]>;
  private readonly logs: SealedTable<(typeof logColumns)[number]>;
  private readonly checkpoints: SealedTable<(typeof checkpointColumns)[number]>;
  private readonly select;
  private readonly updateRow;
  private readonly updateCheckpoint;
  private readonly deleting;

  constructor(private readonly connection: Connection) {
    this.jobs = new SealedTable(connection, 'job', jobColumns);
    this.histories = new SealedTable(connection, 'job_history', historyColumns);
    this.logs = new SealedTable(connection, 'job_log', logColumns);
    this.checkpoints = new SealedTable(connection, 'checkpoint', checkpointColumns);
    this.select = {
      byId: this.jobs.select('WHERE id = ?'),
      newest: this.jobs.select('ORDER BY seq DESC'),
      unfinished: this.jobs.select("WHERE status IN ('queued', 'running') ORDER BY seq"),
      history: this.histories.select('WHERE job_id = ? ORDER BY seq'),
      log: this.logs.select('WHERE job_id = ? ORDER BY seq'),
      checkpoint: this.checkpoints.select('WHERE job_id = ?'),
    };
    this.updateRow = this.jobs.updater('id');
    this.updateCheckpoint = this.checkpoints.updater('job_id');
    this.deleting = {
      history: connection.prepare('DELETE FROM job_history WHERE job_id = ? AND step > ?'),
      checkpoint: connection.prepare('DELETE FROM checkpoint WHERE job_id = ?'),
    };
  }

  create(job: NewJob): StoredJob {
    return this.connection.transaction(() => {
      const id = randomUUID();
      this.jobs.insert({
        id,
        kind: job.kind,
        title: job.title,
        status: 'queued',
        params: JSON.stringify(job.params),
        seed: job.seed,
        progress: JSON.stringify(notStarted),
        error: null,
        result: '{}',
        memory_mb: null,
        checkpoint_step: null,
        created_at: this.connection.now(),
        started_at: null,
        ended_at: null,
      });
      return this.get(id);
    });
  }

  get(jobId: string): StoredJob {
    return stored(this.row(jobId));
  }

  list(): readonly StoredJob[] {
    return this.select.newest().map(stored);
  }

  update(jobId: string, patch: JobPatch): StoredJob {
    return this.connection.transaction(() => {
      const row = this.row(jobId);
      this.updateRow({
        ...row,
        status: patch.status ?? row.status,
        title: patch.title ?? row.title,
        progress: patch.progress === undefined ? row.progress : JSON.stringify(patch.progress),
        error: patch.error === undefined ? row.error : patch.error && JSON.stringify(patch.error),
        result: patch.result === undefined ? row.result : JSON.stringify(patch.result),
        memory_mb: patch.memoryMb === undefined ? row.memory_mb : patch.memoryMb,
        started_at: patch.startedAt === undefined ? row.started_at : patch.startedAt,
        ended_at: patch.endedAt === undefined ? row.ended_at : patch.endedAt,
      });
      return this.get(jobId);
    });
  }

  appendHistory(jobId: string, records: readonly EpochRecord[]): void {
    if (records.length === 0) return;
    this.connection.transaction(() => {
      for (const record of records) this.histories.insert({ job_id: jobId, step: record.step, record: JSON.stringify(record) });
    });
  }

  history(jobId: string): readonly EpochRecord[] {
    return this.select.history(jobId).map((row) => asJson<EpochRecord>(row.record));
  }

  truncateHistory(jobId: string, afterStep: number): void {
    this.connection.transaction(() => this.deleting.history.run(jobId, afterStep));
  }

  appendLog(jobId: string, lines: readonly LogLine[]): void {
    if (lines.length === 0) return;
    this.connection.transaction(() => {
      for (const line of lines) this.logs.insert({ job_id: jobId, at: line.at, text: line.text });
    });
  }

  log(jobId: string): readonly LogLine[] {
    return this.select.log(jobId).map((row) => ({ at: asNumber(row.at), text: asText(row.text) }));
  }

  saveCheckpoint(jobId: string, checkpoint: Checkpoint, dataSha256: string): void {
    this.connection.transaction(() => {
      const row = {
        job_id: jobId,
        step: checkpoint.step,
        manifest: JSON.stringify(checkpoint.manifest),
        data_sha256: dataSha256,
        saved_at: this.connection.now(),
        weights: bytesOf(checkpoint.weights),
      };
      if (!this.updateCheckpoint(row)) this.checkpoints.insert(row);
      this.updateRow({ ...this.row(jobId), checkpoint_step: checkpoint.step });
    });
  }

  checkpoint(jobId: string): { readonly checkpoint: Checkpoint; readonly dataSha256: string; readonly savedAt: number } | null {
    const [row] = this.select.checkpoint(jobId);
    if (!row) return null;
    return {
      checkpoint: {
        step: asNumber(row.step),
        manifest: asJson<JsonObject>(row.manifest),
        weights: uint8Of(asBlob(row.weights)),
      },
      dataSha256: asText(row.data_sha256),
      savedAt: asNumber(row.saved_at),
    };
  }

  dropCheckpoint(jobId: string): void {
    this.connection.transaction(() => {
      this.deleting.checkpoint.run(jobId);
      this.updateRow({ ...this.row(jobId), checkpoint_step: null });
    });
  }

  /** Jobs that were under way when the application ended become `interrupted`. @returns them. */
  interruptUnfinished(): readonly StoredJob[] {
    const rows = this.select.unfinished();
    if (rows.length === 0) return [];
    const error: JobError = {
      code: 'job/interrupted',
      kind: 'state',
      message: 'Faultline ended before this job did. Nothing that was saved is lost.',
      details: {},
    };
    return this.connection.transaction(() =>
      rows.map((row) => this.update(asText(row.id), { status: 'interrupted', error, endedAt: this.connection.now() })),
    );
  }

  private row(jobId: string): JobRow {
    const [row] = this.select.byId(jobId);
    if (!row) throw new FaultlineError('job/not-found', 'This job is not in the project.', { jobId });
    return row;
  }
}

function stored(row: JobRow): StoredJob {
  return {
    id: asText(row.id),
    kind: asText(row.kind) as JobKind,
    title: asText(row.title),
    status: asText(row.status) as JobStatus,
    params: asJson<JsonObject>(row.params),
    seed: asNumber(row.seed),
    progress: asJson<JobProgress>(row.progress),
    error: row.error === null ? null : asJson<JobError>(row.error),
    result: asJson<JsonObject>(row.result),
    memoryMb: asNumberOrNull(row.memory_mb),
    createdAt: asNumber(row.created_at),
    startedAt: asNumberOrNull(row.started_at),
    endedAt: asNumberOrNull(row.ended_at),
    checkpointStep: asNumberOrNull(row.checkpoint_step),
  };
}
