import { afterEach, describe, expect, it } from 'vitest';
import type { Checkpoint, Detector, ModelArtifact, RunContext } from '../src/core/detectors/detector';
import { resolveParams, type ParamValue, type ParamValues } from '../src/core/detectors/params';
import { FaultlineError, isFaultline, type ErrorCode, type JsonObject } from '../src/core/errors';
import type { Insight } from '../src/core/insight/insight';
import type { PreparedSeries } from '../src/core/prepare/prepared';
import { randomFrom } from '../src/core/random';
import type { LoadedEngine } from '../src/main/compute/tensorflow';

/** Parameters whose largest value would train for minutes: the check then stops after some batches. */
const BATCHES_AT_LIMITS = 3;
export const TRAIN_ROWS = 480;

/** What is special about a detector's checks. */
export interface CheckSettings {
  /** Small settings, so that every check runs; defaults otherwise. */
  readonly small?: ParamValues;
  /** Settings besides these under which it computes its score in another way. */
  readonly variants?: readonly ParamValues[];
  /** What the planted fault is for these settings. */
  readonly fault?: (params: ParamValues) => Pick<Fault, 'level'>;
  /** True where a fault is remembered for a while after it: the rows before it are the normal ones then. */
  readonly remembers?: boolean;
}

/** A run on an engine, with nobody to tell. */
export function runOn(engine: LoadedEngine, seed: number, more: Partial<RunContext> = {}): RunContext {
  return {
    random: randomFrom(seed),
    tensorflow: () => Promise.resolve(engine.tf),
    fusedLstm: engine.fusedLstm,
    report: () => undefined,
    checkpoint: () => Promise.resolve(),
    ...more,
  };
}

export interface Fault {
  readonly from: number;
  readonly to: number;
  /** Value of a row of it; without, a burst that swings. */
  readonly level?: number;
}

/** Sines with noise; the fault is a burst on the last channel, or a level. */
export function plant(
  rows: number,
  channels: number,
  seed: number,
  fault?: Fault,
  segments?: PreparedSeries['segments'],
): PreparedSeries {
  const random = randomFrom(seed);
  const values = new Float32Array(rows * channels);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < channels; j++) {
      values[row * channels + j] = 1.3 * Math.sin((2 * Math.PI * row) / 24 + j) + 0.1 * random.normal();
    }
    if (fault && row >= fault.from && row < fault.to)
      values[row * channels + channels - 1] = fault.level ?? (row % 2 === 0 ? 4 : -4);
  }
  return {
    timestamps: Float64Array.from({ length: rows }, (_, row) => 60_000 * row),
    values,
    channels: Array.from({ length: channels }, (_, j) => `tag ${j + 1}`),
    segments: segments ?? [{ start: 0, end: rows }],
    stepMs: 60_000,
  };
}

const codeIs = (code: ErrorCode) => (error: unknown) => isFaultline(error, code);

/**
 * The checks that every detector passes: what it says of itself, its scores, seeds, storage, refusals, limits and resumption.
 *
 * @param engine - gives the engine that is loaded by then.
 */
export function checkDetector(
  detector: Detector,
  engine: () => LoadedEngine,
  { small = {}, variants = [], fault: faultOf = () => ({}), remembers = false }: CheckSettings = {},
): void {
  const { info } = detector;
  const paramsOf = (more: ParamValues = {}): ParamValues => resolveParams(info.params, { ...small, ...more });
  const runWith = (seed: number, more: Partial<RunContext> = {}): RunContext => runOn(engine(), seed, more);
  describe(info.id, () => {
    const channelCounts = info.channels === 'single' ? [1] : info.channels === 'multi' ? [3] : [1, 3];

    afterEach(() => {
      expect(engine().tf.memory().numTensors).toBe(0);
    });

    it('describes itself and every parameter with a default inside its range', () => {
      for (const text of [info.title, info.summary, info.whenItFails, info.source]) expect(text.length).toBeGreaterThan(5);
      for (const [name, spec] of Object.entries(info.params)) {
        expect(spec.help.length, name).toBeGreaterThan(10);
        expect(() => resolveParams(info.params, { [name]: spec.default }), name).not.toThrow();
      }
    });

    const cases = channelCounts.flatMap((channels) => [{}, ...variants].map((more) => [channels, more] as const));
    describe.each(cases)('with %i channels and %o', (channels, more) => {
      it('scores where it can and nowhere else, explains each score, and finds a planted fault', async () => {
        const params = paramsOf(more);
        const model = await detector.train(plant(TRAIN_ROWS, channels, 1), params, runWith(7));
        const warmUp = info.warmUp(params);
        // A gap at row 200, a segment of 5 rows that is too short for windows, and a fault in the last one.
        const segments = [
          { start: 0, end: 200 },
          { start: 200, end: 205 },
          { start: 205, end: 400 },
        ];
        const fault: Fault = { from: 300, to: 312, ...faultOf(params) };
        const data = plant(400, channels, 2, fault, segments);
        const scores = await model.score(data, runWith(7));
        model.dispose();
        model.dispose();

        expect(scores.score).toHaveLength(400);
        for (const { start, end } of segments) {
          for (let row = start; row < end; row++)
            expect(Number.isFinite(scores.score[row]!), `row ${row}`).toBe(row - start >= warmUp);
        }
        const span = warmUp + 1;
        const touched = (row: number): boolean => row >= fault.from && (row < fault.to + span || remembers);
        const rows = Array.from(scores.score, (_, row) => row).filter((row) => Number.isFinite(scores.score[row]!));
        const normal = Math.max(...rows.filter((row) => !touched(row)).map((row) => scores.score[row]!));
        expect(Math.max(...rows.filter(touched).map((row) => scores.score[row]!))).toBeGreaterThan(1.2 * normal);

        if (scores.byChannel) {
          for (const row of rows) {
            const shares = scores.byChannel.slice(row * channels, (row + 1) * channels);
            expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
          }
          const atFault = scores.byChannel.slice((fault.to - 1) * channels, fault.to * channels);
          expect(atFault.indexOf(Math.max(...atFault))).toBe(channels - 1);
        }
        if (scores.expected) {
          expect(scores.expected).toHaveLength(400 * channels);
          for (const row of rows) expect(Number.isFinite(scores.expected[row * channels]!)).toBe(true);
          expect([...scores.expectedHalfWidth!].every((half) => half > 0 && half < 3)).toBe(true);
          expect(scores.expectedHalfWidth).toHaveLength(channels);
        }
        expect(model.normalScores.length).toBeGreaterThan(0);
        expect(model.normalScores.every((score) => Number.isFinite(score))).toBe(true);
        expect(model.parameterCount).toBe(detector.size(TRAIN_ROWS, channels, params).weights);
      });

      it('gives equal scores for an equal seed and after saving and restoring, and shows the same of itself', async () => {
        const [train, test] = [plant(TRAIN_ROWS, channels, 1), plant(200, channels, 3)];
        const scoreBits: Uint8Array[] = [];
        const bits = (values: Float32Array): Uint8Array => new Uint8Array(values.slice().buffer);
        let artifact: ModelArtifact | undefined;
        let shown: Insight | undefined;
        for (let round = 0; round < 2; round++) {
          const model = await detector.train(train, paramsOf(more), runWith(11));
          const { score } = await model.score(test, runWith(11));
          scoreBits.push(bits(score));
          shown = await model.insight?.({ train, scored: test, score }, runWith(11));
          artifact = await model.save();
          model.dispose();
        }
        // Through JSON, as a project stores it.
        const stored = { ...artifact!, manifest: JSON.parse(JSON.stringify(artifact!.manifest)) as JsonObject };
        const restored = await detector.restore(stored, runWith(11));
        const { score } = await restored.score(test, runWith(11));
        scoreBits.push(bits(score));
        expect(shown !== undefined).toBe(info.shows !== undefined);
        // Plain finite data, as they cross hosts: nothing is lost as JSON.
        expect(JSON.parse(JSON.stringify(shown ?? null))).toEqual(shown ?? null);
        expect(await restored.insight?.({ train, scored: test, score }, runWith(11))).toEqual(shown);
        expect(restored.normalScores.length).toBeGreaterThan(0);
        restored.dispose();
        expect(scoreBits[1]).toEqual(scoreBits[0]);
        expect(scoreBits[2]).toEqual(scoreBits[0]);
      });
    });

    it('stops within one batch when asked to, and leaves no tensor', async () => {
      let calls = 0;
      const checkpoint = (): Promise<void> => {
        if (++calls > 1) throw new FaultlineError('job/cancelled', 'Cancelled.');
        return Promise.resolve();
      };
      const training = detector.train(plant(TRAIN_ROWS, channelCounts.at(-1)!, 1), paramsOf(), runWith(1, { checkpoint }));
      await expect(training).rejects.toSatisfy(codeIs('job/cancelled'));
      expect(calls).toBe(2);
    });

    it('says how many rows it needs when there are too few', async () => {
      const error: unknown = await detector.train(plant(12, channelCounts[0]!, 1), paramsOf(), runWith(1)).catch((e: unknown) => e);
      expect(isFaultline(error, 'detector/too-little-data')).toBe(true);
      expect((error as FaultlineError).details).toMatchObject({ rows: 12, needed: expect.any(Number) as number });
    });

    it('refuses a model that is damaged or not its own', async () => {
      const model = await detector.train(plant(TRAIN_ROWS, channelCounts[0]!, 1), paramsOf(), runWith(1));
      const good = await model.save();
      model.dispose();
      const entries = good.manifest['weights'] as readonly JsonObject[];
      const withEntries = (weights: readonly JsonObject[]): Partial<ModelArtifact> => ({ manifest: { ...good.manifest, weights } });
      const poisoned = good.weights.slice();
      new DataView(poisoned.buffer).setFloat32(0, Number.NaN, true);
      const table: readonly [ErrorCode, Partial<ModelArtifact>][] = [
        ['model/incompatible', { detectorId: 'another' }],
        ['model/incompatible', { formatVersion: info.formatVersion + 1 }],
        ['model/damaged', { weights: good.weights.subarray(4) }],
        ['model/damaged', { weights: poisoned }],
        ['model/damaged', withEntries(entries.slice(1))],
        ['model/damaged', withEntries([...entries, entries[0]!])],
        ['model/damaged', withEntries(entries.map((entry, i) => (i === 0 ? { ...entry, shape: [2 ** 20, 2 ** 20] } : entry)))],
        ['model/damaged', withEntries(entries.map((entry, i) => (i === 0 ? { ...entry, name: '../../escape' } : entry)))],
        ['model/damaged', withEntries(entries.map((entry, i) => (i === 1 ? { ...entry, offset: 0 } : entry)))],
        ['model/damaged', { manifest: {} }],
      ];
      for (const [code, change] of table) {
        await expect(
          (async () => detector.restore({ ...good, ...change }, runWith(1)))(),
          JSON.stringify(Object.keys(change)),
        ).rejects.toSatisfy(codeIs(code));
      }
      const restored = await detector.restore(good, runWith(1));
      const other = {
        ...plant(100, channelCounts[0]!, 1),
        channels: Array.from({ length: channelCounts[0]! }, (_, j) => `other ${j}`),
      };
      await expect((async () => restored.score(other, runWith(1)))()).rejects.toSatisfy(codeIs('model/incompatible'));
      restored.dispose();
    });

    const limits = Object.entries(info.params).flatMap(([name, spec]): (readonly [string, ParamValue])[] => {
      if (spec.kind === 'flag') return [true, false].map((value) => [name, value] as const);
      if (spec.kind === 'choice') return spec.choices.map(({ value }) => [name, value] as const);
      return [spec.min, spec.max].map((value) => [name, value] as const);
    });
    it.each(limits)('works, or explains why not, with %s at %s', async (name, value) => {
      let batches = 0;
      const checkpoint = (): Promise<void> => {
        if (++batches > BATCHES_AT_LIMITS) throw new FaultlineError('job/cancelled', 'Enough for this check.');
        return Promise.resolve();
      };
      const params = paramsOf({ [name]: value });
      const allowed: readonly ErrorCode[] = ['job/cancelled', 'detector/too-little-data'];
      try {
        const model = await detector.train(plant(TRAIN_ROWS, channelCounts[0]!, 1), params, runWith(1, { checkpoint }));
        model.dispose();
      } catch (error) {
        if (!allowed.some((code) => isFaultline(error, code))) throw error;
      }
    });

    it('continues an interrupted training to the same bits', async () => {
      const train = plant(TRAIN_ROWS, channelCounts[0]!, 1);
      const params = paramsOf(info.id === 'hreg-vae-lstm' ? { vaeSteps: 250, lstmSteps: 150, earlyStopping: false } : {});
      const states: Checkpoint[] = [];
      const saveCheckpoint = (state: Checkpoint): Promise<void> => {
        // Through JSON and a copy, as a store keeps it.
        states.push({
          ...state,
          manifest: JSON.parse(JSON.stringify(state.manifest)) as JsonObject,
          weights: state.weights.slice(),
        });
        return Promise.resolve();
      };
      const whole = await detector.train(train, params, runWith(5, { saveCheckpoint }));
      const expected = await whole.save();
      whole.dispose();
      if (detector.size(TRAIN_ROWS, channelCounts[0]!, params).steps > 0) expect(states.length).toBeGreaterThan(0);
      for (const resumeFrom of states) {
        const resumed = await detector.train(train, params, runWith(5, { resumeFrom }));
        const artifact = await resumed.save();
        resumed.dispose();
        expect(Buffer.compare(artifact.weights, expected.weights), `from step ${resumeFrom.step}`).toBe(0);
        expect(artifact.manifest).toEqual(expected.manifest);
      }
      for (const resumeFrom of states.slice(0, 1)) {
        const changed = plant(TRAIN_ROWS, channelCounts[0]!, 1);
        changed.values[100] = changed.values[100]! + 1;
        await expect(detector.train(changed, params, runWith(5, { resumeFrom }))).rejects.toSatisfy(
          codeIs('training/data-changed'),
        );
      }
    });
  });
}
