/** Name of an event by its place in order of time: "E-07" of fewer than a hundred, "E-007" of more. */
export function eventName(index: number, count: number): string {
  return `E-${String(index + 1).padStart(Math.max(2, String(count).length), '0')}`;
}
