import type { Recipe, TimeFormat } from '../../../core/ingest/recipe';

/** The choices of a recipe in the words of the sentence. */
export interface WordOption<T> {
  readonly value: T;
  readonly title: string;
}

export const encodings: readonly WordOption<Recipe['encoding']>[] = [
  { value: 'utf-8', title: 'UTF-8' },
  { value: 'utf-16le', title: 'UTF-16, little-endian' },
  { value: 'utf-16be', title: 'UTF-16, big-endian' },
  { value: 'windows-1252', title: 'Windows-1252' },
  { value: 'latin-1', title: 'Latin-1' },
];
export const delimiters: readonly WordOption<Recipe['delimiter']>[] = [
  { value: ',', title: 'comma' },
  { value: ';', title: 'semicolon' },
  { value: '\t', title: 'tab' },
  { value: '|', title: 'bar' },
];
export const decimals: readonly WordOption<Recipe['decimal']>[] = [
  { value: '.', title: 'point' },
  { value: ',', title: 'comma' },
];
export const thousands: readonly WordOption<Recipe['thousands']>[] = [
  { value: '', title: 'not marked' },
  { value: ',', title: 'marked by a comma' },
  { value: '.', title: 'marked by a point' },
  { value: ' ', title: 'marked by a space' },
  { value: "'", title: 'marked by an apostrophe' },
];
export const timeFormatTitles: Readonly<Record<TimeFormat, string>> = {
  iso: 'ISO 8601',
  ymd: 'year-month-day',
  dmy: 'day.month.year',
  mdy: 'month/day/year',
  'epoch-s': 'seconds since 1970',
  'epoch-ms': 'milliseconds since 1970',
  'epoch-us': 'microseconds since 1970',
  'epoch-ns': 'nanoseconds since 1970',
  'excel-serial': 'Excel day number',
};
export const timeFormatOptions = Object.entries(timeFormatTitles).map(([value, title]) => ({ value: value as TimeFormat, title }));

/** Title of a value among options; the value itself when it is not one of them. */
export function titleOf<T>(options: readonly WordOption<T>[], value: T): string {
  return options.find((o) => o.value === value)?.title ?? String(value);
}
