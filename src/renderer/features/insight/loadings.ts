import { tagParts, type TagPart } from '../../../core/insight/insight';
import { loadingText } from '../../../core/insight/words';

/** Levels of the heat map that carry text, by how large a loading is beside the largest of its component. */
const levels = [0, 1, 2, 4, 5] as const;
export type HeatLevel = (typeof levels)[number];

export interface LoadingCell {
  readonly part: TagPart;
  readonly level: HeatLevel;
  readonly text: string;
}

/** @param loadings - of one component, [window · tags]. @returns a cell for each tag. */
export function loadingCells(loadings: readonly number[], tags: number): LoadingCell[] {
  const parts = tagParts(loadings, tags);
  const most = Math.max(...parts.map(({ share }) => Math.sqrt(share))) || 1;
  return parts.map((part) => {
    const size = Math.sqrt(part.share);
    return {
      part,
      level: levels[Math.min(levels.length - 1, Math.floor((size / most) * levels.length))]!,
      text: loadingText(part, loadings.length / tags),
    };
  });
}
