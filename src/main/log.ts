import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../core/errors';

/** At this size the log becomes `faultline.log.1.jsonl`, so that it never fills a disk. */
const LOG_LIMIT_BYTES = 5 * 1024 * 1024;

/** The local log: JSON lines in the data folder. Nothing leaves the machine; no data values and no tokens are written. */
export interface Log {
  write(event: string, facts?: JsonObject): void;
}

/** A log in `dataDir`; a failure to write it is ignored, since there is nowhere left to report it. */
export function createLog(dataDir: string, clock: () => number): Log {
  const folder = join(dataDir, 'logs');
  const file = join(folder, 'faultline.log.jsonl');
  return {
    write(event, facts = {}) {
      try {
        mkdirSync(folder, { recursive: true });
        const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
        if (size > LOG_LIMIT_BYTES) renameSync(file, join(folder, 'faultline.log.1.jsonl'));
        appendFileSync(file, `${JSON.stringify({ at: new Date(clock()).toISOString(), event, ...facts })}\n`, { mode: 0o600 });
      } catch {
        // A full or read-only disk must not stop the application.
      }
    },
  };
}
