import { describe, expect, it } from 'vitest';
import type { RunContext } from './detectors/detector';
import { robustZ } from './detectors/robust-z';
import { labelClasses, type Label } from './labels/label';
import { testLabel } from './labels/test-label';
import { overlaps } from './labels/interval';
import { driftRule, type DriftRule } from './drift/rule';
import { runPipeline, type PipelineResult } from './pipeline';
import { defaultPreparation } from './prepare/prepare';
import type { Split } from './prepare/prepared';
import { partSpan } from './prepare/split';
import { randomFrom, type Random } from './random';
import type { Objective } from './thresholds/threshold';

const minute = 60_000;
const n = 3000;
const split: Split = { trainUntil: 1000 * minute, calibrateUntil: 2000 * minute, guardMs: 16 * minute };
const testFrom = partSpan(split, 'test').start;
const run: RunContext = {
  random: randomFrom(1),
  tensorflow: () => Promise.reject(new Error('not used here')),
  fusedLstm: false,
  report: () => undefined,
  checkpoint: () => Promise.resolve(),
};
const label = (id: string, start: number, end: number, cls: Label['class']): Label =>
  testLabel({ id, start: start * minute, end: end * minute, class: cls });

/** Two tags and a load that switches; faults in every part. */
function plant(random: Random) {
  const faults = [400, 1100, 1300, 1500, 1800, 2200, 2500, 2800].map((start) => [start, start + 10 + random.int(15)] as const);
  const faulty = (i: number): boolean => faults.some(([start, end]) => i >= start && i <= end);
  const load = Float64Array.from({ length: n }, (_, i) => (Math.floor(i / 40) % 2 === 0 ? 100 : 900));
  const series = {
    timestamps: Float64Array.from({ length: n }, (_, i) => i * minute),
    channels: ['temperature', 'flow', 'load'],
    columns: [
      Float64Array.from({ length: n }, (_, i) => 50 + random.normal() + (faulty(i) ? 3 * random.next() + 2 : 0)),
      Float64Array.from({ length: n }, () => 300 + 10 * random.normal()),
      load,
    ],
  };
  const labels = faults.map(([start, end], k) => label(`f${k}`, start, end, 'anomaly'));
  const more = [label('n', 1530, 1780, 'normal'), label('i', 1250, 1260, 'ignore'), label('g', 600, 620, 'instrument')];
  // Begins in the calibration part and ends in the test part: its end is of the test part.
  return { series, labels: [...labels, ...more, label('edge', 1985, 2040, 'anomaly')] };
}

/** Every label of the test part goes; others of every class come, at any place of it, to its very first and last row. */
function otherTestLabels(labels: readonly Label[], random: Random): Label[] {
  const first = testFrom / minute;
  const kept = labels
    .filter(({ start }) => start < testFrom)
    .map((one) => (one.end < testFrom ? one : { ...one, end: (first + random.int(n - first)) * minute }));
  const added = Array.from({ length: 1 + random.int(12) }, (_, k) => {
    const start = k === 0 ? first : first + random.int(n - first);
    const end = k === 1 ? n + 100 : start + random.int(200);
    return label(`r${k}`, start, end, labelClasses[random.int(labelClasses.length)]!);
  });
  // The order of labels says nothing either.
  return random.next() < 0.5 ? [...kept, ...added] : [...added, ...kept];
}

/** Everything that must not depend on test labels. */
async function chosen({ preparation, trained, scores, threshold, events, hidden, calibration }: PipelineResult) {
  const artifact = await trained.save();
  const until = scores.score.length - preparation.prepared.timestamps.filter((t) => t >= testFrom).length;
  const before = { start: -Infinity, end: testFrom - 1 };
  return {
    scaler: preparation.scaler,
    anchor: preparation.drift?.anchor,
    preparation: preparation.report,
    artifact: { ...artifact, weights: [...artifact.weights] },
    normalScores: [...trained.normalScores],
    score: [...scores.score.subarray(0, until)],
    threshold,
    events: events.filter((event) => overlaps(event, before)),
    hidden: hidden.filter((event) => overlaps(event, before)),
    calibration,
  };
}

/** With drift followed the levels run on through all parts: from earlier to later rows, never back. */
const followed: readonly Objective[] = [{ kind: 'f1' }, { kind: 'conformal', alpha: 0.05 }];
const halfLife = driftRule(15 * minute);

const objectives: readonly Objective[] = [
  { kind: 'f1' },
  { kind: 'fbeta', beta: 2 },
  { kind: 'cost', miss: 10, falseEvent: 1 },
  { kind: 'recall', limit: 5 },
  { kind: 'delay', limit: 5 },
  { kind: 'events-per-day', limit: 5 },
  { kind: 'quantile', q: 0.99 },
  { kind: 'pot', q: 0.999 },
  { kind: 'conformal', alpha: 0.05 },
  { kind: 'contract' },
];

/** Each objective as it is, and some with drift followed. */
const cases: readonly (readonly [Objective, DriftRule | undefined])[] = [
  ...objectives.map((objective) => [objective, undefined] as const),
  ...followed.map((objective) => [objective, halfLife] as const),
];

const baseOf = (series: ReturnType<typeof plant>['series'], drift?: DriftRule) => ({
  series,
  choices: { ...defaultPreparation(series), drift },
  split,
  detector: robustZ,
  params: { combine: 'max' },
  minDurationMs: 0,
  mergeGapMs: 2 * minute,
  suppress: [{ channel: 'flow', minShare: 0.9, reason: 'noisy' }],
  modes: { channel: 'load', edges: [500] },
  contract: { falseEvents: 3, days: 0.5, confidence: 0.8, mustCatch: 'all', withinMs: 10 * minute, mode: null } as const,
  search: ['minDuration', 'mergeGap', 'hysteresis', 'deadTime'] as const,
});

describe('no test label can change what is chosen', () => {
  for (const [objective, drift] of cases) {
    it(`threshold by ${objective.kind}${drift ? ', drift followed' : ''}`, async () => {
      // A search over all knobs takes its time.
      const searches = ['cost', 'recall', 'delay', 'contract'].includes(objective.kind);
      const rounds = searches ? 2 : 6;
      for (let seed = 1; seed <= (searches ? 2 : 3); seed++) {
        const random = randomFrom(seed);
        const { series, labels } = plant(random);
        const base = { ...baseOf(series, drift), objective };
        const first = await runPipeline({ ...base, labels }, run);
        const wanted = await chosen(first);
        let testChanged = 0;
        for (let round = 0; round < rounds; round++) {
          const other = await runPipeline({ ...base, labels: otherTestLabels(labels, random) }, run);
          expect(await chosen(other)).toEqual(wanted);
          if (JSON.stringify(other.test) !== JSON.stringify(first.test)) testChanged++;
        }
        // The labels did matter: to the test part, and to it alone.
        expect(testChanged).toBe(rounds);
      }
    });
  }

  for (const objective of objectives.filter(({ kind }) => ['cost', 'recall', 'contract'].includes(kind))) {
    it(`nor the end of the only label, by ${objective.kind}, where it lies in the test part`, async () => {
      const { series, labels } = plant(randomFrom(5));
      const others = labels.filter(({ start, end, id }) => id !== 'edge' && (end < split.trainUntil || start >= testFrom));
      const until = async (end: number) => {
        const edge = label('edge', 1950, end, 'anomaly');
        return chosen(await runPipeline({ ...baseOf(series), objective, labels: [...others, edge] }, run));
      };
      const first = await until(testFrom / minute + 10);
      expect(await until(testFrom / minute + 500)).toEqual(first);
      expect(await until(10 * n)).toEqual(first);
    });
  }

  it('while a calibration label does change the threshold', async () => {
    const { series, labels } = plant(randomFrom(1));
    const base = {
      series,
      choices: defaultPreparation(series),
      split,
      detector: robustZ,
      params: { combine: 'max' },
      objective: { kind: 'f1' } as const,
      minDurationMs: 0,
      mergeGapMs: 0,
    };
    const first = await runPipeline({ ...base, labels }, run);
    const other = await runPipeline({ ...base, labels: labels.filter(({ id }) => id !== 'f2' && id !== 'f3') }, run);
    expect(other.threshold.from).not.toBe(first.threshold.from);
    // And one of the train part changes what is learned.
    const learned = await runPipeline({ ...base, labels: [...labels, label('x', 0, 300, 'anomaly')] }, run);
    expect(learned.preparation.scaler).not.toEqual(first.preparation.scaler);
  });
});

/** Every value of the test part is another one: noise of another level, a constant, holes, or values beyond anything seen. */
function otherTestValues(series: ReturnType<typeof plant>['series'], random: Random): ReturnType<typeof plant>['series'] {
  const kinds = [() => 1e5 * random.normal(), () => 7, () => (random.next() < 0.3 ? NaN : random.next()), () => 1e300];
  return {
    ...series,
    columns: series.columns.map((column) => {
      const value = kinds[random.int(kinds.length)]!;
      return column.map((known, i) => (i * minute >= testFrom ? value() : known));
    }),
  };
}

describe('no test value can change what is chosen', () => {
  /** As `chosen`, without counts over the whole data and without the guard gap, which no part uses. */
  async function chosenBefore(result: PipelineResult) {
    const { scaler, artifact, normalScores, threshold, calibration, score, events, hidden } = await chosen(result);
    const { timestamps } = result.preparation.prepared;
    const ended = <T extends { readonly end: number }>(all: readonly T[]): T[] =>
      all.filter(({ end }) => end < split.calibrateUntil);
    return {
      scaler,
      artifact,
      normalScores,
      threshold,
      calibration,
      score: score.filter((_, i) => timestamps[i]! < split.calibrateUntil),
      events: ended(events),
      hidden: ended(hidden),
    };
  }

  for (const [objective, drift] of cases) {
    it(`model, scores, threshold and calibration figures by ${objective.kind}${drift ? ', drift followed' : ''}`, async () => {
      const searches = ['cost', 'recall', 'delay', 'contract'].includes(objective.kind);
      for (let seed = 1; seed <= (searches ? 1 : 3); seed++) {
        const random = randomFrom(100 + seed);
        const { series, labels } = plant(random);
        // Holes that are bridged over both ends of the guard gap: from calibration rows into it, and from it into the test part.
        for (const row of [998, 999, 1000, 1999, 2000, 2014, 2015]) series.columns[0]![row] = NaN;
        const base = { ...baseOf(series, drift), objective, labels };
        const first = await runPipeline(base, run);
        const wanted = await chosenBefore(first);
        expect(wanted.score.length).toBe(2000);
        for (let round = 0; round < 3; round++) {
          const other = await runPipeline({ ...base, series: otherTestValues(series, random) }, run);
          expect(await chosenBefore(other)).toEqual(wanted);
          expect(other.test).not.toEqual(first.test);
        }
      }
    });
  }
});
