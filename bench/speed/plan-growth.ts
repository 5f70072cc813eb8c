/** What grows: rows, tags, samples of a window. */
export type Axis = 'rows' | 'channels' | 'window';

interface Sweep {
  readonly title: string;
  readonly values: readonly number[];
  /** The rest of the shape. */
  readonly shape: Readonly<Record<Axis, number>>;
}

export const growthSweeps: Readonly<Record<Axis, Sweep>> = {
  rows: { title: 'rows n, 8 tags', values: [1000, 4000, 16_000, 64_000, 256_000], shape: { rows: 0, channels: 8, window: 1 } },
  channels: { title: 'tags d, 4,000 rows', values: [2, 8, 32, 128], shape: { rows: 4000, channels: 0, window: 1 } },
  window: {
    title: 'samples of a window L, 4,000 rows of 4 tags',
    values: [4, 16, 64, 256],
    shape: { rows: 4000, channels: 4, window: 0 },
  },
};

/** Ids of detectors, learning from every row as far as they can: what grows is the method, not a cap. */
export const growthMethods: readonly {
  readonly id: string;
  readonly title: string;
  readonly params: Readonly<Record<string, number>>;
}[] = [
  { id: 'knn', title: 'KNN', params: { memory: 200_000 } },
  { id: 'lof', title: 'LOF', params: { memory: 200_000 } },
  { id: 'feature-bagging', title: 'feature bagging', params: { memory: 20_000 } },
  { id: 'whitened-windows', title: 'whitened windows', params: {} },
  { id: 'pca', title: 'PCA', params: { memory: 1_000_000 } },
  { id: 'isolation-forest', title: 'isolation forest', params: {} },
  { id: 'oc-svm', title: 'one-class SVM', params: { memory: 20_000 } },
  { id: 'matrix-profile', title: 'matrix profile, L 24', params: { memory: 200_000, window: 24 } },
];
