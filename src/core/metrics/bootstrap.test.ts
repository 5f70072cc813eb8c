import { describe, expect, it } from 'vitest';
import { randomFrom, type Random } from '../random';
import { bootstrap, bootstrapDifference, bootstrapInterval, noZones, tailShare } from './bootstrap';
import { poissonInterval } from './poisson';
import { normalAbove, studentLimit } from './student';
import { vusOf, vusZones, type VusZones } from './vus-zones';

const rowsEach = 50;
const buffer = 1;

/** Two detectors on the same anomalies; how strongly each answers to an anomaly varies from one to the next. */
function pair(random: Random, anomalies: number, strengthA = 1.5, strengthB = 1.5): [VusZones, VusZones] {
  const n = anomalies * rowsEach;
  const truth = new Uint8Array(n);
  const a = new Float32Array(n).map(() => random.normal());
  const b = new Float32Array(n).map(() => random.normal());
  for (let e = 0; e < anomalies; e++) {
    const start = e * rowsEach + 15 + random.int(10);
    const end = start + 4 + random.int(16);
    const up = [strengthA + random.normal(), strengthB + random.normal()];
    for (let i = start; i < end; i++) {
      truth[i] = 1;
      a[i]! += up[0]!;
      b[i]! += up[1]!;
    }
  }
  return [vusZones({ score: a, truth }, buffer)!, vusZones({ score: b, truth }, buffer)!];
}

/** Share of simulated test parts for which a condition on the interval of the difference holds. */
function simulate(
  seed: number,
  simulations: number,
  anomalies: number,
  strengths: readonly [number, number],
  holds: (low: number, high: number) => boolean,
): number {
  const random = randomFrom(seed);
  let count = 0;
  for (let s = 0; s < simulations; s++) {
    const [a, b] = pair(random, anomalies, ...strengths);
    const { interval } = bootstrapDifference(a, b, random, { resamples: 250 });
    if (interval.low !== null && holds(interval.low, interval.high)) count++;
  }
  return count / simulations;
}

describe('in simulation', () => {
  const excludesZero = (low: number, high: number): boolean => low > 0 || high < 0;

  it('calls two equal methods different in about one case of twenty', () => {
    // 250 simulations: the share of a true 5 % lies within 0.027 of it with 95 % probability.
    expect(simulate(3, 250, 10, [1.5, 1.5], excludesZero)).toBeLessThan(0.09);
  });

  it('covers the true difference about as often as it says', () => {
    // The true difference is that of a part so long that chance no longer matters.
    const [a, b] = pair(randomFrom(11), 4000, 2, 1.2);
    const truth = vusOf(a).pr - vusOf(b).pr;
    expect(truth).toBeGreaterThan(0.05);
    expect(simulate(4, 200, 12, [2, 1.2], (low, high) => low <= truth && truth <= high)).toBeGreaterThan(0.9);
  });

  it('finds a plain difference with enough events', () => {
    expect(simulate(5, 60, 20, [3, 0.5], (low) => low > 0)).toBeGreaterThan(0.95);
  });

  it('cannot be trusted with 2 or 3 events, which is why no verdict rests on so few', () => {
    expect(simulate(6, 200, 2, [1.5, 1.5], excludesZero)).toBeGreaterThan(0.3);
    expect(simulate(7, 200, 3, [1.5, 1.5], excludesZero)).toBeGreaterThan(0.12);
  });
});

it('holds the value inside its interval and repeats for the same seed', () => {
  const [zones] = pair(randomFrom(1), 12);
  const found = bootstrapInterval(zones, randomFrom(2));
  expect(found).toEqual(bootstrapInterval(zones, randomFrom(2)));
  const { low, high } = found.interval as { low: number; high: number };
  expect(low).toBeLessThan(found.value.value!);
  expect(high).toBeGreaterThan(found.value.value!);
});

it('says no difference of a method to itself is possible', () => {
  const [zones] = pair(randomFrom(1), 6);
  expect(bootstrapDifference(zones, zones, randomFrom(2))).toEqual({
    metric: 'VUS-PR',
    value: { value: 0 },
    interval: { low: 0, high: 0 },
    events: 6,
    resamples: 1000,
  });
});

it('gives of several methods what it gives of each', () => {
  const zones = pair(randomFrom(1), 9);
  const together = bootstrap(zones, randomFrom(2));
  expect(together.estimates[0]).toEqual(bootstrapInterval(zones[0], randomFrom(2)));
  expect(together.difference(0, 1)).toEqual(bootstrapDifference(...zones, randomFrom(2)));
  expect(together.difference(1, 0).value.value).toBeCloseTo(-together.difference(0, 1).value.value!, 15);
});

it('has no interval with one event and no value without any', () => {
  const [one] = pair(randomFrom(1), 1);
  expect(bootstrapInterval(one, randomFrom(2))).toEqual({
    value: { value: vusOf(one).pr },
    interval: { low: null, reason: '1 labelled anomaly: an interval needs at least 2' },
  });
  expect(bootstrapDifference(null, one, randomFrom(2))).toMatchObject({ value: { value: null, reason: noZones }, events: 0 });
  expect(bootstrapInterval(null, randomFrom(2)).value).toEqual({ value: null, reason: noZones });
});

it('refuses to compare methods that were not judged on the same rows', () => {
  const [a] = pair(randomFrom(1), 4);
  const [b] = pair(randomFrom(2), 4);
  expect(() => bootstrapDifference(a, b, randomFrom(3))).toThrow(RangeError);
});

it('knows the tables of Student, of the normal and of the Poisson distribution', () => {
  // Abramowitz and Stegun, table 26.10 and 26.1.
  for (const [degrees, limit] of [
    [1, 12.706],
    [2, 4.303],
    [4, 2.776],
    [9, 2.262],
    [19, 2.093],
    [60, 2.0],
  ] as const) {
    expect(studentLimit(degrees, 0.95)).toBeCloseTo(limit, 3);
  }
  expect(normalAbove(0)).toBeCloseTo(0.5, 7);
  expect(normalAbove(1.959964)).toBeCloseTo(0.025, 7);
  expect(normalAbove(3.090232)).toBeCloseTo(0.001, 7);
  // Hesterberg's correction for many events is none.
  expect(tailShare(100_000, 0.95)).toBeCloseTo(0.025, 4);
  // Garwood 1936.
  for (const [count, low, high] of [
    [0, 0, 3.689],
    [1, 0.025, 5.572],
    [10, 4.795, 18.39],
  ] as const) {
    expect(poissonInterval(count).low).toBeCloseTo(low, 3);
    expect(poissonInterval(count).high).toBeCloseTo(high, 2);
  }
});
