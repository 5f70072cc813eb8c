const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** "500ms", "90 s", "2 h 30 min", "2d" in ms; null for anything else, a number without a unit included. */
export function durationOf(text: string): number | null {
  const clean = text.trim().toLowerCase();
  const parts = [...clean.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== clean) return null;
  const total = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit!] ?? NaN), 0);
  return Number.isNaN(total) ? null : total;
}
