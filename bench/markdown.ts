/** Tables and figures of the pages that benches write. */
export const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}

/** `.873`: a figure between 0 and 1 without its zero. */
export const short = (value: number, digits = 3): string => value.toFixed(digits).replace(/^(-?)0\./, '$1.');

/** Mean and standard deviation over seeds, `.87 ± .01`; the mean alone where there is one or they agree. */
export function withSpread(values: readonly number[], digits = 3): string {
  if (values.length === 0) return '–';
  const m = mean(values);
  const std = values.length < 2 ? 0 : Math.sqrt(values.reduce((sum, value) => sum + (value - m) ** 2, 0) / (values.length - 1));
  return std < 0.5 * 10 ** -digits ? short(m, digits) : `${short(m, digits)} ± ${short(std, digits)}`;
}

/** Counts that differ between seeds as their range. */
export function countRange(counts: readonly number[]): string {
  const low = Math.min(...counts);
  const high = Math.max(...counts);
  return low === high ? String(low) : `${low} to ${high}`;
}
