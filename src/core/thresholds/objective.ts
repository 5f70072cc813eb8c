import { FaultlineError } from '../errors';
import type { Objective } from './threshold';

const forms = 'f1, fbeta:B, events-per-day:N, quantile:Q, pot:Q';

/**
 * Reads `f1`, `fbeta:B`, `events-per-day:N`, `quantile:Q`, `pot:Q` or `manual`.
 *
 * @throws FaultlineError 'threshold/bad-objective' naming the forms and the range of the number.
 */
export function parseObjective(text: string): Objective {
  const [kind = '', number] = text.trim().toLowerCase().split(':', 2);
  const value = number === undefined || number.trim() === '' ? NaN : Number(number);
  const need = (fits: boolean, wanted: string): void => {
    if (!fits) throw new FaultlineError('threshold/bad-objective', `In "${text}" ${kind} needs ${wanted}.`, { text });
  };
  switch (kind) {
    case 'f1':
    case 'manual':
      need(number === undefined, 'no number');
      return { kind };
    case 'fbeta':
      need(value > 0 && value <= 100, 'a number above 0 and up to 100, such as fbeta:2');
      return { kind, beta: value };
    case 'events-per-day':
      need(value > 0 && value <= 10_000, 'a number above 0, such as events-per-day:0.5');
      return { kind, limit: value };
    case 'quantile':
    case 'pot':
      need(value > 0 && value < 1, `a number between 0 and 1, such as ${kind}:0.999`);
      return { kind, q: value };
    default:
      throw new FaultlineError('threshold/bad-objective', `"${text}" is not an objective. Use one of ${forms}.`, { text });
  }
}

/** The text that `parseObjective` reads. */
export function formatObjective(objective: Objective): string {
  switch (objective.kind) {
    case 'fbeta':
      return `fbeta:${objective.beta}`;
    case 'events-per-day':
      return `events-per-day:${objective.limit}`;
    case 'quantile':
    case 'pot':
      return `${objective.kind}:${objective.q}`;
    default:
      return objective.kind;
  }
}

/** The objective in plain words: "best F1 per sample", "at most 0.5 false events a day". */
export function describeObjective(objective: Objective): string {
  switch (objective.kind) {
    case 'f1':
      return 'best F1 per sample';
    case 'fbeta':
      return `best F-beta per sample with beta ${objective.beta}`;
    case 'events-per-day':
      return `at most ${objective.limit} false events a day`;
    case 'quantile':
      return `quantile ${objective.q} of normal scores`;
    case 'pot':
      return `tail fit (peaks over threshold) at ${objective.q} of normal scores`;
    case 'manual':
      return 'set by hand';
  }
}
