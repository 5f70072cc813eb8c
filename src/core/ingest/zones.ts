/** Wall clock times of an IANA zone to UTC and back, with the hours that do not exist or exist twice made visible. */

export interface WallTime {
  /** UTC readings of the clock time, earliest first: one, or two in the hour that the clock repeats. */
  readonly utc: readonly number[];
  /** False when the clock skipped this time; `utc` is then the time read with the offset before the skip. */
  readonly exists: boolean;
}

export interface Zone {
  readonly name: string;
  /** Offset from UTC in ms at an instant (ms UTC); positive east. */
  offsetAt(utc: number): number;
  /** @param wall - clock time written as if it were UTC (ms). */
  fromWall(wall: number): WallTime;
}

const DAY = 86_400_000;
/** Offsets change on whole quarter hours in every zone since 1972. */
const SLOT = 900_000;

const zones = new Map<string, Zone>();

/** True when the platform knows the zone. */
export function isZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * The zone of a name, cached: building an Intl formatter takes milliseconds.
 *
 * @throws RangeError for a name that the platform does not know.
 */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = name === 'UTC' ? utcZone : new IntlZone(name);
  zones.set(name, zone);
  return zone;
}

const utcZone: Zone = { name: 'UTC', offsetAt: () => 0, fromWall: (wall) => ({ utc: [wall], exists: true }) };

class IntlZone implements Zone {
  private readonly format: Intl.DateTimeFormat;
  private readonly offsets = new Map<number, number>();
  private readonly walls = new Map<number, { readonly offsets: readonly number[]; readonly exists: boolean }>();

  constructor(readonly name: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      era: 'short',
    });
  }

  offsetAt(utc: number): number {
    const slot = Math.floor(utc / SLOT);
    const known = this.offsets.get(slot);
    if (known !== undefined) return known;
    const at = slot * SLOT;
    const part = new Map(this.format.formatToParts(at).map((p) => [p.type, p.value]));
    const year = Number(part.get('year')) * (part.get('era') === 'BC' ? -1 : 1);
    const number = (type: Intl.DateTimeFormatPartTypes): number => Number(part.get(type));
    const wall = wallTime(year, number('month'), number('day'), number('hour'), number('minute'), number('second'));
    if (this.offsets.size > 100_000) this.offsets.clear();
    this.offsets.set(slot, wall - at);
    return wall - at;
  }

  fromWall(wall: number): WallTime {
    const slot = Math.floor(wall / SLOT);
    let entry = this.walls.get(slot);
    if (entry === undefined) {
      const at = slot * SLOT;
      const before = this.offsetAt(at - DAY);
      const after = this.offsetAt(at + DAY);
      const offsets = (before === after ? [before] : [before, after]).filter((o) => this.offsetAt(at - o) === o);
      // The larger offset is the earlier instant.
      entry = offsets.length > 0 ? { offsets: offsets.sort((a, b) => b - a), exists: true } : { offsets: [before], exists: false };
      if (this.walls.size > 100_000) this.walls.clear();
      this.walls.set(slot, entry);
    }
    return { utc: entry.offsets.map((o) => wall - o), exists: entry.exists };
  }
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar. Date.UTC cannot be used: it takes the years 0 to 99 as 1900 to 1999. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Clock time as ms since 1970, as if the clock showed UTC. @see Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
export function wallTime(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  return daysFromCivil(year, month, day) * DAY + hour * 3_600_000 + minute * 60_000 + second * 1000;
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** True for a day of the calendar, years 1 to 9999. */
export function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return day <= monthDays[month - 1]! + leap;
}
