/** One line of the comparison with scikit-learn. */
export interface ClassicalMeasurement {
  readonly id: string;
  readonly title: string;
  /** Id of the detector, and name of the twin's job. */
  readonly job: string;
  /** Rows to train on and as many to score, channels, and parameters of the detector; the twin gets the same. */
  readonly shape: Readonly<Record<string, number>> & { readonly rows: number; readonly channels: number; readonly window?: number };
  /** Rounds, each with both sides in turn, every time in new processes; fewer where one is long. */
  readonly rounds: number;
  /** Most of the twin's time that ours may take; absent: shown without a goal. */
  readonly goal?: number;
  /** Most memory that ours may hold, MB. */
  readonly memoryMb?: number;
  /** Both sides compute the same numbers; absent: they draw at random or standardise otherwise. */
  readonly exact?: true;
}

/** Neighbours among as many as there are. */
const all = { memory: 200_000 };

export const classicalPlan: readonly ClassicalMeasurement[] = [
  {
    ...{ id: 'knn', title: 'KNN, k 5, 100,000 x 8', job: 'knn', rounds: 3, goal: 1, memoryMb: 1000, exact: true },
    shape: { rows: 100_000, channels: 8, window: 1, neighbours: 5, ...all },
  },
  {
    ...{ id: 'lof', title: 'LOF, k 20, 100,000 x 8', job: 'lof', rounds: 3, goal: 1, memoryMb: 1000, exact: true },
    shape: { rows: 100_000, channels: 8, window: 1, neighbours: 20, ...all },
  },
  {
    ...{ id: 'knn-windows', title: 'KNN, k 5, 20,000 windows of 168 rows', job: 'knn', rounds: 3, goal: 1, exact: true },
    shape: { rows: 20_000, channels: 1, window: 168, neighbours: 5, brute: 1 },
  },
  {
    ...{
      id: 'isolation-forest',
      title: 'isolation forest, 100 trees, 1,000,000 x 8',
      job: 'isolation-forest',
      rounds: 3,
      goal: 0.7,
    },
    shape: { rows: 1_000_000, channels: 8, window: 1, trees: 100, size: 256 },
  },
  {
    ...{ id: 'pca-fit', title: 'PCA, the fit alone, 1,000,000 x 50', job: 'pca-fit', rounds: 3, goal: 1.2, exact: true },
    shape: { rows: 1_000_000, channels: 50 },
  },
  {
    ...{ id: 'pca', title: 'PCA, T² and Q of 10 components, 1,000,000 x 50', job: 'pca', rounds: 3 },
    shape: { rows: 1_000_000, channels: 50, window: 1, components: 10, memory: 1_000_000 },
  },
  ...[
    { name: '8', width: '8', sizes: { channels: 8, window: 1 } },
    { name: '168', width: '168', sizes: { channels: 1, window: 168 } },
  ].flatMap(({ name, width, sizes }): ClassicalMeasurement[] => [
    {
      ...{ id: `svm-fit-${name}`, title: `OC-SVM, one fit and the decisions alone, 10,000 x ${width}`, job: 'svm-fit' },
      ...{ rounds: 5, goal: 1.2, exact: true, shape: { rows: 10_000, nu: 0.05, ...sizes } },
    },
    {
      ...{ id: `oc-svm-${name}`, title: `OC-SVM, 10,000 x ${width}`, job: 'oc-svm', rounds: 5 },
      shape: { rows: 10_000, nu: 0.05, memory: 20_000, ...sizes },
    },
  ]),
  {
    ...{ id: 'self-join', title: 'matrix profile of 100,000 rows with themselves, window 100', job: 'self-join', rounds: 3 },
    ...{ goal: 1.2, exact: true, shape: { rows: 100_000, channels: 1, window: 100 } },
  },
  {
    ...{ id: 'matrix-profile', title: 'matrix profile, 20,000 rows, window 100', job: 'matrix-profile', rounds: 1 },
    ...{ goal: 1.2, exact: true, shape: { rows: 20_000, channels: 1, window: 100 } },
  },
];
