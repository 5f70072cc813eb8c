import { readFileSync } from 'node:fs';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import type { Split } from '../../../core/prepare/prepared';
import { FaultlineError } from '../../../core/errors';
import { formatCount } from '../../../core/report/format';

/** @throws FaultlineError 'cli/usage'; always, hence `never`. */
export function usage(message: string, cause?: unknown): never {
  throw new FaultlineError('cli/usage', message, {}, { cause });
}

/** Options that every command has. */
export const commonOptions = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
/** Options of every command that works on a project of the user. */
export const projectOptions = { ...commonOptions, project: { type: 'string' }, data: { type: 'string' } } as const;

/** `--threshold -3.5` as `--threshold=-3.5`: a negative number behind an option is its value, not another option. */
function withNegatives(args: readonly string[], options: ParseArgsOptionsConfig): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1);
    if (before?.startsWith('--') && options[before.slice(2)]?.type === 'string' && /^-\.?\d/.test(arg))
      joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

/**
 * The options of one command.
 *
 * @param positionals - names of the words that must follow the command, for the message.
 * @throws FaultlineError 'cli/usage' for an unknown option, a missing value, or another number of words.
 */
export function readArgs<T extends ParseArgsOptionsConfig>(
  command: string,
  args: readonly string[],
  options: T,
  positionals: readonly string[],
) {
  const parsed = (() => {
    try {
      return parseArgs({ args: withNegatives(args, options), options, allowPositionals: true, strict: true });
    } catch (cause) {
      const text = cause instanceof Error ? cause.message.split(/\.\s/)[0] : 'wrong options';
      return usage(`${text}. See "faultline ${command} --help".`, cause);
    }
  })();
  if (parsed.positionals.length !== positionals.length) {
    const wanted = positionals.length === 0 ? 'takes no further word' : `needs ${positionals.join(', ')}`;
    const given =
      parsed.positionals.length === 0
        ? 'none was'
        : parsed.positionals.length === 1
          ? 'one was'
          : `${parsed.positionals.length} were`;
    usage(`"faultline ${command}" ${wanted}, but ${given} given. See "faultline ${command} --help".`);
  }
  return parsed;
}

/** A whole number of at least 0, and at most `most`. */
export function wholeNumber(option: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    usage(`${option} must be a whole number of at least 0, not "${text}".`);
  if (value > most) usage(`${option} must be at most ${formatCount(most)}, not "${text}".`);
  return value;
}

/** Ten years; the contract takes no longer time. */
const mostSeconds = 3.2e8;

/** Seconds as milliseconds. */
export function seconds(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) usage(`${option} must be a number of seconds, not "${text}".`);
  if (value > mostSeconds) usage(`${option} must be at most ${formatCount(mostSeconds)} seconds, not "${text}".`);
  return value * 1000;
}

const isoTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A point of a period: a fraction from 0 to 1, or a time in ISO 8601 (UTC where it names no zone).
 *
 * @returns ms since 1970 UTC.
 */
export function pointOf(option: string, text: string, period: { readonly start: number; readonly end: number }): number {
  if (/^(0?\.\d+|[01](\.\d*)?)$/.test(text) && Number(text) <= 1) return period.start + Number(text) * (period.end - period.start);
  if (isoTime.test(text)) {
    const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
    const time = Date.parse(text.length === 10 || hasZone ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`);
    if (Number.isFinite(time)) return time;
  }
  return usage(`${option} must be a time such as 2014-01-15T08:00:00Z or a fraction such as 0.6, not "${text}".`);
}

/** The proposed split with the points the user gave. */
export function splitWith(
  proposed: Split,
  period: { readonly start: number; readonly end: number },
  given: { readonly 'train-until'?: string | undefined; readonly 'calibrate-until'?: string | undefined },
): Split {
  const point = (name: 'train-until' | 'calibrate-until', otherwise: number): number =>
    given[name] === undefined ? otherwise : pointOf(`--${name}`, given[name], period);
  const trainUntil = point('train-until', proposed.trainUntil);
  const proposedEnd = proposed.calibrateUntil > trainUntil ? proposed.calibrateUntil : trainUntil + (period.end - trainUntil) / 2;
  const calibrateUntil = point('calibrate-until', proposedEnd);
  if (calibrateUntil <= trainUntil) usage('--calibrate-until must come after --train-until.');
  return { ...proposed, trainUntil, calibrateUntil };
}

type ParamsGiven = Readonly<Record<string, number | string | boolean>>;

/** Detector parameters: JSON, or @FILE with JSON in it. Names and ranges are checked by the application. */
export function paramsOf(text: string): ParamsGiven {
  return checkedParams(objectOf(text, `'{"epochs": 20}'`));
}

/** Parameters by detector, `{"knn": {"k": 3}}`. @param ids - the detectors there are settings for. */
export function paramsByDetector(text: string | undefined, ids: readonly string[]): Readonly<Record<string, ParamsGiven>> {
  if (text === undefined) return {};
  const given = Object.entries(objectOf(text, `'{"knn": {"k": 3}}'`));
  return Object.fromEntries(
    given.map(([id, params]) => {
      if (!ids.includes(id)) usage(`--params has settings of "${id}", which is not compared.`);
      if (typeof params !== 'object' || params === null) usage(`--params of "${id}" must be an object, such as {"k": 3}.`);
      return [id, checkedParams(params)];
    }),
  );
}

function objectOf(text: string, example: string): object {
  let source = text;
  if (text.startsWith('@')) {
    try {
      source = readFileSync(text.slice(1), 'utf8');
    } catch (cause) {
      throw new FaultlineError('file/unreadable', `"${text.slice(1)}" of --params cannot be read.`, {}, { cause });
    }
  }
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    return usage(`--params must be JSON such as ${example}, or @FILE.`, cause);
  }
  return typeof value !== 'object' || value === null || Array.isArray(value) ? usage('--params must be a JSON object.') : value;
}

function checkedParams(value: object): ParamsGiven {
  for (const [name, param] of Object.entries(value)) {
    if (!['number', 'string', 'boolean'].includes(typeof param))
      return usage(`Parameter "${name}" of --params must be a number, a text, true or false.`);
  }
  return value as Record<string, number | string | boolean>;
}
