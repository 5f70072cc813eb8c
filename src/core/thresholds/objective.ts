import { FaultlineError } from '../errors';
import type { Objective } from './threshold';

const forms = 'f1, fbeta:B, cost:MISS,FALSE, recall:N, delay:N, events-per-day:N, quantile:Q, pot:Q, conformal:A';

/**
 * Reads `f1`, `fbeta:B`, `cost:MISS,FALSE`, `recall:N`, `delay:N`, `events-per-day:N`, `quantile:Q`, `pot:Q`, `conformal:A`, `contract`,
 * `manual` or `carried`.
 *
 * @throws FaultlineError 'threshold/bad-objective' naming the forms and the range of the number.
 */
export function parseObjective(text: string): Objective {
  const [kind = '', number] = text.trim().toLowerCase().split(':', 2);
  const value = number === undefined || number.trim() === '' ? NaN : Number(number);
  const need = (fits: boolean, wanted: string): void => {
    if (!fits) throw new FaultlineError('threshold/bad-objective', `"${kind}" needs ${wanted}; given was "${text}".`, { text });
  };
  switch (kind) {
    case 'f1':
    case 'contract':
    case 'manual':
    case 'carried':
      need(number === undefined, 'no number');
      return { kind };
    case 'fbeta':
      need(value > 0 && value <= 100, 'a number above 0 and up to 100, such as fbeta:2');
      return { kind, beta: value };
    case 'cost': {
      const [miss = NaN, falseEvent = NaN] = (number ?? '').split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
      need(
        miss >= 0 && falseEvent >= 0 && miss + falseEvent > 0 && miss + falseEvent < Infinity,
        'the costs of a miss and of a false event, such as cost:5000,200',
      );
      return { kind, miss, falseEvent };
    }
    case 'recall':
    case 'delay':
    case 'events-per-day':
      need(value > 0 && value <= 10_000, `a number of false events a day above 0, such as ${kind}:0.5`);
      return { kind, limit: value };
    case 'conformal':
      need(value > 0 && value < 1, 'a p-value between 0 and 1, such as conformal:0.001');
      return { kind, alpha: value };
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
    case 'cost':
      return `cost:${objective.miss},${objective.falseEvent}`;
    case 'recall':
    case 'delay':
    case 'events-per-day':
      return `${objective.kind}:${objective.limit}`;
    case 'conformal':
      return `conformal:${objective.alpha}`;
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
    case 'cost':
      return `least cost, ${objective.miss} for a miss and ${objective.falseEvent} for a false event`;
    case 'recall':
      return `most anomalies caught with at most ${objective.limit} false events a day`;
    case 'delay':
      return `shortest median delay with at most ${objective.limit} false events a day`;
    case 'events-per-day':
      return `at most ${objective.limit} false events a day`;
    case 'conformal':
      return `conformal p-value of at most ${objective.alpha} among normal blocks`;
    case 'contract':
      return 'the event-budget contract';
    case 'carried':
      return 'carried over from the run the model was calibrated with';
    case 'quantile':
      return `quantile ${objective.q} of normal scores`;
    case 'pot':
      return `tail fit (peaks over threshold) at ${objective.q} of normal scores`;
    case 'manual':
      return 'set by hand';
  }
}
