import { lowerBound } from '../../core/series/search';
import type { TimeRange } from '../../core/series/series';
import type { ProjectStore, StoredRun } from '../store';

/** Scored rows of a range, as views or copies; nobody may write to them. */
export interface RunRows {
  readonly time: Float64Array;
  readonly score: Float32Array;
  /** The score that looks at later rows as well. All of these: undefined when the detector gives none. */
  review(): Float32Array | undefined;
  share(channel: string): Float32Array | undefined;
  expected(channel: string): Float32Array | undefined;
}

/** Reads the rows of a run for charts. */
export interface RunColumns {
  rows(store: ProjectStore, run: StoredRun, range: TimeRange): RunRows;
}

/** A run with more values than this is read from the file for each window instead of being kept. */
const LARGEST_KEPT = 40_000_000;

/**
 * Keeps the columns of the run that was looked at last, so that panning does not read and check its chunks again and again. Scores
 * never change once they are stored.
 */
export function createRunColumns(): RunColumns {
  let key = '';
  let columns = new Map<string, Float32Array | undefined>();
  let times: Float64Array = new Float64Array(0);

  return {
    rows(store, run, range) {
      if (run.rows * (2 + 2 * run.channels.length) > LARGEST_KEPT) return fromStore(store, run, range);
      const wanted = `${store.id} ${run.id}`;
      if (key !== wanted) {
        key = '';
        columns = new Map();
        times = store.runs.timestamps(run.id);
        key = wanted;
      }
      const from = lowerBound(times, range.start);
      const to = Math.max(from, lowerBound(times, range.end));
      const part = (name: string, read: () => Float32Array | undefined): Float32Array | undefined => {
        if (!columns.has(name)) columns.set(name, read());
        return columns.get(name)?.subarray(from, to);
      };
      return {
        time: times.subarray(from, to),
        score: part('score', () => store.runs.score(run.id))!,
        review: () => part('review', () => store.runs.review(run.id)),
        share: (channel) => part(`share ${channel}`, () => store.runs.share(run.id, channel)),
        expected: (channel) => part(`expected ${channel}`, () => store.runs.expected(run.id, channel)),
      };
    },
  };
}

function fromStore(store: ProjectStore, run: StoredRun, range: TimeRange): RunRows {
  const rows = store.runs.rowsBetween(run.id, range);
  return {
    time: store.runs.timestamps(run.id, rows),
    score: store.runs.score(run.id, rows),
    review: () => store.runs.review(run.id, rows),
    share: (channel) => store.runs.share(run.id, channel, rows),
    expected: (channel) => store.runs.expected(run.id, channel, rows),
  };
}
