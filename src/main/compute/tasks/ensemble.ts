import { FaultlineError, type JsonObject } from '../../../core/errors';
import type { Preparation, Split } from '../../../core/prepare/prepared';
import { combineScores, type EnsembleMethod } from '../../../core/scoring/ensemble';
import type { Scores } from '../../../core/scoring/scores';
import { normalScoresOf } from '../../../core/thresholds/suggest';
import { rowsOfRunPart, splitOfRun } from '../../run-parts';
import type { ProjectReader, StoredModel, StoredRun } from '../../store';
import { withProject } from './data';

export interface CombineInput {
  readonly file: string;
  readonly runIds: readonly string[];
  readonly method: EnsembleMethod;
}

/** The combined run, and what its model row says about the members. */
export interface CombineResult {
  readonly timestamps: Float64Array;
  readonly scores: Scores;
  readonly channels: readonly string[];
  readonly split: Split;
  readonly preparation: Preparation;
  readonly warmUpRows: number;
  readonly parameterCount: number;
  readonly trainSeconds: number;
  readonly labelRevision: number;
  readonly manifest: JsonObject;
}

interface Member {
  readonly run: StoredRun;
  readonly model: StoredModel;
  readonly split: Split;
}

/**
 * Combines stored runs of one dataset. Normal scores of each member come from its own calibration part or from what its detector held
 * out, never from the test part; rows are those that every member has.
 *
 * @throws FaultlineError 'metrics/mismatch' naming the run that was made over other rows or another split; 'threshold/no-scores',
 * 'threshold/not-separable' naming the run without usable normal scores.
 */
export function combineRuns({ file, runIds, method }: CombineInput): Promise<CombineResult> {
  return withProject(file, (reader) => {
    const members = [...new Set(runIds)].map((runId): Member => {
      const run = reader.runs.get(runId);
      const model = reader.models.get(run.modelId);
      return { run, model, split: splitOfRun(run, model, null) };
    });
    requireAlike(members);
    const timestamps = commonTimes(members.map(({ run }) => reader.runs.timestamps(run.id)));
    const channels = [...new Set(members.flatMap(({ run }) => run.channels))];
    const shares = members.every(({ run }) => run.parts.byChannel);
    const loaded = members.map(({ run, model }) => {
      const own = reader.runs.timestamps(run.id);
      const rows = rowsAt(own, timestamps);
      const score = reader.runs.score(run.id);
      return {
        title: `"${run.title}"`,
        score: Float32Array.from(rows, (row) => score[row]!),
        ...normalOf(reader, run, model),
        byChannel: shares ? sharesAt(reader, run, channels, rows) : undefined,
      };
    });
    const { score, byChannel } = combineScores(loaded, method);
    return {
      timestamps,
      scores: byChannel ? { score, byChannel } : { score },
      channels,
      split: { ...members[0]!.split, guardMs: Math.max(...members.map(({ split }) => split.guardMs)) },
      preparation: joined(members, channels),
      warmUpRows: Math.max(...members.map(({ model }) => model.warmUpRows)),
      parameterCount: members.reduce((sum, { model }) => sum + model.parameterCount, 0),
      trainSeconds: members.reduce((sum, { model }) => sum + model.trainSeconds, 0),
      labelRevision: Math.min(...members.map(({ model }) => model.labelRevision)),
      manifest: {
        method,
        members: members.map(({ run, model }, i) => ({
          runId: run.id,
          title: run.title,
          modelId: model.id,
          detectorId: model.detectorId,
          params: model.params,
          seed: model.seed,
          normalScores: loaded[i]!.normal.length,
          normalFrom: loaded[i]!.normalFrom,
        })),
      },
    };
  });
}

function requireAlike(members: readonly Member[]): void {
  const [first, ...others] = members;
  if (!first || others.length === 0) throw mismatch('An ensemble needs two different runs or more.');
  const named = (member: Member): string => `"${member.run.title}"`;
  for (const other of others) {
    if (other.run.datasetId !== first.run.datasetId) {
      throw mismatch(`${named(other)} scores another dataset than ${named(first)}. Combine runs over the same data.`);
    }
    if (other.model.preparation.resampleMs !== first.model.preparation.resampleMs) {
      throw mismatch(`${named(other)} was resampled to another step than ${named(first)}, so they have no rows in common.`);
    }
    const { trainUntil, calibrateUntil } = other.split;
    if (trainUntil !== first.split.trainUntil || calibrateUntil !== first.split.calibrateUntil) {
      throw mismatch(
        `${named(other)} has another split in time than ${named(first)}: what one was tested on the other may have learned from. ` +
          'Train both with the same split.',
      );
    }
  }
}

function mismatch(message: string): FaultlineError {
  return new FaultlineError('metrics/mismatch', message);
}

/** Times that all of them have; each ascending. @throws FaultlineError 'metrics/mismatch' when there is none. */
function commonTimes(all: readonly Float64Array[]): Float64Array {
  const common = all.reduce((left, right) => {
    let at = 0;
    return left.filter((time) => {
      while (at < right.length && right[at]! < time) at++;
      return right[at] === time;
    });
  });
  if (common.length === 0) throw mismatch('These runs have no row in common.');
  return common;
}

/** Row of each time; every one is there. */
function rowsAt(own: Float64Array, times: Float64Array): Int32Array {
  let at = 0;
  return Int32Array.from(times, (time) => {
    while (own[at]! < time) at++;
    return at;
  });
}

function normalOf(reader: ProjectReader, run: StoredRun, model: StoredModel): { normal: Float32Array; normalFrom: string } {
  const rows = rowsOfRunPart(reader, run, 'calibration');
  const { labels } = reader.labels.list(run.datasetId);
  const heldOut = reader.models.content(model.id).normalScores;
  return normalScoresOf(reader.runs.timestamps(run.id, rows), reader.runs.score(run.id, rows), labels, heldOut);
}

/** [n, c] shares over the channels of the ensemble; 0 for those the member does not know, NaN where it has no score. */
function sharesAt(reader: ProjectReader, run: StoredRun, channels: readonly string[], rows: Int32Array): Float32Array {
  const c = channels.length;
  const result = new Float32Array(rows.length * c);
  channels.forEach((channel, j) => {
    const share = run.channels.includes(channel) ? reader.runs.share(run.id, channel) : undefined;
    if (share) for (let i = 0; i < rows.length; i++) result[i * c + j] = share[rows[i]!]!;
  });
  return result;
}

/** How the rows came about: the tags of all members, and the most permissive of their fillings. Each member kept its own scaler. */
function joined(members: readonly Member[], channels: readonly string[]): Preparation {
  const all = members.map(({ model }) => model.preparation);
  const owner = channels.map((channel) => {
    const preparation = all.find((one) => one.channels.includes(channel))!;
    return { scaler: preparation.scaler, j: preparation.channels.indexOf(channel) };
  });
  return {
    channels,
    gapToleranceSteps: Math.max(...all.map((one) => one.gapToleranceSteps)),
    maxFillRows: Math.max(...all.map((one) => one.maxFillRows)),
    resampleMs: all[0]!.resampleMs,
    scaler: {
      mean: owner.map(({ scaler, j }) => scaler.mean[j]!),
      std: owner.map(({ scaler, j }) => scaler.std[j]!),
      flat: owner.map(({ scaler, j }) => scaler.flat[j]!),
    },
  };
}
