/** How numbers, times and sizes are written everywhere: 3 to 4 significant digits, unit beside, minus as a minus sign. */

const MINUS = '−';
const DASH = '–';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A number with `digits` significant digits and thousands separated by commas; a dash for what is not a number. */
export function formatNumber(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  if (value === 0) return '0';
  const size = Math.abs(value);
  let text: string;
  if (size >= 1e7 || size < 1e-4)
    text = size
      .toExponential(digits - 1)
      .replace('e+', 'e')
      .replace('-', MINUS);
  else if (size >= 10 ** (digits - 1)) text = Math.round(size).toLocaleString('en-US');
  else text = size.toPrecision(digits);
  return value < 0 ? MINUS + text : text;
}

/** A count: whole, with separated thousands. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A share of 1 as per cent. */
export function formatPercent(share: number | null, digits = 1): string {
  return share === null || !Number.isFinite(share) ? DASH : `${(share * 100).toFixed(digits)} %`;
}

/** `1 d 8 h 39 min`, `1 min 07 s`, `0.3 s`: at most three parts, none of them zero at the end. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return DASH;
  if (ms < 0) return MINUS + formatDuration(-ms);
  if (ms < 950) return ms < 50 ? '< 0.1 s' : `${(ms / 1000).toFixed(1)} s`;
  if (ms < MINUTE) return ms < 9_950 ? `${trimZero((ms / 1000).toFixed(1))} s` : `${Math.round(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (ms < HOUR) {
    const rest = seconds % 60;
    return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${String(rest).padStart(2, '0')} s`;
  }
  const minutes = Math.round(seconds / 60);
  const parts: [number, string][] = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor((minutes % 1440) / 60), 'h'],
    [minutes % 60, 'min'],
  ];
  return parts
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ');
}

function trimZero(text: string): string {
  return text.replace(/\.0$/, '');
}

/** Bytes in decimal units: `61.3 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = -1;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toPrecision(3)} ${units[unit]}`;
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

/** `1 Mar – 30 Jun 2026`. */
export function formatPeriod(start: number, end: number, zone: string): string {
  const sameYear = clockParts(start, zone).year === clockParts(end, zone).year;
  return `${formatDay(start, zone, !sameYear)} – ${formatDay(end, zone, true)}`;
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
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
