import type { DatasetInfo, ModelSummary, ProjectState, RunSummary, Stage, StageState } from '../../contract/types';
import { findDetector } from '../../core/detectors/registry';
import { formatSeconds } from '../../core/report/format';
import { lacksModeTag } from '../run-modes';
import { idOfFile } from './project-list';
import type { ProjectStore, StoredDataset, StoredModel, StoredRun, StoredThreshold } from '../store';

/** The open project as the screens see it. */
export function projectState(store: ProjectStore): ProjectState {
  return {
    id: idOfFile(store.file),
    name: store.name,
    file: store.file,
    readOnly: store.readOnly,
    datasets: store.datasets.list().map(toDatasetInfo),
    models: store.models.list().map(toModelSummary),
    runs: store.runs.list().map(toRunSummary),
    stages: stagesOf(store),
    savedAt: store.savedAt,
    recovery: store.recovery,
  };
}

export function toDatasetInfo(dataset: StoredDataset): DatasetInfo {
  return dataset;
}

export function toModelSummary(model: StoredModel): ModelSummary {
  const { channels, gapToleranceSteps, maxFillRows, resampleMs, drift } = model.preparation;
  return {
    id: model.id,
    name: model.name,
    datasetId: model.datasetId,
    detectorId: model.detectorId,
    params: model.params,
    seed: model.seed,
    split: model.split,
    preparation: { channels, gapToleranceSteps, maxFillRows, resampleMs, ...(drift && { drift }) },
    labelRevision: model.labelRevision,
    dataSha256: model.dataSha256,
    engine: model.engine,
    versions: model.versions,
    trainSeconds: model.trainSeconds,
    parameterCount: model.parameterCount,
    warmUpRows: model.warmUpRows,
    shows: findDetector(model.detectorId).info.shows ?? '',
    createdAt: model.createdAt,
  };
}

export function toRunSummary(run: StoredRun): RunSummary {
  return {
    id: run.id,
    modelId: run.modelId,
    datasetId: run.datasetId,
    title: run.title,
    createdAt: run.createdAt,
    engine: run.engine,
    threshold: run.threshold,
    eventCount: run.eventCount,
  };
}

/**
 * The stages of the rail, for the newest dataset, model and run. Stale means: made from labels or a model that have changed since;
 * the fact then names the cause.
 */
export function stagesOf(store: ProjectStore): readonly Stage[] {
  const dataset = store.datasets.list().at(-1);
  const model = store.models.list().at(-1);
  const run = store.runs.list().at(-1);
  const threshold = run?.threshold ?? null;
  const stage = (name: Stage['name'], state: StageState, fact: string): Stage => ({ name, state, fact });
  if (!dataset) {
    return [
      stage('import', 'open', 'no data yet'),
      ...(['normal', 'model', 'train', 'calibrate', 'review', 'report'] as const).map((name) => stage(name, 'empty', '')),
    ];
  }

  const labelled = dataset.labelCount > 0;
  const newLabels = model !== undefined && currentRevision(store, model.datasetId) !== model.labelRevision;
  const olderModel = run !== undefined && model !== undefined && run.modelId !== model.id;
  return [
    stage('import', 'done', `${count(dataset.channels.length, 'tag')}, ${count(dataset.rows, 'row')}`),
    stage('normal', labelled ? 'done' : 'open', labelled ? count(dataset.labelCount, 'label') : 'no labels'),
    stage('model', model ? 'done' : 'open', model ? `${store.models.list().length} trained` : ''),
    trainStage(model, newLabels),
    calibrateStage(store, run, threshold, olderModel),
    reviewStage(store, run, threshold),
    reportStage(store, threshold),
  ];
}

function reportStage(store: ProjectStore, threshold: StoredThreshold | null): Stage {
  if (!threshold) return { name: 'report', state: 'empty', fact: '' };
  return threshold.id === store.reportedThresholdId
    ? { name: 'report', state: 'done', fact: 'handed over' }
    : { name: 'report', state: 'open', fact: 'ready' };
}

function trainStage(model: StoredModel | undefined, newLabels: boolean): Stage {
  if (!model) return { name: 'train', state: 'empty', fact: '' };
  return newLabels
    ? { name: 'train', state: 'stale', fact: 'new labels' }
    : { name: 'train', state: 'done', fact: formatSeconds(model.trainSeconds) };
}

function calibrateStage(
  store: ProjectStore,
  run: StoredRun | undefined,
  threshold: StoredThreshold | null,
  olderModel: boolean,
): Stage {
  if (!run) return { name: 'calibrate', state: 'empty', fact: '' };
  if (!threshold) return { name: 'calibrate', state: 'open', fact: 'no θ yet' };
  const contract = store.contractFact(threshold.id);
  // A broken promise to the people at the machine comes before what could be done better.
  if (contract?.kept === false) return { name: 'calibrate', state: 'stale', fact: contract.fact };
  if (currentRevision(store, run.datasetId) !== threshold.labelRevision) {
    return { name: 'calibrate', state: 'stale', fact: 'new labels' };
  }
  if (olderModel) return { name: 'calibrate', state: 'stale', fact: 'newer model' };
  if (contract) return { name: 'calibrate', state: 'done', fact: contract.fact };
  return { name: 'calibrate', state: 'done', fact: `θ ${formatNumber(threshold.value)}` };
}

function reviewStage(store: ProjectStore, run: StoredRun | undefined, threshold: StoredThreshold | null): Stage {
  if (!run || !threshold) return { name: 'review', state: 'empty', fact: '' };
  const events = store.events.list(threshold.id);
  const open = events.filter((event) => event.review === 'new').length;
  const fact = open === 0 ? count(events.length, 'event') : `${open} new`;
  return { name: 'review', state: open === 0 ? 'done' : 'open', fact };
}

/** Sentences about what changed since a threshold was kept, and what of its rule these data cannot follow. */
export function staleReasons(store: ProjectStore, run: StoredRun, threshold: StoredThreshold): readonly string[] {
  const model = store.models.get(run.modelId);
  const reasons: string[] = [];
  if (threshold.modes && lacksModeTag(store, run, threshold.modes)) {
    reasons.push(
      `These data do not have the tag ${threshold.modes.channel}, which tells the operating mode, so one threshold holds for all time.`,
    );
  }
  if (currentRevision(store, run.datasetId) !== threshold.labelRevision) {
    reasons.push('Labels changed since the threshold was kept. Calibrate again to use them.');
  }
  if (currentRevision(store, model.datasetId) !== model.labelRevision) {
    reasons.push('Labels changed since the model was trained. Train again if they concern the training period.');
  }
  return reasons;
}

function currentRevision(store: ProjectStore, datasetId: string): number {
  return store.datasets.get(datasetId).labelRevision;
}

/** "1 tag", "11 tags", "22,695 rows". */
export function count(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
}

/** Three significant digits, as all screens show a threshold. */
export function formatNumber(value: number): string {
  return Number.parseFloat(value.toPrecision(3)).toString();
}
