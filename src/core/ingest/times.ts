import type { TimeFormat } from './recipe';
import { isDay, wallTime, zoneOf } from './zones';

/** Reads the time column row by row; it keeps the row before, to tell the two passes of a repeated hour apart. */
export interface TimeReader {
  /** ms since 1970 UTC, NaN when the text is not a time of the format. */
  read(text: string): number;
  /** True when the row just read showed a clock time that does not exist or exists twice. */
  readonly clockChange: boolean;
}

/** A clock time found in a text: as if UTC, with the offset when the text has one (ms, null otherwise). */
interface Clock {
  wall: number;
  offset: number | null;
}

const months = new Map<string, number>(
  [
    ['jan', 'jän', 'january', 'januar', 'janv'],
    ['feb', 'february', 'februar', 'févr'],
    ['mar', 'mär', 'mrz', 'march', 'märz', 'mars'],
    ['apr', 'april', 'avr'],
    ['may', 'mai'],
    ['jun', 'june', 'juni', 'juin'],
    ['jul', 'july', 'juli', 'juil'],
    ['aug', 'august', 'août'],
    ['sep', 'sept', 'september'],
    ['oct', 'okt', 'october', 'oktober'],
    ['nov', 'november'],
    ['dec', 'dez', 'december', 'dezember', 'déc'],
  ].flatMap((names, i) => names.map((name): [string, number] => [name, i + 1])),
);

const clockPart =
  '(?:[T ,]\\s*(\\d{1,2})[:.](\\d{2})(?:[:.](\\d{2})(?:[.,:](\\d{1,9}))?)?\\s*([AaPp]\\.?[Mm]\\.?)?\\s*(Z|z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?)?';
const isoPattern = new RegExp(`^(\\d{4})-(\\d{2})-(\\d{2})${clockPart}$`);
const ymdPattern = new RegExp(`^(\\d{4})(?:[/.\\- ](\\d{1,2})[/.\\- ](\\d{1,2})|(\\d{2})(\\d{2}))${clockPart}$`);
const numericPattern = new RegExp(`^(\\d{1,2})[/.\\- ](\\d{1,2})[/.\\- ](\\d{4}|\\d{2})${clockPart}$`);
const namedDmyPattern = new RegExp(`^(\\d{1,2})[/.\\- ]{1,2}([A-Za-zäéûô]{3,9})\\.?[/.\\- ](\\d{4}|\\d{2})${clockPart}$`);
const namedMdyPattern = new RegExp(`^([A-Za-zäéûô]{3,9})\\.?[/.\\- ](\\d{1,2}),?[/.\\- ](\\d{4}|\\d{2})${clockPart}$`);

/** Two-digit years as POSIX strptime reads them: 69 to 99 are 1969 to 1999, the rest 2000 to 2068. */
function fullYear(text: string): number {
  const year = Number(text);
  return text.length > 2 ? year : year + (year >= 69 ? 1900 : 2000);
}

/** Clock parts start at `from` in the match. Returns null for a time of day that is none. */
function clock(year: number, month: number, day: number, match: RegExpExecArray, from: number): Clock | null {
  if (!isDay(year, month, day)) return null;
  let hour = Number(match[from] ?? 0);
  const minute = Number(match[from + 1] ?? 0);
  const second = Number(match[from + 2] ?? 0);
  const fraction = match[from + 3];
  const half = match[from + 4];
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half[0] === 'P' || half[0] === 'p' ? 12 : 0);
  }
  const midnight = hour === 24 && minute === 0 && second === 0 && Number(fraction ?? 0) === 0;
  if ((hour > 23 && !midnight) || minute > 59 || second > 59) return null;
  const wall = wallTime(year, month, day, hour, minute, second) + (fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000);
  const zone = match[from + 5];
  if (zone === undefined) return { wall, offset: null };
  if (!/^[+-]/.test(zone)) return { wall, offset: 0 };
  const offset = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0)) * 60_000;
  return { wall, offset: zone[0] === '-' ? -offset : offset };
}

function digits(text: string, at: number, length: number): number {
  let value = 0;
  for (let i = at; i < at + length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** `YYYY-MM-DD?HH:MM:SS` without fraction and offset, the commonest form by far; -1 in any other case. */
function fastIso(text: string): number {
  if (text.length !== 19 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return -1;
  const between = text.charCodeAt(10);
  if ((between !== 32 && between !== 84) || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return -1;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)];
  const [hour, minute, second] = [digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)];
  if (year < 1970 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || !isDay(year, month, day))
    return -1;
  return wallTime(year, month, day, hour, minute, second);
}

function calendar(format: 'iso' | 'ymd' | 'dmy' | 'mdy', text: string): Clock | null {
  let m: RegExpExecArray | null;
  if (format === 'iso') {
    m = isoPattern.exec(text);
    return m === null ? null : clock(Number(m[1]), Number(m[2]), Number(m[3]), m, 4);
  }
  if (format === 'ymd') {
    m = ymdPattern.exec(text);
    return m === null ? null : clock(Number(m[1]), Number(m[2] ?? m[4]), Number(m[3] ?? m[5]), m, 6);
  }
  m = numericPattern.exec(text);
  if (m !== null) {
    const [day, month] = format === 'dmy' ? [m[1], m[2]] : [m[2], m[1]];
    return clock(fullYear(m[3]!), Number(month), Number(day), m, 4);
  }
  // A month in letters leaves no doubt about the order, but the column still has one order only.
  m = format === 'dmy' ? namedDmyPattern.exec(text) : namedMdyPattern.exec(text);
  if (m === null) return null;
  const [day, month] = format === 'dmy' ? [m[1]!, m[2]!] : [m[2]!, m[1]!];
  return clock(fullYear(m[3]!), months.get(month.toLowerCase()) ?? 0, Number(day), m, 4);
}

const integer = /^[+-]?\d+$/;
const decimalNumber = /^[+-]?\d+(?:[.,]\d*)?$/;
/** 9999-12-31T24:00 and 0001-01-01, the range of times taken. */
const LAST = wallTime(9999, 12, 31, 24, 0, 0);
const FIRST = wallTime(1, 1, 1, 0, 0, 0);

/** ms of an epoch count; digits are split as text, because nanoseconds since 1970 do not fit a double exactly. */
function epoch(text: string, digitsBelowMs: number): number {
  if (digitsBelowMs <= 0) {
    if (!decimalNumber.test(text)) return NaN;
    const value = Number(text.replace(',', '.'));
    return digitsBelowMs === -3 ? value * 1000 : value;
  }
  if (!integer.test(text)) return NaN;
  const negative = text[0] === '-';
  const bare = text.replace(/^[+-]/, '').padStart(digitsBelowMs + 1, '0');
  const ms = Number(bare.slice(0, -digitsBelowMs)) + Number(`0.${bare.slice(-digitsBelowMs)}`);
  return negative ? -ms : ms;
}

const epochDigits = { 'epoch-s': -3, 'epoch-ms': 0, 'epoch-us': 3, 'epoch-ns': 6 } as const;

/** Days of 1900 to 9999 in Excel's count, which starts on 1899-12-30 (its 1900 leap day is a bug kept on purpose). */
const EXCEL_EPOCH = wallTime(1899, 12, 30, 0, 0, 0);
const EXCEL_LAST = 2_958_466;

function excelSerial(text: string): number {
  if (!decimalNumber.test(text)) return NaN;
  const days = Number(text.replace(',', '.'));
  return days >= 1 && days < EXCEL_LAST ? Math.round(EXCEL_EPOCH + days * 86_400_000) : NaN;
}

/**
 * A reader of one time column.
 *
 * Texts with an offset (iso) mean that instant; others are clock times of `timeZone`. A time skipped by the clock is read with the
 * offset before the skip; of a repeated one the first reading is taken while time goes on, else the second.
 *
 * @throws RangeError for an unknown zone.
 */
export function timeReader(format: TimeFormat, timeZone: string): TimeReader {
  const zone = zoneOf(timeZone);
  let previous = -Infinity;
  const reader = {
    clockChange: false,
    read(raw: string): number {
      reader.clockChange = false;
      let result: number;
      if (format === 'iso' && timeZone === 'UTC') {
        result = fastIso(raw);
        if (result !== -1) return result;
      }
      const text = raw.trim();
      if (format === 'epoch-s' || format === 'epoch-ms' || format === 'epoch-us' || format === 'epoch-ns') {
        result = epoch(text, epochDigits[format]);
        return result >= FIRST && result <= LAST ? result : NaN;
      }
      const found = format === 'excel-serial' ? serialClock(text) : calendar(format, text);
      if (found === null) return NaN;
      if (found.offset !== null) result = found.wall - found.offset;
      else {
        const { utc, exists } = zone.fromWall(found.wall);
        reader.clockChange = !exists || utc.length > 1;
        result = utc[0]!;
        if (utc.length > 1 && result <= previous) result = utc[1]!;
      }
      previous = result;
      return result;
    },
  };
  return reader;
}

function serialClock(text: string): Clock | null {
  const wall = excelSerial(text);
  return Number.isNaN(wall) ? null : { wall, offset: null };
}

/** A time shown as UTC text for evidence sentences: 2026-05-18 14:07:00. */
export function utcText(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '');
}
