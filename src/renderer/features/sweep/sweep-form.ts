import type { ParamSpec, ParamSpecs, ParamValue, ParamValues } from '../../../core/detectors/params';
import { trialCount } from '../../../core/sweep/plan';
import type { SweepPlan } from '../../../core/sweep/sweep';

/** Values to try, as they are typed; by parameter, only those that are ticked. */
export type TypedValues = Readonly<Record<string, string>>;

export interface ReadValues {
  readonly values: readonly ParamValue[];
  /** Why the text cannot be taken; '' when it can. */
  readonly error: string;
}

/** Most values of one parameter, as the contract has it. */
const MOST_VALUES = 50;

/** "16, 24, 32", "rms, max", "true, false" as values of a parameter; each within its range. */
export function readValues(text: string, spec: ParamSpec): ReadValues {
  const words = text
    .split(/[,;\s]+/)
    .map((w) => w.trim())
    .filter(Boolean);
  if (words.length === 0) return { values: [], error: 'type at least two values' };
  if (words.length > MOST_VALUES) return { values: [], error: `at most ${MOST_VALUES} values` };
  const values: ParamValue[] = [];
  for (const word of words) {
    const value = readOne(word, spec);
    if (typeof value === 'object') return { values: [], error: value.error };
    if (!values.includes(value)) values.push(value);
  }
  return { values, error: values.length < 2 ? 'one value is no choice: type another one' : '' };
}

function readOne(word: string, spec: ParamSpec): ParamValue | { readonly error: string } {
  switch (spec.kind) {
    case 'flag':
      if (/^(true|yes|on)$/i.test(word)) return true;
      return /^(false|no|off)$/i.test(word) ? false : { error: `"${word}" is not true or false` };
    case 'choice':
      return spec.choices.some((c) => c.value === word)
        ? word
        : { error: `"${word}" is none of ${spec.choices.map((c) => c.value).join(', ')}` };
    default: {
      const value = Number(word);
      if (!Number.isFinite(value)) return { error: `"${word}" is not a number` };
      if (spec.kind === 'integer' && !Number.isInteger(value)) return { error: `${word} is not a whole number` };
      return value < spec.min || value > spec.max ? { error: `${word} is not within ${spec.min} to ${spec.max}` } : value;
    }
  }
}

/** Values to begin with: all of a choice; of a number the present one, half and twice of it, within its range. */
export function proposedText(spec: ParamSpec, now: ParamValue | undefined): string {
  if (spec.kind === 'flag') return 'false, true';
  if (spec.kind === 'choice') return spec.choices.map((c) => c.value).join(', ');
  const present = typeof now === 'number' ? now : spec.default;
  const around = [present / 2, present, present * 2].map((v) => {
    const inside = Math.min(spec.max, Math.max(spec.min, v));
    return spec.kind === 'integer' ? Math.round(inside) : Number(inside.toPrecision(3));
  });
  return [...new Set(around)].join(', ');
}

export interface SweepSize {
  readonly settings: number;
  readonly trials: number;
}
/** Settings and trainings of a plan; 0 while a value cannot be read or nothing varies. */
export function sweepSize(space: SweepPlan['space'], plan: Pick<SweepPlan, 'method' | 'seeds'>): SweepSize {
  const names = Object.keys(space);
  const settings = names.length === 0 ? 0 : names.reduce((n, name) => n * space[name]!.length, 1);
  return settings < 2 ? { settings: 0, trials: 0 } : { settings, trials: trialCount(plan, settings) };
}

/** The typed values as a space; null while one of them cannot be read. */
export function spaceOf(typed: TypedValues, specs: ParamSpecs): SweepPlan['space'] | null {
  const space: Record<string, readonly ParamValue[]> = {};
  for (const [name, text] of Object.entries(typed)) {
    const spec = specs[name];
    if (!spec) continue;
    const read = readValues(text, spec);
    if (read.error) return null;
    space[name] = read.values;
  }
  return space;
}

/** Parameters that are not swept keep their value. */
export function fixedParams(params: ParamValues, space: SweepPlan['space']): ParamValues {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !(name in space)));
}
