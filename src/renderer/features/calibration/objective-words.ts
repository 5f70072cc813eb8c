import type { SearchKnob } from '../../../core/thresholds/suggest';
import type { Objective } from '../../../core/thresholds/threshold';

/** Objectives that choose a threshold. */
export type ChosenKind = Exclude<Objective['kind'], 'manual' | 'carried'>;

/** What each objective is called in the sentence "Take the threshold with …", and what it needs. */
export interface ObjectiveWords {
  readonly kind: ChosenKind;
  readonly words: string;
  readonly needs: 'labels' | 'nothing' | 'contract';
  /** One line that says when to take it. */
  readonly when: string;
}

export const objectiveWords: readonly ObjectiveWords[] = [
  {
    kind: 'contract',
    words: 'the contract',
    needs: 'contract',
    when: 'Among the settings that keep it, one with room to its limits.',
  },
  { kind: 'f1', words: 'the best F1', needs: 'labels', when: 'Missed and false samples weigh alike.' },
  { kind: 'fbeta', words: 'the best F-beta', needs: 'labels', when: 'Beta 2 favours finding, 0.5 favours few false samples.' },
  { kind: 'cost', words: 'the least cost', needs: 'labels', when: 'You know what a miss and a false event cost.' },
  {
    kind: 'recall',
    words: 'the most labels caught',
    needs: 'labels',
    when: 'Somebody can look at so many false events a day, no more.',
  },
  { kind: 'delay', words: 'the shortest delay', needs: 'labels', when: 'Being early counts; false events are limited.' },
  {
    kind: 'events-per-day',
    words: 'a number of false events a day',
    needs: 'nothing',
    when: 'Without labels every event counts as false.',
  },
  {
    kind: 'quantile',
    words: 'a quantile of normal scores',
    needs: 'nothing',
    when: '0.999: one normal sample in a thousand lies above.',
  },
  {
    kind: 'pot',
    words: 'a tail fit of normal scores',
    needs: 'nothing',
    when: 'Goes beyond the highest score seen; look at the tail fit before you trust it.',
  },
  {
    kind: 'conformal',
    words: 'a conformal p-value',
    needs: 'nothing',
    when: 'Counts normal blocks without assuming a shape; needs many of them.',
  },
];

/** The numbers that objectives take, as the form keeps them. */
export interface ObjectiveNumbers {
  readonly beta: number;
  readonly miss: number;
  readonly falseEvent: number;
  readonly limit: number;
  readonly q: number;
  readonly alpha: number;
}
export const usualNumbers: ObjectiveNumbers = { beta: 2, miss: 10_000, falseEvent: 500, limit: 0.5, q: 0.999, alpha: 0.001 };

/** The objective of a kind with its numbers. */
export function objectiveOf(kind: ChosenKind, n: ObjectiveNumbers): Objective {
  switch (kind) {
    case 'fbeta':
      return { kind, beta: n.beta };
    case 'cost':
      return { kind, miss: n.miss, falseEvent: n.falseEvent };
    case 'recall':
    case 'delay':
    case 'events-per-day':
      return { kind, limit: n.limit };
    case 'quantile':
    case 'pot':
      return { kind, q: n.q };
    case 'conformal':
      return { kind, alpha: n.alpha };
    default:
      return { kind };
  }
}

/** The form's numbers after an objective was read from a stored choice. */
export function numbersOf(objective: Objective, before: ObjectiveNumbers): ObjectiveNumbers {
  const own: Partial<ObjectiveNumbers> = Object.fromEntries(Object.entries(objective).filter(([key]) => key in before));
  return { ...before, ...own };
}

/** What is wrong with the numbers of an objective; '' when they can be used. */
export function objectiveProblem(objective: Objective): string {
  switch (objective.kind) {
    case 'fbeta':
      return objective.beta > 0 && objective.beta <= 100 ? '' : 'Beta lies above 0 and up to 100.';
    case 'cost':
      return objective.miss >= 0 && objective.falseEvent >= 0 && objective.miss + objective.falseEvent > 0
        ? ''
        : 'Costs are 0 or more, and not both 0.';
    case 'recall':
    case 'delay':
    case 'events-per-day':
      return objective.limit > 0 && objective.limit <= 10_000 ? '' : 'The number of false events a day lies above 0.';
    case 'quantile':
    case 'pot':
      return objective.q > 0 && objective.q < 1 ? '' : 'The quantile lies between 0 and 1.';
    case 'conformal':
      return objective.alpha > 0 && objective.alpha < 1 ? '' : 'The p-value lies between 0 and 1.';
    default:
      return '';
  }
}

export const searchKnobs: readonly { readonly knob: SearchKnob; readonly words: string }[] = [
  { knob: 'minDuration', words: 'duration' },
  { knob: 'mergeGap', words: 'merge gap' },
  { knob: 'hysteresis', words: 'hysteresis' },
  { knob: 'deadTime', words: 'dead time' },
];

/** True for objectives that fit the threshold alone: the other knobs do not change what they optimise. */
export const fitsThresholdAlone = (kind: ChosenKind): boolean => ['quantile', 'pot', 'conformal'].includes(kind);
