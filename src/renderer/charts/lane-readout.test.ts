import { describe, expect, it } from 'vitest';
import type { ChannelInfo } from '../../core/series/series';
import { deviationAt, laneHeader } from './lane-readout';
import type { SignalLane } from './trend';

const info: ChannelInfo = {
  index: 0,
  name: 'TI-1',
  unit: '°C',
  description: 'Bearing',
  step: false,
  stats: { count: 3, missing: 0, bad: 0, min: 20, max: 90, mean: 50, std: 10, distinct: 3 },
};
const times = Float64Array.of(0, 10, 20);
const band = { channel: 'TI-1', time: times, low: Float32Array.of(40, 40, 40), high: Float32Array.of(60, 60, 60) };
const lane: SignalLane = {
  kind: 'signal',
  key: 'TI-1',
  height: 60,
  channels: ['TI-1'],
  lines: [
    {
      channel: 'TI-1',
      line: { time: times, min: Float32Array.of(50, 67, Number.NaN), max: Float32Array.of(50, 67, Number.NaN), raw: true },
      step: false,
    },
  ],
  bands: [band],
  limits: [20, 90],
  damaged: [],
};
const names = { score: 'run 1', labels: '', detections: '' };
const at = (time: number | null) => laneHeader(lane, time, new Map([['TI-1', info]]), names).rows[0]!;

describe('lane header', () => {
  it('reads the value with its unit, and the deviation only outside the band', () => {
    expect(at(1)).toMatchObject({ name: 'TI-1', note: 'Bearing', value: '50.0', unit: '°C', deviation: '' });
    // 67 is 17 above the middle of 40..60.
    expect(at(9)).toMatchObject({ value: '67.0', deviation: '+17.0' });
  });
  it('shows a dash in a gap and no value without a cursor', () => {
    expect(at(20)).toMatchObject({ value: '\u2013', deviation: '' });
    expect(at(null)).toMatchObject({ value: '', unit: '°C' });
  });
  it('reads a bucket of several samples as its range', () => {
    const wide = {
      ...lane,
      lines: [
        {
          channel: 'TI-1',
          line: { time: times, min: Float32Array.of(50, 60, 60), max: Float32Array.of(55, 60, 60), raw: false },
          step: false,
        },
      ],
    };
    expect(laneHeader(wide, 5, new Map([['TI-1', info]]), names).rows[0]!.value).toBe('50.0\u202655.0');
  });
});

it('knows no deviation where nothing is expected', () => {
  expect(deviationAt(undefined, 5, 99)).toBeNull();
  expect(deviationAt({ ...band, low: new Float32Array(3).fill(Number.NaN) }, 5, 30)).toBeNull();
  expect(deviationAt(band, 5, 30)).toBe(-20);
});

it('reads the review score beside the score', () => {
  const line = (values: number[]) => ({
    ...{ time: Float64Array.of(0, 10), min: Float32Array.from(values), max: Float32Array.from(values), raw: true },
  });
  const lane = {
    kind: 'score',
    key: 's',
    height: 80,
    line: line([1, 2]),
    review: { line: line([3, 4]), ahead: 40 },
    high: 5,
  } as const;
  const { rows } = laneHeader(lane, 10, new Map(), { score: 'run', labels: '', detections: '' });
  expect(rows.map(({ name, value }) => [name, value])).toEqual([
    ['Score', '2.00'],
    ['Review', '4.00'],
  ]);
  expect(laneHeader({ ...lane, review: null }, 10, new Map(), { score: '', labels: '', detections: '' }).rows).toHaveLength(1);
});
