import { describe, expect, it } from 'vitest';
import type { Label } from '../labels/label';
import { poissonUpper } from '../metrics/poisson';
import { randomFrom, type Random } from '../random';
import { allowedRate } from './check';
import { cellStates, type ContractMap, type EventContract } from './contract';
import { contractMap } from './map';
import type { SearchKnob } from '../thresholds/suggest';

/**
 * Issue 4, E4: over 1,000 simulated plants with a known rate of false events the stated upper limit covers the truth at its stated
 * confidence. All plants are seeded, so a run gives the same numbers each time. Seen: at a fixed duration every setting that holds keeps the
 * rate in 97.3 % of the plants and the proposal in all; the best looking cell of all durations only in 93.0 %.
 */
const plants = 1000;

/**
 * Shares that a procedure right in at least `share` of all plants falls below with probability under 1/1000: normal limit of a
 * binomial, 3.09 standard deviations.
 */
const least = (share: number): number => share - 3.09 * Math.sqrt((share * (1 - share)) / plants);

/** Number of events in a time in which `mean` are expected: exponential waiting times added up. */
function poisson(random: Random, mean: number): number {
  let count = -1;
  for (let t = 0; t <= mean; t -= Math.log(1 - random.next())) count++;
  return count;
}

describe('at a threshold that was fixed beforehand', () => {
  for (const confidence of [0.8, 0.95, 0.99]) {
    for (const mean of [0.5, 3, 10, 40]) {
      it(`the ${confidence * 100} % limit covers a rate of ${mean} expected events`, () => {
        const random = randomFrom(31).fork(`${confidence} ${mean}`);
        let covered = 0;
        let none = 0;
        for (let k = 0; k < plants; k++) {
          const seen = poisson(random, mean);
          if (seen === 0) none++;
          if (poissonUpper(seen, confidence) >= mean) covered++;
        }
        expect(covered / plants).toBeGreaterThanOrEqual(least(confidence));
        // With half an event expected most plants see none, and the limit still has to cover.
        if (mean === 0.5) expect(none / plants).toBeCloseTo(Math.exp(-0.5), 1);
      });
    }
  }
});

const hour = 3_600_000;
const step = hour / 2;
const days = 30;
const n = days * 48;
/** Bursts a day before any threshold; the height of a burst is exponential, and each sample is followed by another with this probability. */
const burstsPerDay = 12;
const stays = 0.4;
const labels: readonly Label[] = [6, 14, 23].map((day, k) => ({
  id: `${k}`,
  start: day * 24 * hour,
  end: day * 24 * hour + 12 * hour,
  class: 'anomaly',
  comment: '',
  channels: [],
  origin: 'user',
}));
const timestamps = Float64Array.from({ length: n }, (_, i) => i * step);

/** Scores of one plant: bursts at random times, and labels on a level of their own, found with some delay. */
function plant(random: Random): Float32Array {
  const score = new Float32Array(n);
  for (let count = poisson(random, burstsPerDay * days); count > 0; count--) {
    const height = -Math.log(1 - random.next());
    const start = random.int(n);
    for (let i = start; i < n && (i === start || random.next() < stays); i++) score[i] = Math.max(score[i]!, height);
  }
  for (const label of labels) {
    const height = 6 + 2 * random.next();
    const delay = random.int(6);
    for (let i = label.start / step; i <= label.end / step; i++) score[i] = i < label.start / step + delay ? 0 : height;
  }
  return score;
}

/**
 * True rate of false events a day at a threshold and minimum duration: bursts above θ that last long enough. Bursts that touch one another
 * are one event, so the truth is a little smaller, and the limit has to cover slightly more than it should.
 */
function trueRate(value: number, durationMs: number): number {
  return burstsPerDay * Math.exp(-value) * stays ** Math.ceil(durationMs / step - 1e-9);
}

const contract: EventContract = { falseEvents: 1, days: 3, confidence: 0.95, mustCatch: 'all', withinMs: 4 * hour, mode: null };

function mapOf(name: string, search: readonly SearchKnob[]): ContractMap {
  const score = plant(randomFrom(5).fork(name));
  return contractMap({ rows: { timestamps, score }, labels, contract, rule: { minDurationMs: 0, mergeGapMs: 0 }, search });
}

/** Highest true rate of the settings that hold in one row of a map; 0 where none does. */
function worstRate(map: ContractMap, d: number): number {
  const row = map.cells.subarray(d * map.values.length, (d + 1) * map.values.length);
  const v = row.indexOf(cellStates.holds);
  return v < 0 ? 0 : trueRate(map.values[v]!, map.durations[d]!);
}

describe('after the search for a contract', () => {
  const allowed = allowedRate(contract);

  it('with a fixed minimum duration, no setting that holds has a rate above the one allowed, in at least 95 % of the plants', () => {
    let reported = 0;
    let proposalKept = 0;
    let allKept = 0;
    let everyRowKept = 0;
    for (let k = 0; k < plants; k++) {
      const map = mapOf(`plant ${k}`, []);
      if (map.feasible) reported++;
      if (!map.feasible || trueRate(map.proposal.value, map.proposal.minDurationMs) <= allowed) proposalKept++;
      if (worstRate(map, 0) <= allowed) allKept++;
      if (map.durations.every((_, d) => worstRate(map, d) <= allowed)) everyRowKept++;
    }
    expect(reported / plants).toBeGreaterThan(0.99);
    expect(proposalKept / plants).toBeGreaterThanOrEqual(least(0.95));
    // The stronger statement: every threshold of the row at once, the lowest that holds among them.
    expect(allKept / plants).toBeGreaterThanOrEqual(least(0.95));
    // Without any rule for the choice of the row, taking the best looking of all cells, it does not: hence the shared error.
    expect(everyRowKept / plants).toBeLessThan(0.95);
  });

  it('with a minimum duration searched too, the proposal keeps the rate allowed in at least 95 % of the plants', () => {
    let kept = 0;
    for (let k = 0; k < plants; k++) {
      const map = mapOf(`searched ${k}`, ['minDuration']);
      if (!map.feasible || trueRate(map.proposal.value, map.proposal.minDurationMs) <= allowed) kept++;
    }
    expect(kept / plants).toBeGreaterThanOrEqual(least(0.95));
  });
});
