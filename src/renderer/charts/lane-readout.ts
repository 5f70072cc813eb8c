import type { ChannelInfo, DecimatedLine } from '../../core/series/series';
import { indexAt, readAt } from './envelope';
import { shareAt } from './heat';
import { decimalsFor, fixed, signed } from './readout';
import { reviewColour } from './review-line';
import { signalColour, type Band, type Lane } from './trend';

/** One row of a lane header: a tag with its value at the cursor. */
export interface HeaderRow {
  readonly name: string;
  readonly note: string;
  readonly value: string;
  readonly unit: string;
  /** "+17.0" where the value leaves the expected band, '' inside. */
  readonly deviation: string;
  /** Name of the colour token when several tags share the lane. */
  readonly swatch: string;
}

export interface LaneHeader {
  readonly rows: readonly HeaderRow[];
  /** Ends of the value axis, top and bottom; '' for lanes without one. */
  readonly high: string;
  readonly low: string;
}

/** Distance of a value from the middle of the band where it is outside; null inside, or where nothing is expected. */
export function deviationAt(band: Band | undefined, time: number, value: number): number | null {
  if (!band) return null;
  const i = indexAt(band.time, time);
  const low = band.low[i] ?? Number.NaN;
  const high = band.high[i] ?? Number.NaN;
  return value < low || value > high ? value - (low + high) / 2 : null;
}

/** Text of a lane's header with the cursor at `time`. */
export function laneHeader(
  lane: Lane,
  time: number | null,
  channels: ReadonlyMap<string, ChannelInfo>,
  names: { readonly score: string; readonly labels: string; readonly detections: string },
): LaneHeader {
  const plain = (name: string, note = ''): LaneHeader => ({
    rows: [{ name, note, value: '', unit: '', deviation: '', swatch: '' }],
    high: '',
    low: '',
  });
  switch (lane.kind) {
    case 'labels':
      return plain('Labels', names.labels);
    case 'detections':
      return plain('Detections', names.detections);
    case 'split':
      return plain('Part');
    case 'heat':
      return {
        rows: lane.rows.map((name) => {
          const share = time === null || !lane.contribution ? null : shareAt(lane.contribution, name, time);
          return {
            name,
            note: '',
            value: share === null ? '' : `${Math.round(share * 100)} %`,
            unit: '',
            deviation: '',
            swatch: '',
          };
        }),
        high: '',
        low: '',
      };
    case 'score': {
      const read = time === null || !lane.line ? null : readAt(lane.line, time, false);
      return {
        rows: [
          {
            name: 'Score',
            note: names.score,
            value: time === null ? '' : fixed(read?.max ?? null, 2),
            unit: '',
            deviation: '',
            swatch: '',
          },
          ...(lane.review ? [reviewRow(lane.review.line, time)] : []),
        ],
        high: `${fixed(lane.high, Math.max(0, decimalsFor(lane.high) - 1))}${lane.cut ? '+' : ''}`,
        low: '0',
      };
    }
    case 'signal': {
      const [low, high] = lane.limits;
      const digits = decimalsFor(high - low);
      return {
        high: fixed(high, digits),
        low: fixed(low, digits),
        rows: lane.channels.map((name, i): HeaderRow => {
          const info = channels.get(name);
          const line = lane.lines.find((l) => l.channel === name)?.line;
          const read = time === null || !line ? null : readAt(line, time, info?.step ?? false);
          const off =
            read && time !== null
              ? deviationAt(
                  lane.bands.find((b) => b.channel === name),
                  time,
                  read.max,
                )
              : null;
          return {
            name,
            note: info?.description ?? '',
            value: time === null ? '' : readText(read, digits),
            unit: info?.unit ?? '',
            deviation: off === null ? '' : signed(off, digits),
            swatch: lane.channels.length > 1 ? signalColour(i) : '',
          };
        }),
      };
    }
  }
}

function reviewRow(line: DecimatedLine | null, time: number | null): HeaderRow {
  const value = time === null || !line ? '' : fixed(readAt(line, time, false)?.max ?? null, 2);
  return { name: 'Review', note: '', value, unit: '', deviation: '', swatch: reviewColour };
}

/** A bucket of several samples reads as its range when its ends differ as shown. */
function readText(read: { readonly min: number; readonly max: number } | null, digits: number): string {
  if (!read) return '\u2013';
  const low = fixed(read.min, digits);
  const high = fixed(read.max, digits);
  return low === high ? low : `${low}\u2026${high}`;
}
