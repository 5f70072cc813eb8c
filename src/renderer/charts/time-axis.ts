import type { TimeRange } from '../../core/series/series';
import { instantsOf, stamp, wallTime } from './zone';

/**
 * Ticks of a time axis in the project's zone. ECharts knows UTC and the computer's zone only (echarts#14453), and shifting UTC
 * breaks in the hour that autumn repeats, so ticks are made here on a plain value axis.
 */
export interface TimeTick {
  readonly time: number;
  readonly text: string;
  /** First instant of a local day (of a month or year on long axes): gets the longer line. */
  readonly major: boolean;
  /** Second line under a major tick: "Tue 19 May"; '' when there is none. */
  readonly date: string;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
export const dayMs = 24 * hour;
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14].map((n) => n * dayMs),
];
const monthSteps = [1, 3, 6, 12, 24, 60, 120] as const;
const meanMonth = 30.44 * dayMs;

/**
 * @param pixels - width of the axis; ticks keep at least `spacing` px between them.
 * @returns ticks inside the range, ascending.
 */
export function timeTicks(range: TimeRange, zone: string, pixels: number, spacing = 62): readonly TimeTick[] {
  const span = range.end - range.start;
  if (!(span > 0) || pixels < 20) return [];
  const least = (span * spacing) / pixels;
  const step = steps.find((s) => s >= least);
  return step === undefined ? monthTicks(range, zone, least) : clockTicks(range, zone, step);
}

function clockTicks(range: TimeRange, zone: string, step: number): readonly TimeTick[] {
  const first = wallTime(range.start, zone);
  const last = wallTime(range.end, zone);
  // Two days around are searched as well, since a change of the clock may put wall times out of order at the ends.
  const margin = step < hour ? 0 : hour;
  const ticks: TimeTick[] = [];
  // Multi-day steps count from a Monday (5 January 1970), so weekly ticks fall on Mondays.
  const origin = step >= 7 * dayMs ? 4 * dayMs : 0;
  const from = Math.ceil((Math.min(first, last) - margin - origin) / step) * step + origin;
  for (let wall = from; wall <= Math.max(first, last) + margin; wall += step) {
    const times = step < 15 * minute ? [wall - (first - range.start)] : instantsOf(wall, zone);
    for (const time of times) {
      if (time < range.start || time > range.end) continue;
      const midnight = wall % dayMs === 0;
      ticks.push({
        time,
        text:
          step >= dayMs
            ? stamp(time, zone, 'date')
            : stamp(time, zone, step >= minute ? 'time' : step >= second ? 'seconds' : 'millis'),
        major: midnight,
        date: step < dayMs && midnight ? stamp(time, zone, 'day') : '',
      });
    }
  }
  return ticks;
}

function monthTicks(range: TimeRange, zone: string, least: number): readonly TimeTick[] {
  const step = monthSteps.find((m) => m * meanMonth >= least) ?? 240;
  const start = new Date(wallTime(range.start, zone));
  const firstMonth = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / step) * step;
  const ticks: TimeTick[] = [];
  for (let month = firstMonth; ; month += step) {
    const time = instantsOf(Date.UTC(Math.floor(month / 12), month % 12, 1), zone)[0];
    if (time === undefined || time < range.start) continue;
    if (time > range.end) return ticks;
    const text = step >= 12 ? String(Math.floor(month / 12)) : stamp(time, zone, 'month');
    ticks.push({ time, text, major: month % 12 === 0, date: '' });
  }
}
