import type { ScoreWindow } from '../../contract/types';
import type { DecimatedLine } from '../../core/series/series';
import { indexAt } from './envelope';
import type { TimeScale } from './layout';
import type { Box } from './patterns';
import { layer, rect, rects, text, type Shape } from './shapes';
import type { ChartTokens } from './tokens';

export type Contribution = ScoreWindow['contribution'];
const levels = 6;

/** Row of a channel in the contribution matrix at an instant; null where there is no score. */
export function shareAt(contribution: Contribution, channel: string, time: number): number | null {
  const row = contribution.channels.indexOf(channel);
  const column = indexAt(contribution.time, time);
  const share = row < 0 || column < 0 ? Number.NaN : contribution.share[row * contribution.time.length + column]!;
  return Number.isNaN(share) ? null : share;
}

/**
 * Level 0..5 of a cell: the channel's own part of the score in units of the threshold, so that a tag that would reach the threshold
 * alone is darkest. The share alone would paint noise while the score is low.
 */
export function heatLevel(share: number, score: number, threshold: number): number {
  if (!(share >= 0) || !(score >= 0) || !(threshold > 0)) return 0;
  return Math.min(levels - 1, Math.floor((share * score * levels) / threshold));
}

/** One row a channel; neighbouring cells of one level are one box, and all boxes of a level one element. */
export function heatMap(
  contribution: Contribution,
  score: DecimatedLine,
  threshold: number,
  rows: readonly string[],
  scale: TimeScale,
  strip: { readonly top: number; readonly bottom: number },
  tokens: ChartTokens,
): readonly Shape[] {
  const columns = contribution.time.length;
  const rowHeight = (strip.bottom - strip.top) / Math.max(1, rows.length);
  const boxes: Box[][] = Array.from({ length: levels }, () => []);
  const scoreAt = Float64Array.from(
    { length: columns },
    (_, c) => score.max[indexAt(score.time, contribution.time[c]!)] ?? Number.NaN,
  );
  rows.forEach((channel, r) => {
    const row = contribution.channels.indexOf(channel);
    if (row < 0) return;
    let runStart = 0;
    let runLevel = 0;
    for (let c = 0; c <= columns; c++) {
      const level = c < columns ? heatLevel(contribution.share[row * columns + c]!, scoreAt[c]!, threshold) : -1;
      if (level === runLevel) continue;
      if (runLevel > 0) {
        const from = Math.max(scale.left, scale.x(contribution.time[runStart]!));
        const endTime =
          contribution.time[c] ??
          contribution.time[columns - 1]! + (contribution.time[columns - 1]! - contribution.time[columns - 2]!);
        const to = Math.min(scale.right, scale.x(endTime));
        if (to > from)
          boxes[runLevel]!.push({ x: from, y: strip.top + r * rowHeight, width: Math.max(1, to - from), height: rowHeight - 0.6 });
      }
      runStart = c;
      runLevel = level;
    }
  });
  const ground = rect(
    layer.ground,
    { x: scale.left, y: strip.top, width: scale.right - scale.left, height: strip.bottom - strip.top },
    { fill: tokens.colour['heat-0'] },
  );
  return [
    ground,
    ...boxes.flatMap((of, level) => (level ? rects(layer.band, of, { fill: tokens.colour[heatColour(level)] }) : [])),
  ];
}

const heatColour = (level: number): `heat-${0 | 1 | 2 | 3 | 4 | 5}` => `heat-${level as 0 | 1 | 2 | 3 | 4 | 5}`;

/** Six swatches with what they mean; drawn where the map is empty enough to read it. */
export function heatLegend(x: number, y: number, tokens: ChartTokens): readonly Shape[] {
  const words = 'part of the score, from 0 to the threshold';
  return [
    rect(
      layer.mark,
      { x: x - 4, y: y - 4, width: 6 * 13 + 12 + words.length * 5.9, height: 17 },
      { fill: tokens.colour['heat-0'] },
    ),
    ...Array.from({ length: levels }, (_, level) =>
      rect(
        layer.mark,
        { x: x + level * 13, y, width: 13, height: 9 },
        { fill: tokens.colour[heatColour(level)], stroke: tokens.colour.line, lineWidth: 0.5 },
      ),
    ),
    text(tokens, x + levels * 13 + 6, y + 5, words, { fill: tokens.colour['text-3'] }),
  ];
}
