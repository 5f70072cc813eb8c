const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** "12 min", "2 h 30 min", "45 s", "0" as ms; a bare number counts minutes. Null when it cannot be read. */
export function parseDuration(text: string): number | null {
  const clean = text.trim().toLowerCase();
  if (clean === '') return null;
  if (/^\d+(\.\d+)?$/.test(clean)) return Number(clean) * units['min']!;
  const parts = [...clean.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/g)];
  if (parts.length === 0 || parts.map((p) => p[0]).join('') !== clean) return null;
  let total = 0;
  for (const [, number, unit] of parts) {
    const size = units[unit!];
    if (size === undefined) return null;
    total += Number(number) * size;
  }
  return total;
}
