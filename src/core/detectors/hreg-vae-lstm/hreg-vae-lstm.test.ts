import { describe, expect, it } from 'vitest';
import { isFaultline } from '../../errors';
import type { PreparedSeries } from '../../prepare/prepared';
import { resolveParams } from '../params';
import { hregVaeLstm } from '.';
import { causalScore } from '../shared/aggregate';
import { splitTraining } from '../shared/split';
import { specs, splitShape, statisticsOf } from './params';
import { foldBlocks, foldSplit } from './train';
import { gatherCodes } from './stages';

describe('the training split', () => {
  const params = resolveParams(specs, { window: 10, windows: 4 });

  it('shares no row between training, validation and tail', () => {
    const split = splitTraining([{ start: 0, end: 4000 }], 4000, splitShape(params));
    const rowsOf = (ends: Int32Array, length: number): Set<number> =>
      new Set([...ends].flatMap((end) => Array.from({ length }, (_, i) => end - i)));
    const train = rowsOf(split.trainWindows, 10);
    const validation = rowsOf(split.validationWindows, 10);
    expect([...train].filter((row) => validation.has(row))).toEqual([]);
    expect(Math.max(...train, ...validation)).toBeLessThan(split.tailFrom);
    // Every row before the tail is in one of them: blocks leave no remainder.
    expect(train.size + validation.size).toBe(split.tailFrom);
    // 15 % of 4000 rows, and 10 % of the 3400 others in five blocks of 68 rows.
    expect(split.tailFrom).toBe(3400);
    expect(validation.size).toBe(340);
    const sequences = rowsOf(split.trainSequences, 40);
    expect([...rowsOf(split.validationSequences, 40)].filter((row) => sequences.has(row))).toEqual([]);
  });

  it('keeps at least one and a half sequences apart when rows are few', () => {
    // Span 40: needed 180 rows, tail 60.
    expect(splitTraining([{ start: 0, end: 180 }], 180, splitShape(params)).tailFrom).toBe(120);
    expect(() => splitTraining([{ start: 0, end: 179 }], 179, splitShape(params))).toThrow(/179 usable rows.*at least 180/);
  });

  it('refuses rows that are many but full of gaps', () => {
    const segments = Array.from({ length: 100 }, (_, i) => ({ start: 30 * i, end: 30 * i + 30 }));
    expect(() => splitTraining(segments, 3000, splitShape(params))).toThrow(
      expect.toSatisfy((error: unknown) => isFaultline(error, 'detector/too-little-data')),
    );
  });
});

it('counts weights and windows as they are', () => {
  const params = resolveParams(specs, {});
  const size = hregVaeLstm.size(3300, 1, params);
  // VAE by hand: 24*64+64 + 64*64+64 + 2*(64*6+6) + 6*64+64 + 64*64+64 + 64*24+24 = 12708; LSTM 70*256+256 + 64*6+6 = 18566.
  expect(size.weights).toBe(12_708 + 18_566);
  expect(size.steps).toBe(2000);
  // Tail 495, fit 2805 with one validation block of 281 rows at its end: 2524 rows, 2501 windows of 24.
  expect(size.windows).toBe(2501);
  expect(size.bytes).toBeGreaterThan(4 * 31_274);
});

it('refuses windows that are too wide for the sharp score, and takes them with the paper score', () => {
  const wide = { window: 512, windows: 2 };
  expect(() => hregVaeLstm.size(100_000, 5, resolveParams(specs, wide))).toThrow(/2048 values.*2560/);
  expect(hregVaeLstm.size(100_000, 4, resolveParams(specs, wide)).windows).toBeGreaterThan(0);
  expect(hregVaeLstm.size(100_000, 5, resolveParams(specs, { ...wide, score: 'paper' })).windows).toBeGreaterThan(0);
});

it('takes codes one window apart, oldest first', () => {
  const params = resolveParams(specs, { window: 2, windows: 3, latent: 1 });
  const codes = Float32Array.from({ length: 10 }, (_, row) => row);
  // At rows 8 and 9: input e_1, e_2 end 4 and 2 rows earlier, target e_2, e_3 end 2 and 0 rows earlier; time first.
  expect([...gatherCodes(codes, Int32Array.of(8, 9), params, 1)]).toEqual([4, 5, 6, 7]);
  expect([...gatherCodes(codes, Int32Array.of(8, 9), params, 0)]).toEqual([6, 7, 8, 9]);
});

it('the causal score is the power mean of 4 over exactly the rows it covers', () => {
  const data = { segments: [{ start: 0, end: 6 }] } as unknown as PreparedSeries;
  const points = Float64Array.of(Number.NaN, 1, 2, 1e6, 1, 1);
  const score = causalScore(points, data, 2, 4);
  // Window 2, span 4: three points each; first at row 3. Rows 4 and 5 still cover the large one, and its going leaves no trace.
  expect([...score.slice(0, 3)].every(Number.isNaN)).toBe(true);
  expect(score[3]! / (1e24 / 3) ** 0.25).toBeCloseTo(1, 6);
  const later = causalScore(Float64Array.of(Number.NaN, 1e6, 2, 1, 1, 1), data, 2, 4);
  // (16 + 1 + 1) / 3 = 6, fourth root.
  expect(later[4]).toBeCloseTo(6 ** 0.25, 6);
  expect(later[5]).toBe(1);
  // A value beyond float32 counts as the largest score there is, and never as none.
  const overflow = causalScore(Float64Array.of(Number.NaN, 1, 1, Number.POSITIVE_INFINITY, 1, Number.NaN), data, 2, 4);
  expect([...overflow.slice(3)].every((value) => value > 1e38 && Number.isFinite(value))).toBe(true);
});

describe('the folds of small data with several tags', () => {
  const params = resolveParams(specs, { window: 19, windows: 7 });

  it('are taken from five spans on, and each leaves sequences to train and to validate', () => {
    // Span 133: five of them are 665 rows.
    expect(statisticsOf(params, 664, 2)).toBe('all');
    expect(statisticsOf(params, 665, 2)).toBe('out-of-fold');
    for (const block of foldBlocks(665, 5)) {
      const split = foldSplit(params, [{ start: 0, end: 665 }], 665, block);
      expect(split.trainSequences.length).toBeGreaterThan(0);
      expect(split.validationSequences.length).toBeGreaterThan(0);
    }
  });

  it('are refused before training where they were asked for and cannot be had', () => {
    const asked = { ...params, statistics: 'out-of-fold' } as const;
    expect(() => hregVaeLstm.size(664, 2, asked)).toThrow(/at least 665 rows/);
    expect(hregVaeLstm.size(665, 2, asked).steps).toBe(6 * params.vaeSteps + params.lstmSteps);
  });
});
