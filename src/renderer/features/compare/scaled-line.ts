import type { DecimatedLine } from '../../../core/series/series';

/** A line in units of a threshold. */
export function scaledLine(line: DecimatedLine, threshold: number): DecimatedLine {
  return { ...line, min: line.min.map((s) => s / threshold), max: line.max.map((s) => s / threshold) };
}
