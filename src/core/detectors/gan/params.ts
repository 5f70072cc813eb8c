import type { DataFacts, Preset } from '../detector';
import type { ParamSpecs, ParamsOf, ParamValues } from '../params';

export const specs = {
  window: {
    ...{ kind: 'integer', default: 30, min: 4, max: 512, unit: 'samples', title: 'Window L' },
    help: 'Length of the windows that the generator imitates. About one short cycle or the length of a typical disturbance.',
  },
  span: {
    ...{ kind: 'integer', default: 0, min: 0, max: 16_384, unit: 'samples', title: 'Aggregation span', expert: true },
    help: 'A score then stands for this many rows that end at it (power mean of the scores of the rows). Below the window: no aggregation.',
  },
  stride: {
    ...{ kind: 'integer', default: 5, min: 1, max: 512, unit: 'samples', title: 'Stride when scoring' },
    help: 'Rows between the windows that are rebuilt. Half of it costs twice the time; at most the window.',
  },
  mapping: {
    ...{ kind: 'choice', default: 'dire', title: 'From windows to rows' },
    choices: [
      { value: 'dire', title: 'DIRE: mean over all windows that cover the row' },
      { value: 'last', title: 'Last: the window that ends at the row' },
    ],
    help:
      'DIRE is the published rule; it looks up to one window less one row ahead, so a score is final only then. ' +
      'Last uses no later row, for use while a plant runs; it rebuilds a window for every row, whatever the stride.',
  },
  score: {
    ...{ kind: 'choice', default: 'fused', title: 'Score' },
    choices: [
      { value: 'fused', title: 'Fused: residual and discrimination' },
      { value: 'residual', title: 'Residual: distance from the nearest window that the generator makes' },
      { value: 'discrimination', title: 'Discrimination: how little real the discriminator finds the window' },
    ],
    help: 'Both parts read the same networks. The discriminator alone is unsafe: it may find an unknown fault more real than normal data.',
  },
  lambda: {
    ...{ kind: 'number', default: 0.5, min: 0, max: 1, unit: '', title: 'Weight of the residual λ' },
    help: 'Share of the residual in the fused score; the discrimination has the rest. Choose it with labels where there are any.',
  },
  steps: {
    ...{ kind: 'integer', default: 4500, min: 0, max: 100_000, unit: 'steps', title: 'Training steps' },
    help: 'One step trains the generator once and the discriminator once. 0 leaves both untrained: a control that a trained model must beat.',
  },
  latent: {
    ...{ kind: 'integer', default: 3, min: 1, max: 64, unit: '', title: 'Latent size', expert: true },
    help: 'Numbers that drive the generator at each sample. Fewer than there are tags: with many it can imitate anything, anomalies included.',
  },
  constantShare: {
    ...{ kind: 'number', default: 0.67, min: 0, max: 1, unit: '', title: 'Constant latent share', expert: true },
    help: 'Share of the latent numbers that keep one value over the window; the others are free at each sample.',
  },
  hidden: {
    ...{ kind: 'integer', default: 32, min: 4, max: 512, unit: '', title: 'Hidden units', expert: true },
    help: 'Cells of the LSTM in the generator and in the discriminator.',
  },
  batch: {
    ...{ kind: 'integer', default: 128, min: 4, max: 1024, unit: 'windows', title: 'Batch size', expert: true },
    help: 'Real windows, and as many generated ones, in one step.',
  },
  generatorRate: {
    ...{ kind: 'number', default: 0.002, min: 0.00001, max: 0.1, unit: '', title: 'Learning rate of the generator', expert: true },
    help: 'The same throughout the training.',
  },
  discriminatorFactor: {
    ...{ kind: 'number', default: 3, min: 0.1, max: 20, unit: 'times', title: 'Learning rate of the discriminator', expert: true },
    help: 'In multiples of the generator’s rate. Two to four keep the discriminator ahead, which the generator learns from.',
  },
  inversionSteps: {
    ...{ kind: 'integer', default: 25, min: 1, max: 500, unit: 'updates', title: 'Search updates', expert: true },
    help: 'Updates of the search for the latent numbers that rebuild a window. More follow the data closer, anomalies included.',
  },
  inversionRate: {
    ...{ kind: 'number', default: 0.05, min: 0.0001, max: 1, unit: '', title: 'Rate of the search', expert: true },
    help: 'Size of the updates (RMSprop).',
  },
  starts: {
    ...{ kind: 'integer', default: 2, min: 1, max: 16, unit: '', title: 'Starts of the search', expert: true },
    help: 'Searches for each window; the best one counts. One begins at the neighbouring window’s result, the others at random.',
  },
  tolerance: {
    ...{ kind: 'number', default: 0.001, min: 0, max: 1, unit: '', title: 'Tolerance of the search', expert: true },
    help: 'The search of a batch ends early when five updates lower its mean error by less than this share. 0: never.',
  },
} as const satisfies ParamSpecs;

export type GanParams = ParamsOf<typeof specs>;

export const presets: readonly Preset[] = [
  {
    id: 'fast',
    help: 'A third of the steps and one search for each window: a first look.',
    params: { steps: 1500, starts: 1, stride: 10 },
  },
  { id: 'balanced', help: 'A few minutes on one core; the settings that were measured.', params: {} },
  {
    id: 'paper',
    help: 'Windows of 90, 100 cells, 15 latent numbers, all free, batches of 512: about 2 seconds a step on a CPU, hours in all.',
    params: { window: 90, hidden: 100, latent: 15, constantShare: 0, batch: 512, generatorRate: 0.0005, discriminatorFactor: 1 },
  },
];

/** Training rows for each row of the window, so that enough is left to hold out. */
const ROWS_A_WINDOW_ROW = 6;

/** Fewer latent numbers than tags, and the window that the data suggest. */
export function propose({ channels, trainRows, windowSamples }: DataFacts): ParamValues {
  const most = Math.min(specs.window.max, Math.floor(trainRows / ROWS_A_WINDOW_ROW));
  const window = Math.max(specs.window.min, Math.min(most, windowSamples));
  return {
    window,
    stride: Math.max(1, Math.round(window / 6)),
    latent: Math.min(specs.latent.max, Math.max(2, channels - 1)),
  };
}

/** Rows that one score stands for. */
export function spanOf({ window, span }: GanParams): number {
  return Math.max(window, span);
}

/** Rows between windows when scoring. */
export function strideOf({ mapping, stride, window }: GanParams): number {
  return mapping === 'last' ? 1 : Math.min(stride, window);
}
