import type { ParamValue, ParamValues } from '../detectors/params';
import { FaultlineError } from '../errors';
import { meanOf } from './rank';
import type { SweepPlan, SweepTrial } from './sweep';

/** Settings beyond this number are no sweep but a mistake. */
const mostSettings = 2000;
/** Of each rung one in so many settings goes on, with so many times the data. */
const reduction = 3;
const mostRungs = 3;

/**
 * Every combination of the values in `space` over the parameters that stay; names in the order given, the last one changes first.
 *
 * @throws FaultlineError 'detector/bad-params' when nothing varies or there are more than 2,000 combinations.
 */
export function settingsOf(space: SweepPlan['space'], fixed: ParamValues): ParamValues[] {
  const names = Object.keys(space);
  const count = names.reduce((product, name) => product * new Set(space[name]).size, 1);
  if (names.length === 0 || count < 2) {
    throw new FaultlineError(
      'detector/bad-params',
      'A sweep needs at least two settings. Give a parameter two or more values.',
      {},
    );
  }
  if (count > mostSettings) {
    throw new FaultlineError(
      'detector/bad-params',
      `${count} settings are too many for a sweep (limit ${mostSettings}). Give fewer values.`,
      { settings: count, limit: mostSettings },
    );
  }
  let settings: ParamValues[] = [fixed];
  for (const name of names) {
    const values: readonly ParamValue[] = [...new Set(space[name])];
    settings = settings.flatMap((setting) => values.map((value) => ({ ...setting, [name]: value })));
  }
  return settings;
}

/**
 * Share of the train part that each rung learns from, ascending, the last 1. A grid has one rung. Successive halving has as many as
 * leave at least one setting at the end, at most three: with 9 settings or more 1/9, 1/3 and 1.
 *
 * @see Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016; Li et al.,
 * "Hyperband", JMLR 18 (2018), for the reduction of 3.
 */
export function rungShares(method: SweepPlan['method'], settings: number): number[] {
  const rungs = method === 'grid' ? 1 : Math.min(mostRungs, 1 + Math.floor(Math.log(settings) / Math.log(reduction) + 1e-9));
  return Array.from({ length: rungs }, (_, rung) => reduction ** (rung - rungs + 1));
}

export interface NextTrial {
  readonly setting: number;
  readonly seed: number;
  readonly rung: number;
  readonly share: number;
}

/**
 * The trial to make after those that were made; null when all are. It follows from plan and trials alone, so a sweep that was
 * interrupted goes on where it stood. Seeds come in the outer loop: when the time runs out, every setting was tried equally often.
 */
export function nextTrial(
  plan: Pick<SweepPlan, 'method' | 'seeds'>,
  settings: number,
  trials: readonly SweepTrial[],
): NextTrial | null {
  const made = new Set(trials.map(({ rung, setting, seed }) => `${rung} ${setting} ${seed}`));
  const shares = rungShares(plan.method, settings);
  let alive = Array.from({ length: settings }, (_, setting) => setting);
  for (const [rung, share] of shares.entries()) {
    for (const seed of plan.seeds) {
      for (const setting of alive) if (!made.has(`${rung} ${setting} ${seed}`)) return { setting, seed, rung, share };
    }
    alive = survivors(
      alive,
      trials.filter((trial) => trial.rung === rung),
    );
  }
  return null;
}

/** Trials of the whole plan. */
export function trialCount(plan: Pick<SweepPlan, 'method' | 'seeds'>, settings: number): number {
  let alive = settings;
  let count = 0;
  for (const [rung] of rungShares(plan.method, settings).entries()) {
    if (rung > 0) alive = Math.max(1, Math.floor(alive / reduction));
    count += alive * plan.seeds.length;
  }
  return count;
}

/** The better third, at least one; a setting without any result does not go on while another has one. Ties keep the order. */
function survivors(alive: readonly number[], trials: readonly SweepTrial[]): number[] {
  const score = (setting: number): number => meanOf(trials.filter((trial) => trial.setting === setting)) ?? -Infinity;
  const ranked = alive
    .map((setting) => ({ setting, score: score(setting) }))
    .sort((a, b) => b.score - a.score || a.setting - b.setting);
  return ranked
    .slice(0, Math.max(1, Math.floor(alive.length / reduction)))
    .map(({ setting }) => setting)
    .sort((a, b) => a - b);
}
