import { FaultlineError } from '../errors';
import type { TimeFormat } from '../ingest/recipe';
import type { Label } from './label';

/** A label as a file gives it: the store adds the id. */
export type ParsedLabel = Omit<Label, 'id'>;

export interface LabelFileOptions {
  /** Name of the label file; becomes the labels' origin. */
  readonly fileName: string;
  /** Name of the data file, by which the entry of a window file is found. */
  readonly dataFileName: string;
  /** IANA zone of clock times without offset, as the data's recipe has it. */
  readonly timeZone?: string;
  /** Tried first: the format of the data's own times. */
  readonly timeFormat?: TimeFormat;
}

/** Start and end in ms; refuses what is no interval. `where` names the place for the message. */
export function interval(
  start: number,
  end: number,
  where: string,
  details: { line?: number },
): { readonly start: number; readonly end: number } {
  if (end < start)
    throw new FaultlineError(
      'labels/bad-interval',
      `${where}: the end is before the start. Exchange them in the file and import it again.`,
      details,
    );
  return { start, end };
}
