import type { Colour } from '../../core/report/colours';
import type { TextStyle } from './pdf-text';

/** Sizes follow the design tokens. */
export const styles = {
  title: { size: 22, colour: 'text', weight: 600 },
  section: { size: 18, colour: 'text', weight: 600 },
  heading: { size: 14, colour: 'text', weight: 600 },
  body: { size: 13, colour: 'text' },
  second: { size: 13, colour: 'text-2' },
  small: { size: 11, colour: 'text-2' },
  micro: { size: 11, colour: 'text-3' },
  head: { size: 11, colour: 'text-2' },
  cell: { size: 11.5, colour: 'text' },
  cellStrong: { size: 11.5, colour: 'text', weight: 600 },
  cellName: { size: 11.5, colour: 'text-2' },
  figure: { size: 20, colour: 'text', weight: 600 },
} as const satisfies Record<string, TextStyle>;

/** From one line to the next. */
export const lead = (style: TextStyle): number => Math.round(style.size * 1.42);

/** Of a term of a contract or a condition. */
export function termStyle(mark: 'kept' | 'broken' | 'unknown'): TextStyle {
  const colour: Colour = mark === 'kept' ? 'success' : mark === 'broken' ? 'error' : 'text-3';
  return { ...styles.cellStrong, colour };
}
