import { expect, it } from 'vitest';
import { resolveParams } from '../params';
import { reachOfRows } from '../shared/window-params';
import { vae } from '../vae';
import { lstmAd } from '.';
import { aheadOf, specs } from './params';

it('counts weights and windows of VAE and LSTM-AD as they are', () => {
  // Tail 495 of 3300 rows; in the other 2805 five validation blocks of 57 rows leave five pieces of 504, 481 windows of 24 each.
  const [flat, sequence] = [
    vae.size(3300, 1, resolveParams(vae.info.params, {}) as never),
    lstmAd.size(3300, 1, resolveParams(specs, { window: 24 })),
  ];
  expect([flat.windows, sequence.windows]).toEqual([2405, 2405]);
  // By hand: 24*64+64 + 64*64+64 + 2*(64*6+6) + 6*64+64 + 64*64+64 + 64*24+24.
  expect(flat.weights).toBe(12_708);
  // Layers (1+32)*128+128 and (32+32)*128+128, five forecasts 32*5+5.
  expect(sequence.weights).toBe(4352 + 8320 + 165);
});

it('joins rows that are each judged by a whole window of LSTM-AD', () => {
  const params = resolveParams(specs, { window: 10, span: 4 });
  expect(reachOfRows(params)).toBe(13);
  expect(lstmAd.info.warmUp(params)).toBe(12);
  expect(lstmAd.info.warmUp({ ...params, span: 0 })).toBe(9);
});

it('reads half a window before it forecasts', () => {
  expect(aheadOf(resolveParams(specs, { window: 7, ahead: 5 }))).toBe(3);
  expect(aheadOf(resolveParams(specs, { window: 2, ahead: 5 }))).toBe(1);
});

it('refuses more forecasts than a covariance can hold', () => {
  const params = resolveParams(specs, { window: 24, ahead: 12 });
  expect(() => lstmAd.size(10_000, 200, params)).toThrow(/2400 numbers a row.*2048/);
  expect(lstmAd.size(10_000, 170, params).weights).toBeGreaterThan(0);
});

it('proposes windows that the specs allow, whatever the data', () => {
  for (const detector of [vae, lstmAd]) {
    for (const facts of [
      { channels: 1, trainRows: 10, windowSamples: 4 },
      { channels: 1, trainRows: 1e6, windowSamples: 2000 },
      { channels: 200, trainRows: 5000, windowSamples: 24 },
    ]) {
      expect(() => resolveParams(detector.info.params, detector.propose!(facts))).not.toThrow();
    }
    for (const { params } of detector.info.presets!) expect(() => resolveParams(detector.info.params, params)).not.toThrow();
  }
});
