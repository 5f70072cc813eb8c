/** Every number and time a person reads is written here, so that screens, reports and messages agree to the last digit. */

const minus = '−';

/**
 * Three significant digits (or as many as asked), never fewer digits than stand before the point: 3.42, 0.0451, 98.9, 12,345.
 * Very large and very small numbers as 1.23e−6.
 */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? 'infinite' : `${minus}infinite`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e9 || size < 1e-4) {
    const [mantissa, exponent] = size.toExponential(digits - 1).split('e') as [string, string];
    return `${sign(value)}${mantissa}e${exponent.replace('+', '').replace('-', minus)}`;
  }
  // Rounded first, so that 9.996 becomes 10.0 and not 10.00.
  const leading = Math.floor(Math.log10(Number(size.toPrecision(digits))));
  const [whole, fraction] = size.toFixed(Math.max(0, digits - 1 - leading)).split('.') as [string, string?];
  return sign(value) + groupThousands(whole) + (fraction === undefined ? '' : `.${fraction}`);
}

/** A score or threshold: one digit more, so that neighbours can be told apart. */
export function formatScore(value: number): string {
  return formatNumber(value, 4);
}

/** A whole number with thousands separated: 22,695. */
export function formatCount(value: number): string {
  return sign(value) + groupThousands(Math.abs(Math.round(value)).toString());
}

/** 0.4 → "40 %"; below 10 % and above 99 % with one decimal. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  const fine = percent !== 0 && percent !== 100 && (percent < 10 || percent > 99);
  return `${sign(percent)}${Math.abs(percent).toFixed(fine ? 1 : 0)} %`;
}

function sign(value: number): string {
  return value < 0 ? minus : '';
}

function groupThousands(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
] as const;

/** "1 d 8 h 39 min", "45 min", "2 min 30 s", "0 s". Rounded to minutes from an hour on, to seconds from a second on. */
export function formatDuration(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1000) return `${sign(ms)}${size === 0 ? '0 s' : `${formatNumber(size)} ms`}`;
  const grain = size >= 3_600_000 ? 60_000 : 1000;
  let left = Math.round(size / grain) * grain;
  const parts: string[] = [];
  for (const unit of units) {
    const count = Math.floor(left / unit.ms);
    left -= count * unit.ms;
    if (count > 0) parts.push(`${groupThousands(String(count))} ${unit.name}`);
  }
  return sign(ms) + parts.join(' ');
}

/** How long an event lasted, from its first sample to its last; one that is a single sample has no length in time. */
export function formatLength({ start, end }: { readonly start: number; readonly end: number }): string {
  return end > start ? formatDuration(end - start) : 'one sample';
}

/** Seconds of computing: one digit behind the point below ten; what took a moment is not said to have taken none. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return '–';
  return seconds < 0.1 ? '< 0.1 s' : `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
}

/** A difference, three digits behind the point: "+0.045", "−0.660", "0.000". */
export function signed(value: number): string {
  const text = Math.abs(value).toFixed(3);
  // What is written as nothing has no direction.
  const sign = Number(text) === 0 ? '' : value < 0 ? '−' : '+';
  return sign + text;
}

/** A stretch counted in days: "27.9 d"; below one day "13 h 20 min" or "50 s", which 0.000579 d would hide. */
export function formatDays(days: number): string {
  return days >= 1 || days <= 0 ? `${formatNumber(days)} d` : formatDuration(days * 86_400_000);
}

/** Bytes as "512 B", "3.40 kB", "1.234 MB" (powers of 1000). */
export function formatBytes(bytes: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(names.length - 1, Math.floor(Math.log10(bytes) / 3));
  return power === 0 ? `${bytes} B` : `${formatNumber(bytes / 1000 ** power)} ${names[power]}`;
}

export interface TimeFormatter {
  /** "20 May 2026 05:42", seconds only where they are not zero. */
  readonly time: (ms: number) => string;
  /** "20 May 2026" */
  readonly date: (ms: number) => string;
  /** "20 May 05:42" */
  readonly short: (ms: number) => string;
  /** "2026-05-20T05:42:00+02:00" */
  readonly iso: (ms: number) => string;
  /** "UTC", or "Europe/Berlin (UTC+02:00)" with the offset at that time. */
  readonly zone: (ms: number) => string;
  /** Distance of the zone's clock from UTC at that time, in ms. */
  readonly offsetMs: (ms: number) => number;
  /** Calendar fields in the zone. */
  readonly fields: (ms: number) => ClockFields;
}

export interface ClockFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Writes times in one IANA zone. Make it once: building it is slow, using it is quick. */
export function timeFormatter(timeZone: string): TimeFormatter {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const fields = (ms: number): ClockFields => {
    const found: Record<string, number> = {};
    for (const part of clock.formatToParts(ms)) found[part.type] = Number(part.value);
    return found as unknown as ClockFields;
  };
  const offsetMs = (ms: number): number => {
    const f = fields(ms);
    const whole = Math.floor(ms / 1000) * 1000;
    return Date.UTC(f.year, f.month - 1, f.day, f.hour, f.minute, f.second) - whole;
  };
  const offset = (ms: number): string => {
    const minutes = Math.round(offsetMs(ms) / 60_000);
    const size = Math.abs(minutes);
    return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  };
  const hours = (f: ClockFields): string => `${two(f.hour)}:${two(f.minute)}${f.second === 0 ? '' : `:${two(f.second)}`}`;
  const day = (f: ClockFields): string => `${f.day} ${months[f.month - 1]}`;
  return {
    fields,
    offsetMs,
    time: (ms) => ((f) => `${day(f)} ${f.year} ${hours(f)}`)(fields(ms)),
    date: (ms) => ((f) => `${day(f)} ${f.year}`)(fields(ms)),
    short: (ms) => ((f) => `${day(f)} ${hours(f)}`)(fields(ms)),
    iso: (ms) => {
      const f = fields(ms);
      const date = `${String(f.year).padStart(4, '0')}-${two(f.month)}-${two(f.day)}`;
      return `${date}T${two(f.hour)}:${two(f.minute)}:${two(f.second)}${offset(ms)}`;
    },
    zone: (ms) => (timeZone === 'UTC' ? 'UTC' : `${timeZone} (UTC${offset(ms)})`),
  };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** "1 event", "3 events", "no event". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  if (count === 0) return `no ${one}`;
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
