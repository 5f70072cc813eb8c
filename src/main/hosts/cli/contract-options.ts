import { catchOf, checkedContract, contractDefaults, parseContract } from '../../../core/budget/parse';
import type { EventContract } from '../../../core/budget/contract';
import { isFaultline } from '../../../core/errors';
import type { Label } from '../../../core/labels/label';
import { labelNames } from '../../../core/report/words';
import type { SearchKnob } from '../../../core/thresholds/suggest';
import type { Suppression } from '../../../core/thresholds/threshold';
import { seconds, usage, wholeNumber } from './options';

/** Options of the rule beside threshold, minimum duration and merge gap, and of the contract. */
export const contractOptions = {
  hysteresis: { type: 'string' },
  'dead-time': { type: 'string' },
  'mode-tag': { type: 'string' },
  'mode-edges': { type: 'string' },
  suppress: { type: 'string', multiple: true },
  search: { type: 'string' },
  contract: { type: 'string' },
  'max-false': { type: 'string' },
  'per-days': { type: 'string' },
  'must-catch': { type: 'string' },
  within: { type: 'string' },
  confidence: { type: 'string' },
  'in-mode': { type: 'string' },
} as const;

type Text = string | undefined;
export type ContractOptions = { readonly [K in Exclude<keyof typeof contractOptions, 'suppress'>]?: Text } & {
  readonly suppress?: readonly string[] | undefined;
};

/** The part of the help that tells these options. */
export const contractHelp = `  --hysteresis X           an event goes on while the score is at least the threshold less X (default: 0)
  --dead-time SECONDS      events that begin within this time after the one before are hidden and counted (default: 0)
  --mode-tag TAG           operating modes by the value of this tag, with
  --mode-edges A,B,…       their edges, ascending: mode 0 is below A, mode 1 from A to below B, and so on
  --suppress TAG:SHARE[:REASON]  hides events of which TAG has at least this share, 0 to 1; may be repeated
  --search KNOBS           found together with the threshold by cost, recall, delay and contract: any of
                           min-duration, merge-gap, hysteresis, dead-time, separated by commas
  --contract TEXT          what is promised, such as
                           "1 false event in 3 days, catch all, within 20 min, sure to 95 %, in mode 1";
                           kept with the threshold, and chooses it where no --objective is given. Or in single options:
  --max-false N            at most N false events …
  --per-days D             … in D days of normal time (default: 1)
  --must-catch LABELS      all, none, or labels such as L-03,L-06 (default: all)
  --within SECONDS         longest time from the start of a label to its event (default: no limit)
  --confidence C           of the limit on false events, 0.5 to 0.999 (default: 0.95)
  --in-mode K              only false events and normal time of mode K count (default: all time)
`;

/** Knobs of the rule and what is searched. */
export interface RuleOptions {
  readonly hysteresis?: number;
  readonly deadTimeMs?: number;
  readonly modes?: { channel: string; edges: number[] };
  readonly suppress?: Suppression[];
  readonly search?: SearchKnob[];
}

const knobs: Readonly<Record<string, SearchKnob>> = {
  'min-duration': 'minDuration',
  'merge-gap': 'mergeGap',
  hysteresis: 'hysteresis',
  'dead-time': 'deadTime',
};

/** @throws FaultlineError 'cli/usage'. */
export function readRule(given: ContractOptions): RuleOptions {
  const { hysteresis, search, suppress } = given;
  const edges = given['mode-edges'];
  if ((given['mode-tag'] === undefined) !== (edges === undefined)) usage('--mode-tag and --mode-edges belong together.');
  return {
    ...(hysteresis !== undefined && { hysteresis: positive('--hysteresis', hysteresis, 0) }),
    ...(given['dead-time'] !== undefined && { deadTimeMs: seconds('--dead-time', given['dead-time']) }),
    ...(given['mode-tag'] !== undefined && edges !== undefined && { modes: { channel: given['mode-tag'], edges: edgesOf(edges) } }),
    ...(suppress && suppress.length > 0 && { suppress: suppress.map(suppressionOf) }),
    ...(search !== undefined && { search: searchOf(search) }),
  };
}

/**
 * The contract of the options, with labels as they were written; undefined when none is given.
 *
 * @throws FaultlineError 'cli/usage'. Called before any work is begun.
 */
export function readContract(given: ContractOptions): EventContract | undefined {
  const single = (['max-false', 'per-days', 'must-catch', 'within', 'confidence', 'in-mode'] as const).filter(
    (name) => given[name] !== undefined,
  );
  if (given.contract !== undefined && single.length > 0) usage(`Give --contract or --${single[0]}, not both.`);
  if (given.contract === undefined && single.length === 0) return undefined;
  const contract = given.contract === undefined ? singleOf(given) : readable(() => parseContract(given.contract!));
  if (contract.mode !== null && given['mode-tag'] === undefined)
    usage('A contract for one mode needs --mode-tag and --mode-edges.');
  if (contract.mode !== null && contract.mode > edgesOf(given['mode-edges'] ?? '').length) {
    usage(
      `There is no mode ${contract.mode}: ${edgesOf(given['mode-edges'] ?? '').length} edges make modes 0 to ${edgesOf(given['mode-edges'] ?? '').length}.`,
    );
  }
  return contract;
}

function singleOf(given: ContractOptions): EventContract {
  const most = given['max-false'];
  if (most === undefined) return usage('A contract needs --max-false, the number of false events that are allowed.');
  const number = (name: 'per-days' | 'confidence', otherwise: number): number =>
    given[name] === undefined ? otherwise : positive(`--${name}`, given[name], 0);
  return readable(() =>
    checkedContract({
      falseEvents: positive('--max-false', most, 0),
      days: number('per-days', 1),
      confidence: number('confidence', contractDefaults.confidence),
      mustCatch: given['must-catch'] === undefined ? 'all' : catchOf(given['must-catch']),
      withinMs: given.within === undefined ? null : seconds('--within', given.within),
      mode: given['in-mode'] === undefined ? null : wholeNumber('--in-mode', given['in-mode']),
    }),
  );
}

/**
 * The contract with the ids of its labels.
 *
 * @param labels - all of the dataset; they go by the names that reports give them, L-01 in order of time, or by id.
 * @throws FaultlineError 'cli/usage' for one that is not there.
 */
export function withLabelIds(contract: EventContract, labels: readonly Label[]): EventContract {
  if (contract.mustCatch === 'all') return contract;
  const names = labelNames(labels);
  const idOf = (word: string): string => {
    const found = labels.find(({ id }) => id === word || names.get(id)?.toLowerCase() === word.toLowerCase());
    return found?.id ?? usage(`There is no label "${word}". There is: ${[...names.values()].join(', ') || 'none'}.`);
  };
  return { ...contract, mustCatch: contract.mustCatch.map(idOf) };
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!isFaultline(cause, 'threshold/bad-objective')) throw cause;
    return usage(cause.message, cause);
  }
}

function positive(option: string, text: string, min: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < min)
    usage(`${option} must be a number of at least ${min}, not "${text}".`);
  return value;
}

function edgesOf(text: string): number[] {
  const edges = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const ascending = edges.every((edge, k) => Number.isFinite(edge) && (k === 0 || edge > edges[k - 1]!));
  if (!ascending || edges.length > 8) usage(`--mode-edges must be 1 to 8 ascending numbers such as 500,1200, not "${text}".`);
  return edges;
}

function suppressionOf(text: string): Suppression {
  // The tag may hold colons itself (OPC names do): the share is the first number between colons.
  const found = /^(.+?):(0(?:\.\d+)?|1(?:\.0+)?|\.\d+)(?::(.*))?$/.exec(text);
  if (!found) return usage(`--suppress must be TAG:SHARE or TAG:SHARE:REASON with a share from 0 to 1, not "${text}".`);
  return { channel: found[1]!, minShare: Number(found[2]), reason: found[3] ?? '' };
}

function searchOf(text: string): SearchKnob[] {
  return text.split(',').map((name) => {
    const knob = knobs[name.trim().toLowerCase()];
    return knob ?? usage(`--search knows ${Object.keys(knobs).join(', ')}, not "${name.trim()}".`);
  });
}
