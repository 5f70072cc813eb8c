import { FaultlineError } from '../errors';
import { formatDuration } from '../report/format';
import type { EventContract } from './contract';
import { allowancePhrase, percentOf } from './words';

/** What a contract promises where nothing else is said. */
export const contractDefaults = { confidence: 0.95, mustCatch: 'all', withinMs: null, mode: null } as const;

/** Ranges of the numbers of a contract. */
export const contractRanges = {
  falseEvents: { min: 0, max: 1e6 },
  days: { min: 0.001, max: 36_500 },
  confidence: { min: 0.5, max: 0.999 },
  mode: { min: 0, max: 8 },
} as const;

const example = '"1 false event in 3 days, catch all, within 20 min, sure to 95 %"';
const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  sec: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  week: 604_800_000,
};
const number = String.raw`(\d+(?:\.\d+)?)`;
const unit = String.raw`(s|sec|min|h|d|day|week)s?`;

const rateForm = new RegExp(`^(?:at most )?(?:${number}|no|one) false events? (?:in|per) (?:${number} ?)?${unit}$`);
const withinForm = new RegExp(`^(?:each )?(?:found )?within ((?:${number} ?${unit} ?)+)$`);
const sureForm = new RegExp(`^(?:sure|confident) to ${number} ?%$`);
const modeForm = /^(?:while )?in mode (\d+)$/;
const catchForm = /^(?:must )?catch (.+)$/i;

/**
 * Reads a contract in words: promises separated by commas or semicolons, in any order, the number of false events among them. Those that
 * are not made have the values of `contractDefaults`.
 *
 * @returns the contract; `mustCatch` holds the words for the labels as written, separated by "and", "+" or blanks.
 * @throws FaultlineError 'threshold/bad-objective' that names the part it does not understand, or a number out of its range.
 */
export function parseContract(text: string): EventContract {
  const found: Partial<Record<keyof EventContract, unknown>> & { falseEvents?: number; days?: number } = {};
  for (const piece of text.replace(/\.\s*$/, '').split(/[,;]/)) {
    const words = piece.trim().replace(/\s+/g, ' ');
    if (words === '') continue;
    Object.assign(found, promise(words, text));
  }
  if (found.falseEvents === undefined) throw bad(text, 'it does not say how many false events in how many days');
  return checkedContract({ ...contractDefaults, ...(found as Pick<EventContract, 'falseEvents' | 'days'>) });
}

function promise(words: string, text: string): Partial<EventContract> {
  const lower = words.toLowerCase();
  const rate = rateForm.exec(lower);
  if (rate) {
    const falseEvents = rate[1] === undefined ? (lower.includes('one false') ? 1 : 0) : Number(rate[1]);
    return { falseEvents, days: (Number(rate[2] ?? 1) * unitMs[rate[3]!]!) / unitMs['d']! };
  }
  const within = withinForm.exec(lower);
  if (within) return { withinMs: durationOf(within[1]!) };
  const sure = sureForm.exec(lower);
  if (sure) return { confidence: Number((Number(sure[1]) / 100).toFixed(9)) };
  const mode = modeForm.exec(lower);
  if (mode) return { mode: Number(mode[1]) };
  const labels = catchForm.exec(words);
  if (labels) return { mustCatch: catchOf(labels[1]!) };
  throw bad(text, `"${words}" is not a promise that is known`);
}

/** 'all', nothing, or label names separated by commas, "and", "+" or blanks. */
export function catchOf(words: string): EventContract['mustCatch'] {
  if (/^(all|every labelled anomaly|every label)$/i.test(words.trim())) return 'all';
  if (/^(nothing|none)$/i.test(words.trim())) return [];
  return words.split(/\s*[,;+]\s*|\s+and\s+|\s+/i).filter((name) => name !== '');
}

/** The same contract. @throws FaultlineError 'threshold/bad-objective' for a number out of its range. */
export function checkedContract(contract: EventContract): EventContract {
  for (const [name, { min, max }] of Object.entries(contractRanges)) {
    const value = contract[name as keyof typeof contractRanges];
    if (value === null || (value >= min && value <= max)) continue;
    const words = {
      falseEvents: 'number of false events',
      days: 'number of days',
      confidence: 'confidence',
      mode: 'mode',
    } as const;
    throw new FaultlineError(
      'threshold/bad-objective',
      `The ${words[name as keyof typeof words]} of a contract is ${min} to ${max}, not ${value}.`,
      { value },
    );
  }
  return contract;
}

/** The text that `parseContract` reads; labels by id. */
export function formatContract(contract: EventContract): string {
  const { confidence, mustCatch, withinMs, mode } = contract;
  return [
    allowancePhrase(contract),
    `catch ${mustCatch === 'all' ? 'all' : mustCatch.length === 0 ? 'nothing' : mustCatch.join(' and ')}`,
    ...(withinMs === null ? [] : [`within ${formatDuration(withinMs)}`]),
    `sure to ${percentOf(confidence)}`,
    ...(mode === null ? [] : [`in mode ${mode}`]),
  ].join(', ');
}

function durationOf(text: string): number {
  return [...text.matchAll(new RegExp(`${number} ?${unit}(?![a-z])`, 'g'))].reduce(
    (sum, match) => sum + Number(match[1]) * unitMs[match[2]!]!,
    0,
  );
}

function bad(text: string, why: string): FaultlineError {
  return new FaultlineError('threshold/bad-objective', `The contract "${text}" cannot be read: ${why}. An example: ${example}.`, {
    text,
  });
}
