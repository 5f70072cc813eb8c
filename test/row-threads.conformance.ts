import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { RunContext } from '../src/core/detectors/detector';
import type { ForestReading } from '../src/core/detectors/isolation-forest/descend';
import { growForest, type Forest } from '../src/core/detectors/isolation-forest/forest';
import { ForestReader } from '../src/core/detectors/isolation-forest/reader';
import { resolveParams } from '../src/core/detectors/params';
import { findDetector } from '../src/core/detectors/registry';
import { sharedArray, type RowCrew } from '../src/core/detectors/shared/row-crew';
import { FaultlineError } from '../src/core/errors';
import { randomFrom } from '../src/core/random';
import type { Scores } from '../src/core/scoring/scores';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';
import { ThreadCrew, type CrewOptions } from '../src/main/compute/thread-crew';
import { sourceFlags } from './app/source-flags';
import { plant, runOn } from './detector-checks';

/** Several blocks for each thread, and an odd number of rows. */
const ROWS = 30_001;
const TAGS = 3;
const entry = new URL('../src/main/compute/row-thread.ts', import.meta.url);
const given = plant(ROWS, TAGS, 4);
const ofRows = (id: string) => {
  const detector = findDetector(id);
  return [detector, resolveParams(detector.info.params, { window: 1 })] as const;
};
/** Rows for each detector whose work is shared. */
const sharing = { 'isolation-forest': given, knn: plant(4000, TAGS, 4), lof: plant(4000, TAGS, 4) };

function crewOf(more: Partial<CrewOptions> = {}): ThreadCrew {
  const crew = new ThreadCrew({ entry, threads: 2, execArgv: sourceFlags, startAfterMs: 0, ...more });
  onTestFinished(() => crew.close());
  return crew;
}

let engine: LoadedEngine;
let forest: Forest;
let apart: ReturnType<ForestReader['read']>;

const readBy = (crew?: RowCrew): typeof apart => new ForestReader(forest, TAGS, 64, 64, crew).read(given.values, TAGS);

/** Reads until others help, who take a while to start, or cannot. */
async function readUntil(crew: ThreadCrew, text: string): Promise<void> {
  for (let told: string | undefined = ''; !told?.includes(text); told = crew.tell()) {
    expect(readBy(crew)).toEqual(apart);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

beforeAll(async () => {
  engine = await loadEngine();
  const use = Int32Array.from({ length: ROWS }, (_, i) => i);
  forest = await growForest(given.values, TAGS, use, { trees: 200, size: 64 }, randomFrom(3), () => Promise.resolve());
  apart = readBy();
});

describe('threads that share rows', () => {
  it('give the same bits as one', async () => {
    const crew = crewOf();
    await readUntil(crew, 'shared among 2 threads.');
    expect(crew.tell()).toBeUndefined();
    for (const [id, rows] of Object.entries(sharing)) {
      const [detector, params] = ofRows(id);
      const learned = async (run: RunContext): Promise<readonly [Float32Array, Scores]> => {
        const model = await detector.train(rows, params, run);
        return [model.normalScores, await model.score(rows, run)];
      };
      expect(await learned(runOn(engine, 7, { crew })), id).toEqual(await learned(runOn(engine, 7)));
      expect(crew.tell(), id).toContain('shared among');
    }
  });

  it('are not started for little work', () => {
    const crew = crewOf({ startAfterMs: 3_600_000 });
    expect(readBy(crew)).toEqual(apart);
    expect(crew.tell()).toBeUndefined();
  });

  it('are told when they cannot start, and the caller does all', async () => {
    const crew = crewOf({ entry: new URL('nowhere.ts', entry) });
    await readUntil(crew, 'shared among 1 thread; a thread was lost: Cannot find module');
  });

  it('let the caller throw what the work throws, and work on', async () => {
    const crew = crewOf();
    await readUntil(crew, '2 threads');
    const broken = { depth: 8, tags: 0, points: sharedArray(Float64Array, ROWS) } as ForestReading;
    expect(() => crew.run('isolation-forest', broken, ROWS, 2)).toThrow(TypeError);
    expect(readBy(crew)).toEqual(apart);
  });

  it('refuse arrays that the others would get copies of', () => {
    const copied = { points: new Float64Array(ROWS) } as ForestReading;
    expect(() => crewOf().run('isolation-forest', copied, ROWS, 2)).toThrow('not shared');
  });

  it('stop with the job between two chunks', async () => {
    const crew = crewOf();
    await readUntil(crew, '2 threads');
    const [detector, params] = ofRows('isolation-forest');
    let left = 5;
    const checkpoint = (): Promise<void> =>
      left-- > 0 ? Promise.resolve() : Promise.reject(new FaultlineError('job/cancelled', 'Stopped as asked.'));
    await expect(detector.train(given, params, runOn(engine, 7, { crew, checkpoint }))).rejects.toMatchObject({
      code: 'job/cancelled',
    });
    expect(readBy(crew)).toEqual(apart);
  });
});
