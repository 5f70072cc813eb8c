/** Units that a time is typed in, smallest first. */
const units = [
  { name: 's', ms: 1000 },
  { name: 'min', ms: 60_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'd', ms: 86_400_000 },
] as const;

export type TimeUnit = (typeof units)[number];

/** The largest unit that a time holds at least two of; seconds for anything shorter. */
export function unitOf(ms: number): TimeUnit {
  return units.findLast((unit) => ms >= 2 * unit.ms) ?? units[0];
}
