import { zoneOf } from '../../core/ingest/zones';

/** Clock times of a zone for axes and readouts. Everything inside is milliseconds UTC; only what is shown or typed passes here. */

/** Difference of the zone's clock from UTC at an instant, ms; positive in the east. */
export const offsetMs = (time: number, zone: string): number => zoneOf(zone).offsetAt(time);

/** The zone's clock reading at an instant, written as if it were UTC ms ("wall time"). */
export const wallTime = (time: number, zone: string): number => time + offsetMs(time, zone);

/** Instants at which the zone's clock shows a wall time: none in the hour that spring skips, two in the hour that autumn repeats. */
export function instantsOf(wall: number, zone: string): readonly number[] {
  const { utc, exists } = zoneOf(zone).fromWall(wall);
  return exists ? utc : [];
}

/** The first instant with that wall time; in the hour that spring skips, read with the offset before the skip. */
export const instantOf = (wall: number, zone: string): number => zoneOf(zone).fromWall(wall).utc[0]!;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const two = (n: number): string => String(n).padStart(2, '0');

export type StampStyle =
  'iso' | 'iso-seconds' | 'short' | 'short-seconds' | 'day' | 'date' | 'month' | 'time' | 'seconds' | 'millis';

/** An instant in the zone: iso "2026-05-20 05:42", short "20 May 05:42", day "Tue 19 May", time "12:00". */
export function stamp(time: number, zone: string, style: StampStyle): string {
  const d = new Date(wallTime(time, zone));
  const clock = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
  const seconds = `${clock}:${two(d.getUTCSeconds())}`;
  const date = `${d.getUTCDate()} ${months[d.getUTCMonth()]!}`;
  const iso = `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
  switch (style) {
    case 'iso':
      return `${iso} ${clock}`;
    case 'iso-seconds':
      return `${iso} ${seconds}`;
    case 'short':
      return `${date} ${clock}`;
    case 'short-seconds':
      return `${date} ${seconds}`;
    case 'day':
      return `${weekdays[d.getUTCDay()]!} ${date}`;
    case 'date':
      return date;
    case 'month':
      return `${months[d.getUTCMonth()]!} ${d.getUTCFullYear()}`;
    case 'time':
      return clock;
    case 'seconds':
      return seconds;
    case 'millis':
      return `${seconds}.${String(d.getUTCMilliseconds()).padStart(3, '0')}`;
  }
}

/** "UTC+02:00" at an instant. */
export function offsetName(time: number, zone: string): string {
  const minutes = Math.round(offsetMs(time, zone) / 60_000);
  const sign = minutes < 0 ? '\u2212' : '+';
  return `UTC${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}
