import { findDetector } from '../../core/detectors/registry';
import { buildReport } from '../../core/report/build';
import { planFigures } from '../../core/report/figures';
import type { FigureData, FigureRequest, Report, ReportComparison, ReportInput } from '../../core/report/model';
import { splitOfRun } from '../run-parts';
import type { ProjectStore } from '../store';
import type { Compare } from './compare-service';
import type { Evaluations } from './evaluations';
import type { Insights } from './insights';
import type { Referees } from './referees';
import { staleReasons, toModelSummary } from './project-state';
import { currentThreshold, eventInfos } from './result-service';
import type { RunColumns } from './run-columns';
import { scoreWindow } from './score-window';
import type { Sheets } from './sheets';

export interface ReportChoices extends Pick<ReportInput, 'drift'> {
  readonly createdAt: number;
  readonly timeZone: string;
  readonly appVersion: string;
}

/**
 * The report of a run with its kept threshold: the same evaluation, events and windows that the screens show.
 *
 * @throws FaultlineError 'threshold/no-scores' when no threshold was kept yet.
 */
export async function reportOf(
  store: ProjectStore,
  runId: string,
  evaluations: Evaluations,
  referees: Referees,
  sheets: Sheets,
  insights: Insights,
  columns: RunColumns,
  compare: Compare,
  choices: ReportChoices,
): Promise<Report> {
  const input = await reportInput(store, runId, evaluations, referees, sheets, insights, compare, choices);
  const figures = planFigures(input).map((request) => figureData(store, columns, runId, input.dataset.id, request));
  return buildReport(input, figures);
}

async function reportInput(
  store: ProjectStore,
  runId: string,
  evaluations: Evaluations,
  referees: Referees,
  sheets: Sheets,
  insights: Insights,
  compare: Compare,
  choices: ReportChoices,
): Promise<ReportInput & { readonly dataset: { readonly id: string } }> {
  const run = store.runs.get(runId);
  const threshold = currentThreshold(store, run);
  const model = store.models.get(run.modelId);
  const { calibration, test, hidden, contract } = await evaluations.ofThreshold(store, threshold);
  // The labels that the judgement was made with, not those of today: the report can be repeated.
  const labels = store.thresholds.labels(threshold.id);
  const { info } = findDetector(model.detectorId);
  const { id, title, summary, whenItFails, source, params } = info;
  return {
    ...choices,
    title: store.name,
    dataset: store.datasets.get(run.datasetId),
    model: {
      ...toModelSummary(model),
      detector: { id, title, summary, whenItFails, source, params },
      split: splitOfRun(run, model, threshold),
    },
    runTitle: run.title,
    labels: labels.labels,
    labelRevision: labels.revision,
    threshold,
    events: eventInfos(store, run, threshold.id, labels.labels),
    calibration,
    test,
    hidden,
    contract,
    referee: await referees.of(store, runId),
    insight: await insights.of(store, runId),
    sheet: await sheets.of(store, runId, 'test'),
    earlierThresholds: store.thresholds.history(runId).length - 1,
    comparisons: await comparisonsOf(store, runId, compare),
    stale: staleReasons(store, run, threshold),
  };
}

/** More would make the report of one run a report of comparisons. */
const mostComparisons = 3;

/** The newest kept comparisons with this run in them, computed anew. */
async function comparisonsOf(store: ProjectStore, runId: string, compare: Compare): Promise<ReportComparison[]> {
  const kept = store.comparisons
    .list()
    .filter(({ members }) => members.some((member) => member.projectId === null && member.runId === runId))
    .toReversed()
    .slice(0, mostComparisons);
  const found: ReportComparison[] = [];
  for (const { name, members, common } of kept) {
    found.push({ name, comparison: await compare(store, members, { common, buckets: 1 }) });
  }
  return found;
}

function figureData(
  store: ProjectStore,
  columns: RunColumns,
  runId: string,
  datasetId: string,
  request: FigureRequest,
): FigureData {
  const { id, range, channels, buckets } = request;
  const { lines } = store.series.window(datasetId, channels, range, buckets);
  const { score, expected } = scoreWindow(store, columns, runId, channels, range, buckets);
  return { id, lines, expected, score };
}
