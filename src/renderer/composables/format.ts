import type { ParamValue } from '../../core/detectors/params';
import * as core from '../../core/report/format';

export { formatBytes, formatCount, formatLength } from '../../core/report/format';

/** How numbers, times and sizes are written everywhere: 3 to 4 significant digits, unit beside, minus as a minus sign. */

const MINUS = '−';
const DASH = '–';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A number with at least `digits` significant digits, as in reports; a dash for what is not there. */
export function formatNumber(value: number | null | undefined, digits = 4): string {
  return value === null || value === undefined || Number.isNaN(value) ? DASH : core.formatNumber(value, digits);
}

/** A parameter's value as it was written in the spec or typed: nothing is rounded. */
export function valueText(value: ParamValue | undefined): string {
  if (value === undefined) return DASH;
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumSignificantDigits: 12 }) : String(value);
}

/** A share of 1 as per cent. */
export function formatPercent(share: number | null, digits = 1): string {
  return share === null || !Number.isFinite(share) ? DASH : `${(share * 100).toFixed(digits)} %`;
}

/** `1 d 8 h 39 min`, as in reports; a dash for what is not there. */
export function formatDuration(ms: number | null | undefined): string {
  return ms === null || ms === undefined || !Number.isFinite(ms) ? DASH : core.formatDuration(Math.round(ms));
}

// Building an Intl formatter costs tens of milliseconds: one for each zone.
const partFormats = new Map<string, Intl.DateTimeFormat>();
function partFormat(zone: string): Intl.DateTimeFormat {
  let format = partFormats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    partFormats.set(zone, format);
  }
  return format;
}

/** Clock parts of an instant in a zone. */
export interface ClockParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The instant `ms` as a clock in `zone` shows it. */
export function clockParts(ms: number, zone: string): ClockParts {
  const found: Record<string, number> = {};
  for (const part of partFormat(zone).formatToParts(ms)) found[part.type] = Number(part.value);
  const of = (name: string): number => found[name] ?? 0;
  return { year: of('year'), month: of('month'), day: of('day'), hour: of('hour'), minute: of('minute'), second: of('second') };
}

const two = (n: number): string => String(n).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `2026-05-20 05:42`, with seconds when asked or when they are not zero and `seconds` is 'auto'. */
export function formatTime(ms: number, zone: string, seconds: boolean | 'auto' = false): string {
  if (!Number.isFinite(ms)) return DASH;
  const p = clockParts(ms, zone);
  const tail = seconds === true || (seconds === 'auto' && p.second !== 0) ? `:${two(p.second)}` : '';
  return `${p.year}-${two(p.month)}-${two(p.day)} ${two(p.hour)}:${two(p.minute)}${tail}`;
}

/** `05:42:07`. */
export function formatClock(ms: number, zone: string): string {
  const p = clockParts(ms, zone);
  return `${two(p.hour)}:${two(p.minute)}:${two(p.second)}`;
}

/** `20 May`, with the year when `year` is set. */
export function formatDay(ms: number, zone: string, year = false): string {
  const p = clockParts(ms, zone);
  return `${p.day} ${months[p.month - 1]}${year ? ` ${p.year}` : ''}`;
}

/** `1 Mar – 30 Jun 2026`; within one day `9 Mar 2020, 10:14 – 10:34`, with seconds below ten minutes. */
export function formatPeriod(start: number, end: number, zone: string): string {
  const day = formatDay(end, zone, true);
  if (formatDay(start, zone, true) === day) {
    const clock = (ms: number): string => formatClock(ms, zone).slice(0, end - start < 10 * MINUTE ? 8 : 5);
    return `${day}, ${clock(start)} – ${clock(end)}`;
  }
  const sameYear = clockParts(start, zone).year === clockParts(end, zone).year;
  return `${formatDay(start, zone, !sameYear)} – ${day}`;
}

/** `Today 10:42`, `Yesterday 16:20`, `18 Nov 09:05`, `18 Nov 2024`. */
export function formatRecent(ms: number, now: number, zone: string): string {
  const p = clockParts(ms, zone);
  const clock = `${two(p.hour)}:${two(p.minute)}`;
  const day = formatDay(ms, zone, true);
  if (day === formatDay(now, zone, true)) return `Today ${clock}`;
  if (day === formatDay(now - DAY, zone, true)) return `Yesterday ${clock}`;
  return clockParts(now, zone).year === p.year ? `${formatDay(ms, zone)} ${clock}` : day;
}

/** `Europe/Berlin (UTC+02:00)` at the instant `ms`. */
export function formatZone(zone: string, ms: number): string {
  const offset = offsetMinutes(ms, zone);
  if (offset === 0) return zone === 'UTC' ? 'UTC' : `${zone} (UTC)`;
  const size = Math.abs(offset);
  return `${zone} (UTC${offset < 0 ? MINUS : '+'}${two(Math.floor(size / 60))}:${two(size % 60)})`;
}

/** Minutes that clocks in `zone` are ahead of UTC at the instant `ms`. */
export function offsetMinutes(ms: number, zone: string): number {
  const p = clockParts(ms, zone);
  const asUtc = Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second);
  return Math.round((asUtc - Math.floor(ms / 1000) * 1000) / MINUTE);
}

/** `1 tag`, `11 tags`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${core.formatCount(count)} ${count === 1 ? one : many}`;
}
