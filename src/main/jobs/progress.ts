import type { Progress } from '../../core/detectors/detector';
import type { JobProgress } from '../store';

/** Weight of the newest rate; about the last ten reports count. */
const SMOOTHING = 0.2;
/** Reports closer than this are counted together: a rate from a millisecond is noise. */
const SHORTEST_SPAN_MS = 200;

export const noProgress: JobProgress = { stage: '', done: 0, total: 0, unit: '', rate: 0, remainingMs: null };

/**
 * Rate and remaining time from reports, exponentially smoothed. `done` never goes back within a stage. Stages that
 * count on towards one total share their rate; another total starts afresh.
 *
 * @param clock - milliseconds.
 */
export function createProgressMeter(
  clock: () => number,
): (report: Pick<Progress, 'stage' | 'done' | 'total' | 'unit'>) => JobProgress {
  let last = noProgress;
  let at = 0;
  let doneAt = 0;
  return (report) => {
    const now = clock();
    const afresh =
      report.total !== last.total || report.unit !== last.unit || (report.stage !== last.stage && report.done < last.done);
    if (afresh) {
      at = now;
      doneAt = report.done;
      last = { stage: report.stage, done: report.done, total: report.total, unit: report.unit, rate: 0, remainingMs: null };
      return last;
    }
    const done = Math.max(last.done, report.done);
    let rate = last.rate;
    if (now - at >= SHORTEST_SPAN_MS && done > doneAt) {
      const newest = ((done - doneAt) * 1000) / (now - at);
      rate = rate === 0 ? newest : rate + SMOOTHING * (newest - rate);
      at = now;
      doneAt = done;
    }
    const remainingMs = rate > 0 && report.total > 0 ? Math.max(0, ((report.total - done) * 1000) / rate) : null;
    last = { stage: report.stage, done, total: report.total, unit: report.unit, rate, remainingMs };
    return last;
  };
}
