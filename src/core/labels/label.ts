export const labelClasses = ['anomaly', 'normal', 'mode-change', 'instrument', 'ignore'] as const;
export type LabelClass = (typeof labelClasses)[number];

/** An interval that a person (or a label file) marked. `start` and `end` are both included. */
export interface Label {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly class: LabelClass;
  readonly comment: string;
  /** Tags it concerns; empty means the machine as a whole. */
  readonly channels: readonly string[];
  /** Where it came from: 'user', or the name of the file. */
  readonly origin: string;
}

/** The labels of one dataset; the revision grows with every change, so that a result names the labels it was made with. */
export interface LabelSet {
  readonly datasetId: string;
  readonly revision: number;
  readonly labels: readonly Label[];
}
