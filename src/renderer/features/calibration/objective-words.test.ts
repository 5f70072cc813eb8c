import { expect, it } from 'vitest';
import { formatObjective, parseObjective } from '../../../core/thresholds/objective';
import { numbersOf, objectiveOf, objectiveProblem, objectiveWords, usualNumbers } from './objective-words';

it('knows every objective that chooses a threshold, and none twice', () => {
  const forms = [
    'contract',
    'f1',
    'fbeta:2',
    'cost:10000,500',
    'recall:0.5',
    'delay:0.5',
    'events-per-day:0.5',
    'quantile:0.999',
    'pot:0.999',
    'conformal:0.001',
  ];
  expect(objectiveWords.map(({ kind }) => formatObjective(objectiveOf(kind, usualNumbers)))).toEqual(forms);
});
it('takes the numbers of a stored objective over', () => {
  for (const text of ['fbeta:0.5', 'cost:70,3', 'recall:2', 'pot:0.99', 'conformal:0.01']) {
    const stored = parseObjective(text);
    const { kind } = objectiveWords.find((o) => o.kind === stored.kind)!;
    expect(objectiveOf(kind, numbersOf(stored, usualNumbers))).toEqual(stored);
  }
});
it('refuses numbers that mean nothing', () => {
  expect(objectiveProblem({ kind: 'cost', miss: 0, falseEvent: 0 })).not.toBe('');
  expect(objectiveProblem({ kind: 'quantile', q: 1 })).not.toBe('');
  expect(objectiveProblem({ kind: 'recall', limit: NaN })).not.toBe('');
  expect(objectiveProblem({ kind: 'delay', limit: 0.1 })).toBe('');
});
