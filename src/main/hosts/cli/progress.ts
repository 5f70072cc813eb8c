import type { JobSummary } from '../../../contract/types';
import { formatDuration, formatNumber } from '../../../core/report/format';
import { printable } from './text';

const barWidth = 24;
/** Lines of a log that is not a terminal come at most this often. */
const lineEveryMs = 5000;

/** Tells on the error stream how a job goes: one bar that is redrawn on a terminal, lines elsewhere. */
export interface ProgressPrinter {
  show(job: JobSummary): void;
  note(text: string): void;
  /** Ends the bar's line. */
  done(): void;
}

export function progressPrinter(stream: NodeJS.WriteStream): ProgressPrinter {
  const terminal = stream.isTTY === true;
  let drawn = false;
  let lastStage = '';
  let lastLine = 0;
  const clear = (): void => {
    if (drawn) stream.write('\r\u001b[2K');
    drawn = false;
  };
  return {
    show(job) {
      if (job.status !== 'running') return;
      const share = job.total > 0 ? Math.min(1, job.done / job.total) : 0;
      const left = job.remainingMs === null ? '' : `, ${formatDuration(job.remainingMs)} left`;
      const rate = job.rate > 0 ? `, ${formatNumber(job.rate)} ${printable(job.unit)}/s` : '';
      const text = `${printable(job.stage) || job.kind} ${(share * 100).toFixed(0)} %${rate}${left}`;
      if (terminal) {
        clear();
        const full = Math.round(share * barWidth);
        stream.write(
          `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}] ${text}`.slice(0, Math.max(20, (stream.columns ?? 80) - 1)),
        );
        drawn = true;
        return;
      }
      const now = performance.now();
      if (job.stage === lastStage && now - lastLine < lineEveryMs) return;
      lastStage = job.stage;
      lastLine = now;
      stream.write(`${text}\n`);
    },
    note(text) {
      clear();
      stream.write(`${printable(text)}\n`);
    },
    done: clear,
  };
}
