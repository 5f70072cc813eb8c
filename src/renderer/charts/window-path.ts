/** A window as an SVG path in a box of the given size; a line in the middle where nothing varies. */
export function windowPath(values: readonly number[], low: number, high: number, width: number, height: number): string {
  const span = high - low;
  const x = (i: number): number => (values.length < 2 ? 0 : (i / (values.length - 1)) * width);
  const y = (value: number): number => (span > 0 ? (1 - (value - low) / span) * height : height / 2);
  return values.map((value, i) => `${i ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join('');
}
