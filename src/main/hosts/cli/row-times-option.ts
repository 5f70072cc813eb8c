import type { RowTimes } from '../../../core/ingest/recipe';
import { defaultFirstRow, firstRowOf, rowIntervalOf } from '../../../core/ingest/row-times';
import { usage } from './options';

/** Options of commands that import a file. */
export const rowTimesOptions = { 'row-interval': { type: 'string' }, 'first-row': { type: 'string' } } as const;

/** @param column - where the explanations of the command begin. */
export const rowTimesHelp = (column: number): string =>
  [
    '  --row-interval TIME'.padEnd(column) +
      'FILE has no times: make them from the order of the rows, such as 500ms, 1s, 10min apart',
    '  --first-row X'.padEnd(column) + `time of the first row (ISO 8601, default: ${defaultFirstRow})`,
    '',
  ].join('\n');

/** How times are to be made; undefined where they are not. @throws FaultlineError 'cli/usage'. */
export function rowTimesOf(given: {
  readonly 'row-interval'?: string | undefined;
  readonly 'first-row'?: string | undefined;
}): RowTimes | undefined {
  const { 'row-interval': interval, 'first-row': first = defaultFirstRow } = given;
  if (interval === undefined)
    return given['first-row'] === undefined ? undefined : usage('--first-row needs --row-interval, such as --row-interval 1s.');
  return {
    firstMs: firstRowOf(first) ?? usage(`--first-row must be a time such as 2026-01-01T00:00Z, not "${first}".`),
    stepMs: rowIntervalOf(interval) ?? usage(`--row-interval must be a time such as 500ms, 1s, 10min or 1h, not "${interval}".`),
  };
}
