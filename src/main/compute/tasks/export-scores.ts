import { open } from 'node:fs/promises';
import { FaultlineError } from '../../../core/errors';
import { rowMask } from '../../../core/labels/interval';
import { csvCell } from '../../../core/report/csv';
import { withProject } from './data';

export interface ExportScoresInput {
  readonly file: string;
  readonly runId: string;
  readonly thresholdId: string;
  readonly path: string;
}

const ROWS_AT_ONCE = 20_000;

/**
 * Writes `timestamp,score,threshold,anomaly`, then `review` where the detector has a score that looks at later rows as well (no threshold
 * is ever compared with it), and one column of the share for each channel. `anomaly` is 1 inside an event, so
 * minimum duration and merge gap count; rows without a score have an empty cell and 0.
 *
 * @throws FaultlineError 'file/write-failed'.
 */
export function exportScores({ file, runId, thresholdId, path }: ExportScoresInput): Promise<null> {
  return withProject(file, async (reader) => {
    const run = reader.runs.get(runId);
    const value = reader.thresholds.history(runId).find((one) => one.id === thresholdId)!.value;
    const timestamps = reader.runs.timestamps(runId);
    const score = reader.runs.score(runId);
    const review = reader.runs.review(runId);
    const inEvent = rowMask(timestamps, reader.events.list(thresholdId));
    const shares = run.channels.flatMap((channel) => {
      const share = reader.runs.share(runId, channel);
      return share ? [{ channel, share }] : [];
    });
    const columns = [...(review ? [review] : []), ...shares.map(({ share }) => share)];
    const number = (x: number): string => (Number.isNaN(x) ? '' : String(x));
    try {
      const handle = await open(path, 'wx', 0o600);
      try {
        const head = [
          'timestamp',
          'score',
          'threshold',
          'anomaly',
          ...(review ? ['review'] : []),
          ...shares.map(({ channel }) => csvCell(channel)),
        ];
        await handle.write(`${head.join(',')}\r\n`);
        for (let from = 0; from < timestamps.length; from += ROWS_AT_ONCE) {
          const to = Math.min(timestamps.length, from + ROWS_AT_ONCE);
          let text = '';
          for (let i = from; i < to; i++) {
            const cells = [number(score[i]!), value, inEvent[i], ...columns.map((column) => number(column[i]!))];
            text += `${new Date(timestamps[i]!).toISOString()},${cells.join(',')}\r\n`;
          }
          await handle.write(text);
        }
      } finally {
        await handle.close();
      }
    } catch (cause) {
      throw new FaultlineError('file/write-failed', 'The scores could not be written: is the disk full?', {}, { cause });
    }
    return null;
  });
}
