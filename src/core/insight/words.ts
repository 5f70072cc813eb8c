import type { TagPart } from './insight';

/**
 * A tag's part of a component: "+0.71" where the window is one row; else its share, with + or − where it lies on one side over the whole
 * window and ~ where it swings.
 */
export function loadingText(part: TagPart, window: number): string {
  if (window === 1) {
    const size = Math.abs(part.level).toFixed(2);
    return `${size === '0.00' ? '' : part.level < 0 ? '−' : '+'}${size}`;
  }
  const share = (100 * part.share).toFixed(0);
  return `${share === '0' ? '' : directionOf(part)}${share} %`;
}

function directionOf({ share, level }: TagPart): '+' | '−' | '~' {
  if (share === 0 || level ** 2 < share / 2) return '~';
  return level < 0 ? '−' : '+';
}

/** Names of the statistics of principal components, and what they say. */
export const statistics = {
  t2: { name: 'T²', meaning: 'how far along the kept components a window is' },
  q: { name: 'Q (SPE)', meaning: 'how much of a window the kept components do not explain' },
} as const;
