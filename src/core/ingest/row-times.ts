import { durationOf } from '../duration';
import type { RowTimes } from './recipe';
import { timeReader } from './times';

/** Time of the first row where nothing else is said: a date that nobody takes for a measured one. */
export const defaultFirstRow = '2000-01-01T00:00:00Z';
export const defaultRowTimes: RowTimes = { firstMs: Date.parse(defaultFirstRow), stepMs: 1000 };
/** The contract takes no shorter and no longer one: 1 µs, and ten years. */
const shortest = 0.001;
const longest = 3.2e11;
const intervalUnits = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;
/** 9999-12-31T24:00. */
const LAST = 253_402_300_800_000;

/** ms since 1970 UTC of the row `row` (0-based, without lines of names, units and blank ones); NaN after the year 9999. */
export function rowTime({ firstMs, stepMs }: RowTimes, row: number): number {
  const time = firstMs + row * stepMs;
  return time <= LAST ? time : NaN;
}

/** The interval of rows in ms; null where the text is none. */
export function rowIntervalOf(text: string): number | null {
  const ms = durationOf(text);
  return ms !== null && ms >= shortest && ms <= longest ? ms : null;
}

/** ms since 1970 UTC of an ISO time, UTC where it names no offset; null where the text is none. */
export function firstRowOf(text: string): number | null {
  const time = timeReader('iso', 'UTC').read(text);
  return Number.isNaN(time) ? null : time;
}

/** An interval as `rowIntervalOf` reads it, never rounded: "1 s", "1.5 min", "0.05 ms". */
export function rowIntervalText(stepMs: number): string {
  const [name, size] = intervalUnits.find(([, size]) => stepMs >= size && Number.isInteger((stepMs / size) * 1000)) ?? ['ms', 1];
  return `${stepMs / size} ${name}`;
}

/** A time as `firstRowOf` reads it, in UTC. */
export function firstRowText(firstMs: number): string {
  return new Date(firstMs)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '');
}

/** "1 s apart, the first at 2000-01-01 00:00:00 UTC" */
export function rowTimesText({ firstMs, stepMs }: RowTimes): string {
  return `${rowIntervalText(stepMs)} apart, the first at ${firstRowText(firstMs)} UTC`;
}
