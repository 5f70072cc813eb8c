import { formatCount } from '../../core/report/format';
import type { DecimatedLine } from '../../core/series/series';
import { layer, path, rect, text, textWidth, type Shape } from './shapes';
import type { ChartTokens, ColourName } from './tokens';

/** The score that looks at later rows as well, beside the score in its lane. */
export interface ReviewLine {
  readonly line: DecimatedLine | null;
  /** Rows after its own that it looks at. */
  readonly ahead: number;
}

/** Drawn without a fill, and dashed: colour is never the only difference. */
export const reviewColour: ColourName = 'signal-4';
export const reviewDash = [5, 3];

/** What the second line is, at the upper left of the lane. */
export function reviewKey({ ahead }: ReviewLine, x: number, y: number, tokens: ChartTokens): readonly Shape[] {
  const words = `Review, looks ${formatCount(ahead)} rows ahead: not an alarm`;
  return [
    rect(layer.mark, { x: x - 4, y: y - 8, width: textWidth(words) + 34, height: 16 }, { fill: tokens.colour.plot }),
    path(layer.text, `M${x} ${y}h20`, { stroke: tokens.colour[reviewColour], lineWidth: 1.4, lineDash: reviewDash }),
    text(tokens, x + 26, y, words, { fill: tokens.colour['text-2'] }),
  ];
}
