import { FaultlineError } from '../../errors';
import type { DataFacts } from '../detector';
import type { ChoiceParam, NumberParam } from '../params';

/** The parameters that all window detectors share, so that a comparison of them is one of methods. */
export const windowParam = {
  ...{ kind: 'integer', default: 4, min: 1, max: 512, unit: 'samples', title: 'Window p' },
  help: 'Rows looked at together. 1 looks at each row by itself; more rows show wrong shapes and wrong orders of normal values.',
} as const satisfies NumberParam;

export const spanParam = {
  ...{ kind: 'integer', default: 16, min: 0, max: 16_384, unit: 'samples', title: 'Span of a score' },
  help:
    'Rows that one score covers: scores within it are joined (fourth-power mean), which calms them and finds lasting faults. ' +
    '0, or less than the window: no joining.',
} as const satisfies NumberParam;

/** Values that the remembered windows may fill, 64 MB: a wide window leaves room for fewer of them. */
const MOST_VALUES = 16_000_000;

export const memoryParam = {
  ...{ kind: 'integer', default: 20_000, min: 50, max: 200_000, unit: 'windows', title: 'Windows learned from', expert: true },
  help:
    'At most so many windows of the training part are kept: one drawn at random from each of as many equal parts of it. ' +
    'Of very wide windows fewer are kept, 16 million values in all. Training and scoring take longer in proportion.',
} as const satisfies NumberParam;

/** What is done with more windows than are kept, where the method itself would be exact. */
export const beyondParam = {
  ...{ kind: 'choice', default: 'subset', title: 'More windows than that', expert: true },
  choices: [
    { value: 'subset', title: 'Random subset of them' },
    { value: 'refuse', title: 'Refuse' },
  ],
  help:
    'A subset is an approximation: one window drawn at random from each of as many equal parts; the log of the training says how many of how ' +
    'many. Refusing tells, before anything is calculated, how many could be taken.',
} as const satisfies ChoiceParam;

/** @throws FaultlineError 'detector/too-much-data' with the windows there are and those that are kept, where all were asked for. */
export function refuseBeyond(title: string, { beyond }: { readonly beyond: string }, windows: number, kept: number): void {
  if (beyond !== 'refuse' || windows <= kept) return;
  throw new FaultlineError(
    'detector/too-much-data',
    `The training period has ${windows} windows; ${title} with these settings keeps ${kept}. Choose a period of about ${kept} rows, let it keep more ` +
      'under "Windows learned from" (of wide windows fewer fit), or allow a random subset under "More windows than that".',
    { windows, most: kept },
  );
}

/** How many of `windows` windows are learned from. @param values - that they may fill. */
export function keptWindows(windows: number, width: number, most: number, values = MOST_VALUES): number {
  return Math.min(windows, most, Math.max(50, Math.floor(values / width)));
}

export function spanOf({ window, span }: { readonly window: number; readonly span: number }): number {
  return Math.max(window, span);
}

/** Rows that a score rests on where each of the joined rows is judged by the whole window that ends at it. */
export function reachOfRows({ window, span }: { readonly window: number; readonly span: number }): number {
  return window - 1 + Math.max(1, span);
}

/** Windows in a row that one score joins when a signal has a rhythm; as many as the network reads. */
const WINDOWS_IN_A_ROW = 7;
/** Values of a window that is proposed; methods with a covariance take no wider ones. */
const MOST_PROPOSED = 2000;
/** Training rows for each row of the span, so that enough is left to compare a block with. */
const ROWS_A_SPAN_ROW = 6;

/**
 * One tag: windows of its short cycle, seven in a row. Several tags tell more at once than after each other: four rows, four times,
 * as measured on the Tennessee Eastman plant.
 */
export function proposeWindow({ channels, trainRows, windowSamples }: DataFacts): {
  readonly window: number;
  readonly span: number;
} {
  const most = Math.max(1, Math.floor(trainRows / ROWS_A_SPAN_ROW));
  const [window, span] = channels > 1 ? [4, 16] : [windowSamples, WINDOWS_IN_A_ROW * windowSamples];
  const widest = Math.max(1, Math.floor(MOST_PROPOSED / channels));
  return { window: Math.min(window, most, widest, windowParam.max), span: Math.min(span, most) };
}
