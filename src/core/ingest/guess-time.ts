import { count } from './numbers';
import type { TimeFormat } from './recipe';
import { timeReader, utcText } from './times';

export interface TimeGuess {
  readonly column: number;
  readonly format: TimeFormat;
  readonly text: string;
  readonly doubt: boolean;
  /** Index of the first record whose time can be read. */
  readonly firstRecord: number;
  /** True when the times carry an offset of their own. */
  readonly hasOffset: boolean;
}

const timeName = /time|date|datum|zeit|stamp|epoch|uhr|fecha|hora|heure|^ts$|^t$/i;
const calendars = ['iso', 'ymd', 'dmy', 'mdy'] as const;
/** 1990 to 2100 in s; outside of it a whole number is a reading rather than a time. */
const EPOCH_FROM = 631_152_000;
const EPOCH_TO = 4_102_444_800;
const epochScale = { 'epoch-s': 1, 'epoch-ms': 1e3, 'epoch-us': 1e6, 'epoch-ns': 1e9 } as const;

interface Read {
  readonly format: TimeFormat;
  readonly hits: number;
  readonly first: number;
  /** Steps that go back, and the largest over the median step: how unlike a clock the reading is. */
  readonly back: number;
  readonly uneven: number;
}

function readColumn(cells: readonly string[], format: TimeFormat): Read {
  const reader = timeReader(format, 'UTC');
  const times: number[] = [];
  let first = -1;
  cells.forEach((cell, i) => {
    const time = reader.read(cell);
    if (Number.isNaN(time)) return;
    if (first < 0) first = i;
    times.push(time);
  });
  const steps = times.slice(1).map((t, i) => t - times[i]!);
  const sizes = steps.map(Math.abs).sort((a, b) => a - b);
  const median = sizes[sizes.length >> 1] ?? 0;
  return {
    format,
    hits: times.length,
    first,
    back: steps.filter((s) => s < 0).length,
    uneven: (sizes.at(-1) ?? 0) / Math.max(median, 1),
  };
}

/** The calendar format that reads most cells; day and month are told apart by impossible dates, else by even steps (in doubt). */
function calendarOf(cells: readonly string[]): (Read & { readonly text: string; readonly doubt: boolean }) | null {
  const reads = calendars.map((format) => readColumn(cells, format));
  const best = reads.reduce((a, b) => (b.hits > a.hits ? b : a));
  if (best.hits === 0) return null;
  const [dmy, mdy] = [reads[2]!, reads[3]!];
  const all = `${count(best.hits)} of ${count(cells.length - best.first)} cells`;
  if (best.format === 'iso' || best.format === 'ymd' || dmy.hits !== mdy.hits) {
    const other = best.format === 'dmy' ? mdy : best.format === 'mdy' ? dmy : null;
    const against = other !== null && other.hits > 0 ? `; the other order fails in ${count(best.hits - other.hits)}` : '';
    return {
      ...best,
      text: `${all} are ${best.format === 'iso' ? 'ISO times' : best.format}${against}`,
      doubt: other !== null && other.hits > 0.9 * best.hits && best.hits < cells.length - best.first,
    };
  }
  const mdyBetter = mdy.back < dmy.back || (mdy.back === dmy.back && mdy.uneven < dmy.uneven);
  const even = mdy.back === dmy.back && mdy.uneven === dmy.uneven;
  const dots = cells.some((c) => /^\s*\d{1,2}\.\d{1,2}\./.test(c));
  const chosen = mdyBetter ? mdy : dmy;
  if (even && dots) return { ...dmy, text: `${all} fit both orders; dots between the parts mean day.month.year`, doubt: false };
  const why = even ? 'nothing tells them apart' : `${chosen.format} gives the more even steps`;
  return { ...chosen, text: `${all} fit day/month and month/day alike; ${why}`, doubt: true };
}

function epochOf(cells: readonly string[], named: boolean): (Read & { readonly text: string; readonly doubt: boolean }) | null {
  const numbers = cells.map((c) => (/^\s*\d+(?:[.,]\d*)?\s*$/.test(c) ? Number(c.replace(',', '.')) : NaN));
  const usable = numbers.filter((v) => !Number.isNaN(v));
  if (usable.length === 0) return null;
  for (const format of ['epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns'] as const) {
    const scale = epochScale[format];
    if (!usable.every((v) => v >= EPOCH_FROM * scale && v <= EPOCH_TO * scale)) continue;
    const read = readColumn(cells, format);
    // A reading that happens to be large does not keep growing.
    if (!named && (read.hits < 3 || read.back > 0.02 * read.hits)) continue;
    return {
      ...read,
      text: `${count(read.hits)} of ${count(cells.length - read.first)} cells are ${format.replace('-', ' in ')} of the years 1990 to 2100`,
      doubt: !named,
    };
  }
  const inDays = usable.every((v) => v >= 30_000 && v < 75_000);
  if (!inDays) return null;
  const read = readColumn(cells, 'excel-serial');
  if (!named && (read.back > 0 || read.hits < 3 || usable.every((v) => Number.isInteger(v)))) return null;
  return {
    ...read,
    text: `${count(read.hits)} of ${count(cells.length - read.first)} cells are Excel day numbers, the first ${utcText(timeReader('excel-serial', 'UTC').read(cells[read.first] ?? ''))}`,
    doubt: true,
  };
}

/**
 * The time column: the first that reads as calendar times throughout, else a named or steadily growing column of epoch counts.
 *
 * @param records - the first records of the file, names and units included.
 * @param fixedColumn - only this column is looked at, when given.
 */
export function guessTime(records: readonly (readonly string[])[], fixedColumn?: number): TimeGuess | null {
  const width = records.reduce((most, r) => Math.max(most, r.length), 0);
  const named = (c: number): boolean => records.slice(0, 5).some((r) => timeName.test(r[c] ?? ''));
  const candidates = fixedColumn === undefined ? Array.from({ length: width }, (_, c) => c) : [fixedColumn];
  // Names, units and a few words above the data are not times: a share of the records after the first ones must be.
  const enough = Math.max(1, Math.ceil((records.length - 5) * 0.5));
  let best: (TimeGuess & { readonly hits: number }) | null = null;
  const looks: ((cells: readonly string[], c: number) => ReturnType<typeof calendarOf>)[] = [
    (cells) => calendarOf(cells),
    (cells, c) => epochOf(cells.slice(cells.findIndex((cell) => /^\s*\d/.test(cell))), named(c)),
  ];
  for (const look of looks) {
    for (const c of candidates) {
      const cells = records.map((r) => r[c] ?? '');
      const read = look(cells, c);
      if (read === null || read.hits < enough || (best !== null && read.hits <= best.hits * 1.1)) continue;
      const reader = timeReader(read.format, 'UTC');
      const firstRecord = cells.findIndex((cell) => !Number.isNaN(reader.read(cell)));
      const hasOffset = cells
        .slice(firstRecord, firstRecord + 50)
        .some((cell) => /\d(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$/i.test(cell.trim()) && /\d:\d{2}/.test(cell));
      best = { column: c, format: read.format, text: read.text, doubt: read.doubt, firstRecord, hasOffset, hits: read.hits };
    }
    if (best !== null) return best;
  }
  return best;
}
