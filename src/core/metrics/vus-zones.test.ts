import { describe, expect, it } from 'vitest';
import { randomFrom } from '../random';
import { vus, type RankInput } from './rank';
import { vusOf, vusZones, zoneCap } from './vus-zones';

/** Anomalies of 3 to 12 rows, `apart` rows from start to start, the first at row `lead`. */
function data(seed: number, anomalies: number, apart: number, lead = apart >> 1): RankInput {
  const random = randomFrom(seed);
  const truth = new Uint8Array(lead + anomalies * apart);
  for (let i = 0; i < anomalies; i++) truth.fill(1, lead + i * apart, lead + i * apart + 3 + random.int(10));
  const score = Float32Array.from(truth, (y) => random.normal() + 1.5 * y);
  return { score, truth };
}

describe('the zones together are the part', () => {
  const cases: readonly (readonly [string, RankInput])[] = [
    ['anomalies far apart', data(1, 8, 200)],
    ['anomalies so near that buffers meet and merge', data(2, 20, 30)],
    ['an anomaly at the first row', data(3, 5, 60, 0)],
    ['one anomaly', data(4, 1, 300)],
    ['scores with many ties', { ...data(5, 6, 80), score: data(5, 6, 80).score.map(Math.round) }],
    ['a constant score', { ...data(6, 4, 100), score: new Float32Array(data(6, 4, 100).truth.length) }],
    ['more anomalies than zones', data(7, zoneCap * 2 + 7, 25)],
  ];
  it.each(cases)('%s', (_, input) => {
    for (const buffer of [0, 1, 2, 7, 40, 100]) {
      const whole = vus(input, buffer)!;
      const zones = vusOf(vusZones(input, buffer)!);
      expect(zones.pr).toBeCloseTo(whole.pr, 11);
      expect(zones.roc).toBeCloseTo(whole.roc, 11);
    }
  });
});

it('gives the volume of the vector of the metrics document', () => {
  const truth = Uint8Array.from({ length: 20 }, (_, i) => ((i >= 5 && i <= 8) || i === 15 || i === 16 ? 1 : 0));
  const score = Float32Array.of(
    ...[0.1, 0.1, 0.2, 0.1, 0.3, 0.2, 0.9, 0.8, 0.1, 0.7],
    ...[0.1, 0.1, 0.2, 0.1, 0.1, 0.4, 0.6, 0.5, 0.1, 0.1],
  );
  const zones = vusZones({ truth, score }, 4)!;
  expect(vusOf(zones).pr).toBeCloseTo(0.819962, 6);
  // Anomalies end at 8 and begin at 15: rows up to 11 are nearer to the first.
  expect([...zones.bounds]).toEqual([0, 12, 20]);
});

it('gives a resample what the drawn zones have when they are put one after the other', () => {
  const input = data(8, 3, 70);
  const zones = vusZones(input, 20)!;
  const cut = <T extends Float32Array | Uint8Array>(of: T, zone: number): T =>
    of.subarray(zones.bounds[zone], zones.bounds[zone + 1]) as T;
  const drawn = [0, 0, 2];
  // Fewer than 250 rows, so the thresholds are all scores there are, in the part and in the resample alike.
  const joined: RankInput = {
    score: Float32Array.from(drawn.flatMap((zone) => [...cut(input.score as Float32Array, zone)])),
    truth: Uint8Array.from(drawn.flatMap((zone) => [...cut(input.truth, zone)])),
  };
  for (const buffer of [0, 20]) {
    const found = vusOf(vusZones(input, buffer)!, [2, 0, 1]);
    expect(found.pr).toBeCloseTo(vus(joined, buffer)!.pr, 11);
    expect(found.roc).toBeCloseTo(vus(joined, buffer)!.roc, 11);
  }
});

it('does not change when every zone is drawn equally often', () => {
  const zones = vusZones(data(9, 5, 90), 30)!;
  expect(vusOf(zones, [3, 3, 3, 3, 3]).pr).toBeCloseTo(vusOf(zones).pr, 11);
});

it('gives nothing where one kind of row is missing', () => {
  for (const truth of [Uint8Array.of(0, 0), Uint8Array.of(1, 1), new Uint8Array(0)]) {
    expect(vusZones({ truth, score: new Float32Array(truth.length) }, 10)).toBeNull();
  }
});
