import type { Split } from '../../core/prepare/prepared';
import type { TimeRange } from '../../core/series/series';
import type { PartMark } from './marks';

/** Train, calibration and test as intervals of the data; the guard gaps between them belong to none. Empty parts are left out. */
export function partMarks(split: Split, bounds: TimeRange): readonly PartMark[] {
  const { trainUntil, calibrateUntil, guardMs } = split;
  const marks: PartMark[] = [
    { part: 'train', start: bounds.start, end: Math.min(trainUntil, bounds.end) },
    { part: 'calibration', start: trainUntil + guardMs, end: Math.min(calibrateUntil, bounds.end) },
    { part: 'test', start: calibrateUntil + guardMs, end: bounds.end },
  ];
  // Of later data the parts lie before what there is, and all of it is tested.
  return marks.map((mark) => ({ ...mark, start: Math.max(mark.start, bounds.start) })).filter((mark) => mark.end > mark.start);
}
