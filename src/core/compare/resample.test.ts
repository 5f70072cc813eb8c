import { expect, it } from 'vitest';
import { bootstrap } from '../metrics/bootstrap';
import { vusOf, vusZones, type VusZones } from '../metrics/vus-zones';
import { randomFrom } from '../random';
import { resampleRows } from './resample';

const buffer = 6;
/** Six anomalies of five rows; the score sees them as well as `skill` says. */
function zones(seed: number, skill: number): VusZones {
  const random = randomFrom(seed);
  const truth = Uint8Array.from({ length: 300 }, (_, row) => Number(row % 50 >= 20 && row % 50 < 25));
  return vusZones({ score: Float32Array.from(truth, (y) => random.next() + y * skill), truth }, buffer)!;
}
const [good, fair, poor] = [zones(1, 0.8), zones(2, 0.5), zones(3, 0.1)];

it('agrees with the bootstrap of single runs, draw by draw', () => {
  const rows = resampleRows([[good], [fair], [poor]], randomFrom(7));
  const wanted = bootstrap([good, fair, poor], randomFrom(7));
  expect(rows.estimates).toEqual(wanted.estimates);
  expect(rows.difference(0, 2)).toEqual(wanted.difference(0, 2));
  expect(rows.difference(2, 1)).toEqual(wanted.difference(2, 1));
});

it('takes the mean over the seeds, on the part and on each draw', () => {
  const rows = resampleRows([[good, fair], [good, good], [good]], randomFrom(7));
  const mean = (vusOf(good).pr + vusOf(fair).pr) / 2;
  expect(rows.estimates[0]!.value.value).toBeCloseTo(mean, 12);
  // Two seeds with the same scores are as sure as one.
  expect(rows.estimates[1]).toEqual(rows.estimates[2]);
  // The mean of two is half as far from one of them as the other is, on every draw.
  const one = resampleRows([[good], [fair]], randomFrom(7)).difference(0, 1);
  const half = resampleRows([[good], [good, fair]], randomFrom(7)).difference(0, 1);
  expect(half.value.value).toBeCloseTo(one.value.value! / 2, 12);
  expect([half.interval.low, one.interval.low].every((low) => low !== null)).toBe(true);
  expect(half.interval.low).toBeCloseTo(one.interval.low! / 2, 12);
});

it('is undefined for all rows where it is for one', () => {
  const rows = resampleRows([[good], null], randomFrom(7));
  expect(rows.estimates.map(({ value }) => value.value)).toEqual([null, null]);
  expect(rows.difference(0, 1).value.value).toBeNull();
});
