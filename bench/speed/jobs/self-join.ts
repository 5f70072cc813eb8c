import { NOTHING, nearestSquares } from '../../../src/core/detectors/matrix-profile/join';
import { subsequencesOf, type SubsequenceSet } from '../../../src/core/detectors/matrix-profile/subsequences';
import type { Job } from '../job';
import { meter, perPiece } from '../meter';
import { floatsOf, peakMb } from './given';

/** Rows of the run that is not measured, so that everything is compiled. */
const FIRST_ROWS = 1000;
const run = { checkpoint: () => Promise.resolve() };

/** The matrix profile of one series with itself; the score is its mean distance. */
export const selfJoin: Job = (_, { shape, data }) => {
  const { window = 1 } = shape;
  const all = floatsOf(data!);
  const setOf = (rows: number): SubsequenceSet => subsequencesOf(all.subarray(0, rows), 1, [{ start: 0, end: rows }], window);
  const excluded = [1 - window, window] as const;
  return Promise.resolve(async (pieces) => {
    const few = setOf(FIRST_ROWS);
    await nearestSquares(few, setOf(FIRST_ROWS), { joint: false, excluded: NOTHING }, run);
    const cost = meter();
    let meanScore = 0;
    for (let i = 0; i < pieces; i++) {
      const set = setOf(all.length / 2);
      const squares = await nearestSquares(set, set, { joint: false, excluded }, run);
      meanScore = squares.reduce((sum, square) => sum + Math.sqrt(square) / squares.length, 0);
    }
    return { ...perPiece(cost(), pieces), extra: { scoreMs: 0, meanScore, peakMb: peakMb() } };
  });
};
