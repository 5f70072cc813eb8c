import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from '../contract/types';
import { FaultlineError } from '../core/errors';
import { readJson, writeAtomic } from './atomic-file';

const stored = z.object({
  theme: z.enum(['light', 'dark', 'system']).catch('system'),
  density: z.enum(['compact', 'comfortable']).catch('compact'),
  timeZone: z
    .string()
    .refine((zone) => isTimeZone(zone))
    .catch('UTC'),
});

/** What the person at this machine prefers; one JSON file. A broken file or field gives its default. */
export interface SettingsFile {
  get(): Settings;
  /** @throws FaultlineError 'contract/invalid-params' for an unknown time zone, 'file/write-failed'. */
  set(change: Readonly<{ [K in keyof Settings]?: Settings[K] | undefined }>): Settings;
}

export function createSettings(dataDir: string): SettingsFile {
  const path = join(dataDir, 'settings.json');
  const read = (): Settings => {
    const value = readJson(path);
    return stored.parse(typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {});
  };
  return {
    get: read,
    set(change) {
      if (change.timeZone !== undefined && !isTimeZone(change.timeZone)) {
        throw new FaultlineError(
          'contract/invalid-params',
          `"${change.timeZone}" is not a known time zone. Give a name such as "UTC" or "Europe/Berlin".`,
        );
      }
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const next = stored.parse({ ...read(), ...given });
      writeAtomic(path, `${JSON.stringify(next, null, 2)}\n`);
      return next;
    },
  };
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
