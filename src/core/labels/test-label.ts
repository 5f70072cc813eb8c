import type { Label } from './label';

/** An anomaly that a user has marked, for tests that look at some of its fields. */
export const testLabel = (label: Partial<Label> & Pick<Label, 'start' | 'end'>): Label => ({
  ...{ id: `${label.start}`, class: 'anomaly', comment: '', channels: [], origin: 'user' },
  ...label,
});
