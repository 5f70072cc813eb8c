/** How often one training may be repeated at once; each is a job of its own. */
export const MOST_REPEATS = 20;

/** Seeds of the repetitions: the given one and those that follow it. */
export function seedsFrom(seed: number, repeats: number): readonly number[] {
  return Array.from({ length: Math.max(1, Math.min(MOST_REPEATS, Math.floor(repeats))) }, (_, i) => seed + i);
}
