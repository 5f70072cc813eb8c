import { compareRuns as compare, refusal, type ComparedReferee } from '../../../core/compare/compare';
import type { CompareMember, Comparison } from '../../../core/compare/comparison';
import type { JudgedRows, JudgedRun } from '../../../core/compare/judged';
import type { ComparedRun } from '../../../core/compare/run';
import { findDetector } from '../../../core/detectors/registry';
import { isFaultline, type JsonObject } from '../../../core/errors';
import { partSpan } from '../../../core/prepare/split';
import { partsOfRun } from '../../run-parts';
import { openReader, type ProjectReader, type StoredModel } from '../../store';
import { modesOfRows } from '../../run-modes';
import { refereeOf } from '../compare-referee';
import { partView } from '../judge-run';
import { withProject } from './data';

export interface CompareRequest {
  readonly members: readonly {
    readonly member: CompareMember;
    /** Project file and its name for sentences. */
    readonly file: string;
    readonly projectName: string;
  }[];
  readonly common: boolean;
  readonly buckets: number;
  readonly timeZone: string;
}

/**
 * Compares stored runs of one or more projects. Each file is only read: another project is neither migrated nor written. What cannot be
 * read is a refusal that names the run, not an error.
 */
export async function compareRuns({ members, common, buckets, timeZone }: CompareRequest): Promise<Comparison> {
  const runs: ComparedRun[] = [];
  for (const { member, file, projectName } of members) {
    try {
      runs.push(await withProject(file, (reader) => loadRun(reader, member, projectName)));
    } catch (error) {
      if (!isFaultline(error)) throw error;
      return refusal(unreadable(error, projectName, member), [], false);
    }
  }
  return compare({
    runs,
    common,
    buckets,
    timeZone,
    referee: (judged, best) => {
      const { file } = members[runs.indexOf(best.run)]!;
      try {
        return refereeFrom(file, judged, best);
      } catch (error) {
        // The data may be damaged, or the labels leave no train row; what the runs did is known all the same.
        if (!isFaultline(error)) throw error;
        return { oneLiner: null, random: null, problem: error.message };
      }
    },
  });
}

/** One-liners see the data of the best run, whatever order the runs were named in. */
function refereeFrom(file: string, judged: JudgedRows, best: JudgedRun): ComparedReferee {
  const reader = openReader(file);
  try {
    return refereeOf(reader, judged, best);
  } finally {
    reader.close();
  }
}

function unreadable(
  error: { readonly code: string; readonly message: string; readonly details: JsonObject },
  name: string,
  member: CompareMember,
): string {
  switch (error.code) {
    case 'store/read-only':
      return `The project "${name}" is of an older version of Faultline and is only read here. Open it once by itself: it is copied, then brought up to date.`;
    case 'score/not-found':
      return `The project "${name}" no longer has the run ${member.runId}. Take it out of the comparison.`;
    default:
      return `The project "${name}" cannot be read: ${error.message}`;
  }
}

function loadRun(reader: ProjectReader, member: CompareMember, projectName: string): ComparedRun {
  const run = reader.runs.get(member.runId);
  const model = reader.models.get(run.modelId);
  const dataset = reader.datasets.get(run.datasetId);
  const { labels } = reader.labels.list(run.datasetId);
  const { threshold } = run;
  const parts = partsOfRun(reader, run, model, threshold);
  const { sourceName, sha256, start, end, stepMs } = dataset;
  const timestamps = reader.runs.timestamps(run.id);
  // Without the shares of the tags: a comparison needs none, and they are as wide as the data.
  const rows = {
    timestamps,
    score: reader.runs.score(run.id),
    modes: threshold?.modes && modesOfRows(reader, run, timestamps, threshold.modes),
  };
  const part = threshold
    ? partView('test', { rows, labels, parts, threshold })
    : { rows, labels, range: partSpan(parts.split, 'test'), refused: null };
  return {
    member,
    projectName,
    title: run.title,
    dataset: { sourceName, sha256, start, end, stepMs },
    model: modelOf(reader, model, run.id),
    split: parts.split,
    labels,
    threshold,
    rows,
    test: { range: part.range, score: Float32Array.from(part.rows.score), labels: part.labels, refused: part.refused },
    events: threshold ? reader.events.list(threshold.id).map(({ id, start: from, end: to }) => ({ id, start: from, end: to })) : [],
  };
}

function modelOf(reader: ProjectReader, model: StoredModel, runId: string): ComparedRun['model'] {
  const { info } = findDetector(model.detectorId);
  const { channels, gapToleranceSteps, maxFillRows, resampleMs } = model.preparation;
  return {
    detectorId: model.detectorId,
    detectorTitle: info.title,
    specs: info.params,
    params: model.params,
    seed: model.seed,
    split: model.split,
    preparation: { channels, gapToleranceSteps, maxFillRows, resampleMs },
    warmUpRows: model.warmUpRows,
    parameterCount: model.parameterCount,
    trainSeconds: model.trainSeconds,
    scoreSeconds: scoreSecondsOf(reader, model, runId),
    labelRevision: model.labelRevision,
    engine: model.engine,
    version: model.versions['faultline'] ?? '',
    members: memberTitles(reader.models.content(model.id).manifest),
  };
}

/** Time that the job of the training took to score these rows; a run that was scored later has none. */
function scoreSecondsOf(reader: ProjectReader, { jobId }: StoredModel, runId: string): number | null {
  const result = jobId === null ? null : reader.jobs.get(jobId).result;
  const seconds = result?.['runId'] === runId ? result['scoreSeconds'] : null;
  return typeof seconds === 'number' ? seconds : null;
}

/** Titles that an ensemble's manifest names; [] for a detector. */
function memberTitles(manifest: JsonObject): readonly string[] {
  const { members } = manifest;
  if (!Array.isArray(members)) return [];
  return (members as readonly JsonObject[]).map(({ title }) => String(title));
}
