import type { PartScores } from '../../../contract/types';
import type { Label } from '../../../core/labels/label';
import { testLabel } from '../../../core/labels/test-label';

export const hour = 3_600_000;
/** 48 h of hourly scores, 1 everywhere but: 5 at 10..12 h, 4 at 20 h, 3 at 31 h. */
const score = Float32Array.from({ length: 48 }, (_, h) => (h >= 10 && h <= 12 ? 5 : h === 20 ? 4 : h === 31 ? 3 : 1));
export const scores: PartScores = {
  range: { start: 0, end: 47 * hour },
  timestamps: Float64Array.from({ length: 48 }, (_, h) => h * hour),
  score,
  normal: score,
  normalFrom: 'test',
  modes: null,
  shares: [],
};
export const label = (id: string, from: number, to: number): Label => testLabel({ id, start: from * hour, end: to * hour });
export const labels = [label('a', 9, 12), label('b', 30, 31)];
