import type { Params } from '../../../contract/methods';
import type { ModelSummary, RunSummary, StoredThreshold } from '../../../contract/types';
import type { ContractMap, EventContract } from '../../../core/budget/contract';
import { FaultlineError, isFaultline } from '../../../core/errors';
import { formatObjective, parseObjective } from '../../../core/thresholds/objective';
import type { Objective, ThresholdChoice } from '../../../core/thresholds/threshold';
import { usualMergeGapMs } from '../../../core/thresholds/usual-merge-gap';
import type { Client } from './client';
import { contractOptions, readContract, readRule, withLabelIds, type ContractOptions } from './contract-options';
import { seconds, usage } from './options';
import { pick, requireProject } from './steps';

type Text = string | undefined;

export interface CalibrateChoices extends ContractOptions {
  readonly objective?: Text;
  readonly 'min-duration'?: Text;
  readonly 'merge-gap'?: Text;
}
export const calibrateOptions = {
  objective: { type: 'string' },
  'min-duration': { type: 'string' },
  'merge-gap': { type: 'string' },
  ...contractOptions,
} as const;

/** The part of the help that tells what `--objective` takes. */
export const objectiveHelp = `  --objective OBJECTIVE    with labels: f1, fbeta:B, cost:MISS,FALSE, recall:N, delay:N, contract;
                           without: events-per-day:N, quantile:Q, pot:Q, conformal:A
                           (default: contract where one is given; f1 where the calibration part holds a labelled
                           anomaly; else pot:0.999, or quantile:0.999 where the scores are too few for it)
`;

/** A kept threshold, and where its contract holds when it has one. */
export interface Calibrated {
  readonly threshold: StoredThreshold;
  readonly map: ContractMap | null;
}

/** Where no label can tell better: a tail fit at this level of the normal scores, or the plain quantile where they are too few to fit. */
const objectivesWithoutLabels: readonly Objective[] = [
  { kind: 'pot', q: 0.999 },
  { kind: 'quantile', q: 0.999 },
];

/** Everything that can be refused before any work is begun. @throws FaultlineError 'cli/usage'. */
export function checkCalibrateChoices(given: CalibrateChoices): void {
  readRule(given);
  const contract = readContract(given);
  const objective = given.objective === undefined ? null : readObjective(given.objective);
  if (objective?.kind === 'contract' && !contract)
    usage('--objective contract needs --contract, or --max-false and what else is promised.');
}

/**
 * Finds a threshold on the calibration part and keeps it, with its contract when there is one. Without a given objective: the contract;
 * else best F1 where that part holds a labelled anomaly, a tail fit on normal scores where it does not. Events closer than a window of the
 * detector are merged unless told otherwise. A contract searches the minimum duration too, unless that or `--search` is given.
 */
export async function calibrate(
  client: Client,
  run: RunSummary,
  model: ModelSummary,
  given: CalibrateChoices,
): Promise<Calibrated> {
  checkCalibrateChoices(given);
  const { search, ...knobs } = readRule(given);
  const words = readContract(given);
  const contract = words && withLabelIds(words, (await client.call('label.list', { datasetId: run.datasetId })).labels);
  const minDurationMs = given['min-duration'] === undefined ? 0 : seconds('--min-duration', given['min-duration']);
  const mergeGapMs =
    given['merge-gap'] === undefined ? await mergeGapOf(client, model) : seconds('--merge-gap', given['merge-gap']);
  const objectives =
    given.objective === undefined ? await defaultObjectives(client, run, contract) : [readObjective(given.objective)];
  const searched = search ?? (contract && given['min-duration'] === undefined ? (['minDuration'] as const) : []);
  const rule = { ...knobs, minDurationMs, mergeGapMs };
  const inSearch = objectives[0]?.kind === 'contract' ? [...searched] : search;
  const ask = { ...rule, ...(contract && { contract }), ...(inSearch && { search: inSearch }) };
  const found = await suggest(client, run, ask, objectives);
  const threshold = await client.call('calibration.save', saved(run, found, contract));
  if (!contract) return { threshold, map: null };
  const { modes, ...others } = rule;
  const map = await client.call('calibration.contract', {
    runId: run.id,
    contract: body(contract),
    ...others,
    ...(modes && { modes: { ...modes, values: [...(threshold.modes?.values ?? modes.edges.map(() => null).concat(null))] } }),
    search: [...searched],
  });
  return { threshold, map };
}

/** A contract with lists of its own, as the wire wants it. */
function body(contract: EventContract): Params<'calibration.contract'>['contract'] {
  return { ...contract, mustCatch: contract.mustCatch === 'all' ? 'all' : [...contract.mustCatch] };
}

/** What is kept of a suggestion. */
function saved(run: RunSummary, found: ThresholdChoice, given: EventContract | undefined): Params<'calibration.save'> {
  const { value, objective, minDurationMs, mergeGapMs, hysteresis, deadTimeMs, modes, suppress, from, achieved } = found;
  const contract = found.contract ?? given;
  return {
    runId: run.id,
    value,
    objective,
    minDurationMs,
    mergeGapMs,
    ...(hysteresis !== undefined && { hysteresis }),
    ...(deadTimeMs !== undefined && { deadTimeMs }),
    ...(modes && { modes: { ...modes, edges: [...modes.edges], values: [...modes.values] } }),
    ...(suppress && { suppress: [...suppress] }),
    ...(contract && { contract: body(contract) }),
    from,
    achieved,
  };
}

type Ask = Omit<Params<'calibration.suggest'>, 'runId' | 'objective' | 'contract'> & { readonly contract?: EventContract };

/** The first objective that the scores allow. */
async function suggest(
  client: Client,
  run: RunSummary,
  { contract, ...ask }: Ask,
  [objective, ...others]: readonly Objective[],
): Promise<ThresholdChoice> {
  if (!objective) throw new FaultlineError('threshold/no-scores', 'No threshold can be chosen from these scores.');
  try {
    return await client.call('calibration.suggest', {
      runId: run.id,
      objective,
      ...ask,
      ...(contract && { contract: body(contract) }),
    });
  } catch (error) {
    if (others.length === 0 || !isFaultline(error, 'threshold/no-scores')) throw error;
    client.note(`Not by ${formatObjective(objective)}: ${error.message}`);
    return suggest(client, run, { ...ask, ...(contract && { contract }) }, others);
  }
}

async function mergeGapOf(client: Client, { params, preparation, datasetId }: ModelSummary): Promise<number> {
  const { datasets } = await requireProject(client);
  return usualMergeGapMs(params, preparation.resampleMs || pick(datasets, 'dataset', datasetId).stepMs);
}

/** @throws FaultlineError 'cli/usage'. Called before any work is begun. */
export function readObjective(text: string): Objective {
  try {
    const objective = parseObjective(text);
    return objective.kind === 'manual' || objective.kind === 'carried'
      ? usage(`--objective ${objective.kind} belongs to the screens. Give a rule, such as f1 or quantile:0.999.`)
      : objective;
  } catch (cause) {
    return usage(cause instanceof Error ? cause.message : 'The objective cannot be read.', cause);
  }
}

async function defaultObjectives(
  client: Client,
  run: RunSummary,
  contract: EventContract | undefined,
): Promise<readonly Objective[]> {
  if (contract) return [{ kind: 'contract' }];
  const { range } = await client.call('calibration.scores', { runId: run.id, part: 'calibration' });
  const { labels } = await client.call('label.list', { datasetId: run.datasetId });
  const labelled = labels.some((label) => label.class === 'anomaly' && label.start <= range.end && label.end >= range.start);
  client.note(
    labelled
      ? 'Threshold by the best F1, as the calibration part holds labelled anomalies.'
      : 'Threshold by normal scores, as the calibration part holds no labelled anomaly.',
  );
  return labelled ? [{ kind: 'f1' }] : objectivesWithoutLabels;
}
