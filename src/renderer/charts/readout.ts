/** Readouts of one lane share their decimals, so that a changing number keeps its width. */

/** Decimals that tell values of a lane apart: three significant digits of its span, none for large spans. */
export function decimalsFor(span: number): number {
  if (!(span > 0)) return 2;
  return Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(span))));
}

/** `digits` decimals, thousands with commas, a true minus, a dash for what is no number. */
export function fixed(value: number | null, digits: number): string {
  if (value === null || !Number.isFinite(value)) return '\u2013';
  const text = Math.abs(value).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return value < 0 && Number(value.toFixed(digits)) !== 0 ? `\u2212${text}` : text;
}

/** A value that changes a lane's reading: "+17.0". */
export const signed = (value: number, digits: number): string => (value > 0 ? `+${fixed(value, digits)}` : fixed(value, digits));
