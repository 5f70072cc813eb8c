import type { TimeFormatter } from './format';

export interface Tick {
  readonly at: number;
  readonly label: string;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 3, 5, 7, 14].map((n) => n * day),
];
const monthSteps = [1, 2, 3, 6, 12, 24, 60];
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Round clock times of a zone within a range, at most `most` of them. */
export function timeTicks(start: number, end: number, most: number, clock: TimeFormatter): Tick[] {
  const step = timeSteps.find((s) => (end - start) / s <= most);
  if (step === undefined) return monthTicks(start, end, most, clock);
  const ticks: Tick[] = [];
  const local = start + clock.offsetMs(start);
  for (let at = Math.ceil(local / step) * step; ; at += step) {
    // The offset of the tick itself, so that ticks stay on round clock times over a change of the clock.
    const utc = at - clock.offsetMs(at - clock.offsetMs(start));
    if (utc > end) break;
    if (utc >= start) ticks.push({ at: utc, label: label(utc, step, clock) });
  }
  return ticks;
}

function label(at: number, step: number, clock: TimeFormatter): string {
  const f = clock.fields(at);
  const date = `${f.day} ${monthNames[f.month - 1]}`;
  if (step >= day) return date;
  const time = `${String(f.hour).padStart(2, '0')}:${String(f.minute).padStart(2, '0')}`;
  return f.hour === 0 && f.minute === 0 ? date : time;
}

function monthTicks(start: number, end: number, most: number, clock: TimeFormatter): Tick[] {
  const months = (end - start) / (30.4 * day);
  const step = monthSteps.find((s) => months / s <= most) ?? 120;
  const first = clock.fields(start);
  const ticks: Tick[] = [];
  for (let month = Math.ceil((first.year * 12 + first.month - 1) / step) * step; ; month += step) {
    const utc = Date.UTC(Math.floor(month / 12), month % 12, 1);
    const at = utc - clock.offsetMs(utc);
    if (at > end) break;
    if (at >= start) ticks.push({ at, label: `${monthNames[month % 12]} ${Math.floor(month / 12)}` });
  }
  return ticks;
}

/** Round numbers that hold a range: lowest and highest of an axis. A flat range is opened up. */
export function niceRange(low: number, high: number): { low: number; high: number } {
  const spread = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(spread));
  const step = [0.1, 0.2, 0.5, 1].map((s) => s * power).find((s) => spread / s <= 10) ?? power;
  const bottom = Math.floor(low / step) * step;
  const top = Math.ceil(high / step) * step;
  return top > bottom ? { low: bottom, high: top } : { low: bottom - step, high: top + step };
}

/** The two numbers at the ends of an axis, with as many decimals as tell them apart. */
export function axisLabels(low: number, high: number): { low: string; high: string } {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (size >= 1e6 || (size > 0 && size < 1e-3)) return { low: low.toPrecision(3), high: high.toPrecision(3) };
  const decimals = Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(high - low))));
  const text = (value: number): string => (value < 0 ? '−' : '') + Math.abs(value).toFixed(decimals);
  return { low: text(low), high: text(high) };
}
