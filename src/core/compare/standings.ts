import { standingOf } from '../referee/standing';
import type { PairedDifference } from '../referee/report';
import { countOf } from '../report/format';
import type { ComparePair } from './comparison';

/** Up to this many rows every pair is told; beyond, each row against the best. */
export const allPairsUpTo = 6;

/** Letter of a row by its place: A … Z, AA … */
export function letterOf(place: number): string {
  const letter = String.fromCharCode(65 + (place % 26));
  return place < 26 ? letter : letterOf(Math.floor(place / 26) - 1) + letter;
}

/** @param difference - of row a minus row b, by places. */
export type DifferenceOf = (a: number, b: number) => PairedDifference;

/** The pairs that are told, the better row first. */
export function pairsOf(count: number, difference: DifferenceOf): ComparePair[] {
  const pairs: ComparePair[] = [];
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) if (count <= allPairsUpTo || a === 0) pairs.push(pairOf(a, b, difference(a, b)));
  }
  return pairs;
}

function pairOf(a: number, b: number, difference: PairedDifference): ComparePair {
  const standing = standingOf(difference);
  return {
    a: letterOf(a),
    b: letterOf(b),
    difference,
    standing,
    text: `${letterOf(a)} against ${letterOf(b)}: ${againstText(difference)}.`,
  };
}

/** "+0.044 VUS-PR (95 % interval −0.03 to 0.11), no significant difference with 4 events". */
export function againstText(difference: PairedDifference): string {
  const { value, interval, events } = difference;
  if (value.value === null) return `cannot be told: ${value.reason}`;
  const size = `${signed(value.value)} VUS-PR`;
  const sample = countOf(events, 'event');
  if (interval.low === null) return `${size}, not to be told apart with ${sample}`;
  const inside = `(95 % interval ${plain(interval.low)} to ${plain(interval.high)})`;
  switch (standingOf(difference)) {
    case 'ahead':
    case 'behind':
      return `${size} ${inside}, ${sample}`;
    case 'no-difference':
      return `${size} ${inside}, no significant difference with ${sample}`;
    case 'cannot-tell':
      return `${size} ${inside}, too few to tell apart with ${sample}`;
  }
}

/**
 * Ranks that the intervals leave open: after every row that is surely ahead, before every row that is surely behind. Each pair is judged
 * at 95 % by itself.
 */
export function ranksOf(count: number, difference: DifferenceOf): { readonly from: number; readonly to: number }[] {
  const surely = (a: number, b: number): 'ahead' | 'behind' | 'open' => {
    const standing = a < b ? standingOf(difference(a, b)) : opposite(standingOf(difference(b, a)));
    return standing === 'ahead' || standing === 'behind' ? standing : 'open';
  };
  const places = Array.from({ length: count }, (_, i) => i);
  return places.map((row) => {
    const others = places.filter((other) => other !== row).map((other) => surely(row, other));
    return {
      from: 1 + others.filter((standing) => standing === 'behind').length,
      to: count - others.filter((standing) => standing === 'ahead').length,
    };
  });
}

function opposite(standing: ReturnType<typeof standingOf>): ReturnType<typeof standingOf> {
  return standing === 'ahead' ? 'behind' : standing === 'behind' ? 'ahead' : standing;
}

/** Three decimals where a difference is small, two else. */
function plain(value: number): string {
  const text = value.toFixed(Math.abs(value) < 0.1 ? 3 : 2).replace('-', '−');
  return Number(text.replace('−', '-')) === 0 ? '0' : text;
}

function signed(value: number): string {
  return `${plain(value) !== '0' && value > 0 ? '+' : ''}${plain(value)}`;
}
