import { describe, expect, it } from 'vitest';
import type { RunContext } from '../detectors/detector';
import { robustZ } from '../detectors/robust-z';
import type { Label } from '../labels/label';
import { defaultPreparation } from '../prepare/prepare';
import type { PreparationChoices, Split } from '../prepare/prepared';
import { trainingView } from '../prepare/split';
import { randomFrom } from '../random';
import type { Series } from '../series/series';
import type { Anchor } from './anchor';
import { readyForScoring, readyForTraining, scoreReady, type Ready } from './ready';
import { driftRule } from './rule';

const minute = 60_000;
const n = 1200;
const split: Split = { trainUntil: 400 * minute, calibrateUntil: 700 * minute, guardMs: 0 };
const run: RunContext = {
  random: randomFrom(1),
  tensorflow: () => Promise.reject(new Error('not used here')),
  fusedLstm: false,
  report: () => undefined,
  checkpoint: () => Promise.resolve(),
};

/** A temperature that drifts, a flow that does not, a valve with two states; the flow falls in rows 800 to 899. */
function plant(seed: number): Series {
  const random = randomFrom(seed);
  return {
    timestamps: Float64Array.from({ length: n }, (_, i) => i * minute),
    channels: ['temperature', 'flow', 'valve'],
    columns: [
      Float64Array.from({ length: n }, (_, i) => 60 + i / 100 + random.normal()),
      Float64Array.from({ length: n }, (_, i) => 300 + 5 * random.normal() - (i >= 800 && i < 900 ? 40 : 0)),
      Float64Array.from({ length: n }, (_, i) => Number(i % 200 < 100)),
    ],
  };
}
const choicesOf = (series: Series, drift = driftRule(25 * minute)): PreparationChoices => ({
  ...defaultPreparation(series),
  drift,
});
const given = { labels: [] as Label[], stepChannels: ['valve'] };
const ignore = (from: number, to: number, cls: Label['class'] = 'ignore'): Label => ({
  id: `${from}`,
  start: from * minute,
  end: to * minute,
  class: cls,
  comment: '',
  channels: [],
  origin: 'user',
});

async function scoresOf(ready: Ready, labels: readonly Label[] = []) {
  const trained = await robustZ.train(trainingView(ready.prepared, split, labels), { combine: 'rms' }, run);
  return scoreReady(trained, ready, labels, run);
}

describe('drift that is not followed', () => {
  it('changes not a bit', async () => {
    const series = plant(1);
    const off = readyForTraining(series, defaultPreparation(series), split, given);
    const undefinedToo = readyForTraining(series, { ...defaultPreparation(series), drift: undefined }, split, given);
    expect(off.drift).toBeNull();
    expect(undefinedToo.prepared).toEqual(off.prepared);
    const trained = await robustZ.train(trainingView(off.prepared, split, []), { combine: 'rms' }, run);
    expect(await scoreReady(trained, off, [], run)).toEqual(await trained.score(off.prepared, run));
  });

  it('nor does a half-life beyond all time: the level stays where it began', () => {
    const series = plant(1);
    const on = readyForTraining(series, choicesOf(series), split, given);
    const preparation = { ...choicesOf(series), scaler: on.scaler };
    const frozen = readyForScoring(
      series,
      {
        ...preparation,
        drift: driftRule(1e300),
        anchor: {
          follows: [true, true, true],
          halfLifeMs: [1e300, 1e300, 1e300],
          play: [0.25, 0.25, 0.25],
          start: [0, 0, 0],
          limit: [0, 0, 0],
        },
      },
      given,
    );
    const off = readyForScoring(series, { ...preparation, drift: undefined }, given);
    expect(frozen.prepared.values).toEqual(off.prepared.values);
  });
});

describe('drift that is followed', () => {
  it('keeps a drifting tag where the training left it, an event where it is, and states alone', () => {
    const series = plant(2);
    const { prepared, drift } = readyForTraining(series, choicesOf(series), split, given);
    const mean = (j: number, from: number, to: number): number => {
      let sum = 0;
      for (let i = from; i < to; i++) sum += prepared.values[i * 3 + j]! / (to - from);
      return sum;
    };
    // 8 units in 800 rows are over 5 standard deviations; less than one is left.
    expect(Math.abs(mean(0, 1000, 1200))).toBeLessThan(0.7);
    expect(drift!.tags[0]!.last).toBeGreaterThan(4);
    // 40 of 5: eight standard deviations, held.
    expect(mean(1, 800, 900)).toBeLessThan(-6);
    expect(Math.abs(mean(1, 950, 1200))).toBeLessThan(0.5);
    expect(drift!.anchor.follows).toEqual([true, true, false]);
  });

  it('knows nothing of later rows', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const series = plant(seed);
      const from = 500 + randomFrom(seed).int(600);
      const other = {
        ...series,
        columns: plant(seed + 100).columns.map((column, j) =>
          column.map((value, i) => (i < from ? series.columns[j]![i]! : value * 3)),
        ),
      };
      const [a, b] = [series, other].map((one) => readyForTraining(one, choicesOf(series), split, given)) as [Ready, Ready];
      expect(b.drift!.anchor).toEqual(a.drift!.anchor);
      expect(b.prepared.values.subarray(0, from * 3)).toEqual(a.prepared.values.subarray(0, from * 3));
      const [first, second] = [await scoresOf(a), await scoresOf(b)];
      expect(second.score.subarray(0, from)).toEqual(first.score.subarray(0, from));
      expect(second.score.subarray(from)).not.toEqual(first.score.subarray(from));
    }
  });

  it('learns its anchor from the rows that train alone', () => {
    const series = plant(3);
    const labels = [ignore(100, 150, 'anomaly')];
    const wanted = readyForTraining(series, choicesOf(series), split, { ...given, labels }).drift!.anchor;
    const changed = {
      ...series,
      columns: series.columns.map((column) => column.map((v, i) => (i >= 400 || (i >= 100 && i <= 150) ? 0 : v))),
    };
    expect(readyForTraining(changed, choicesOf(series), split, { ...given, labels }).drift!.anchor).toEqual(wanted);
  });

  it('prepares new data as it did the training data, from the stored anchor', () => {
    const series = plant(4);
    const trained = readyForTraining(series, choicesOf(series), split, given);
    const stored = { ...choicesOf(series), scaler: trained.scaler, anchor: trained.drift!.anchor };
    const again = readyForScoring(series, JSON.parse(JSON.stringify(stored)) as typeof stored, given);
    expect(again.prepared).toEqual(trained.prepared);
    expect(again.drift!.levels).toEqual(trained.drift!.levels);
  });

  it('refuses a model of the rule before, which stored no play', () => {
    const series = plant(4);
    const trained = readyForTraining(series, choicesOf(series), split, given);
    const { follows, start, limit } = trained.drift!.anchor;
    const stored = { ...choicesOf(series), scaler: trained.scaler, anchor: { follows, start, limit } as Anchor };
    expect(() => readyForScoring(series, stored, given)).toThrow('Train it again');
  });

  it('is not moved by masked time', () => {
    const series = plant(5);
    const masked = { ...given, labels: [ignore(800, 1200)] };
    const { drift } = readyForTraining(series, choicesOf(series), split, masked);
    const at = (row: number): number => drift!.levels[row * 3]!;
    expect(at(1100)).toBe(at(801));
    expect(at(800)).not.toBe(at(700));
  });

  it('gives expected values where the measured ones are, and scores as they are', async () => {
    const series = plant(6);
    const ready = readyForTraining(series, choicesOf(series), split, given);
    const trained = await robustZ.train(trainingView(ready.prepared, split, []), { combine: 'rms' }, run);
    const plain = await trained.score(ready.prepared, run);
    const scores = await scoreReady(trained, ready, [], run);
    expect(scores.score).toEqual(plain.score);
    const off = readyForTraining(series, defaultPreparation(series), split, given);
    // Robust z expects its median: following the temperature, it expects what is near the measured value.
    const last = (n - 1) * 3;
    expect(Math.abs(scores.expected![last]! - off.prepared.values[last]!)).toBeLessThan(4);
    expect(plain.expected![last]! - off.prepared.values[last]!).toBeLessThan(-4);
  });

  it('lowers scores by the rise of their reference where that is asked for, and only there', async () => {
    const series = plant(6);
    // Noise that doubles slowly after training: no level moves, the scores do.
    series.columns[1]!.forEach((value, i, flow) => (flow[i] = 300 + (value - 300) * (1 + Math.max(0, i - 400) / 400)));
    const rule = driftRule(25 * minute);
    const ready = readyForTraining(series, choicesOf(series, rule), split, given);
    const both = readyForTraining(series, choicesOf(series, { ...rule, withScore: true }), split, given);
    expect(both.prepared.values).toEqual(ready.prepared.values);
    const [plain, lowered] = [(await scoresOf(ready)).score, (await scoresOf(both)).score];
    expect(lowered.every((value, row) => value <= plain[row]!)).toBe(true);
    expect(lowered[n - 1]!).toBeLessThan(plain[n - 1]!);
    expect(lowered.subarray(0, 2)).toEqual(plain.subarray(0, 2));
  });

  it('refuses a half-life that the train part cannot show', () => {
    const series = plant(7);
    expect(() => readyForTraining(series, choicesOf(series, driftRule(200 * minute)), split, given)).toThrow('half-life of drift');
  });
});
