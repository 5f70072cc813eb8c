import { FaultlineError } from '../errors';
import { clip } from '../ingest/findings';
import { timeReader } from '../ingest/times';
import { interval, type LabelFileOptions, type ParsedLabel } from './parse-common';

/** The last part of a path, whichever way its slashes lean. */
function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/**
 * Windows of one series from the benchmark's JSON: `{ "folder/file.csv": [["start", "end"], …] }`; a single time is a window of one
 * sample.
 *
 * @throws FaultlineError 'labels/no-entry' with the list of what there is; 'labels/unreadable'; 'labels/bad-interval'.
 * @see Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms: the Numenta Anomaly Benchmark", 2015.
 */
export function parseWindows(text: string, options: LabelFileOptions): ParsedLabel[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new FaultlineError(
      'labels/unreadable',
      `The label file is not valid JSON: ${error instanceof Error ? clip(error.message) : ''}.`,
      {},
      { cause: error },
    );
  }
  const wanted = baseName(options.dataFileName);
  let windows: unknown = parsed;
  if (!Array.isArray(parsed)) {
    const entries: [string, unknown][] = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
    const found =
      entries.find(([path]) => baseName(path) === wanted) ??
      entries.find(([path]) => baseName(path).toLowerCase() === wanted.toLowerCase());
    if (found === undefined) {
      const list = entries.slice(0, 50).map(([path]) => clip(path));
      throw new FaultlineError(
        'labels/no-entry',
        `The label file has no entry for ${wanted}. It has: ${list.join(', ') || 'none'}.`,
        { wanted, entries: list },
      );
    }
    windows = found[1];
  }
  if (!Array.isArray(windows))
    throw new FaultlineError('labels/unreadable', `The entry of ${wanted} is not a list of pairs of start and end.`);
  const reader = timeReader('iso', options.timeZone ?? 'UTC');
  return windows.map((window: unknown, i) => {
    const where = `Window ${i + 1} of ${wanted}`;
    const pair: unknown[] = Array.isArray(window) ? window : [window, window];
    const [start, end] = pair.map((t) => (typeof t === 'string' ? reader.read(t) : NaN));
    if (pair.length !== 2 || start === undefined || end === undefined || Number.isNaN(start) || Number.isNaN(end)) {
      throw new FaultlineError('labels/unreadable', `${where} is not a pair of times such as "2013-12-15 07:00:00".`, {
        window: i + 1,
      });
    }
    return { ...interval(start, end, where, {}), class: 'anomaly' as const, comment: '', channels: [], origin: options.fileName };
  });
}
