import { upperBound } from '../series/search';
import type { ModeRule } from './threshold';

/** Mode of a row whose tag has no value: it is judged by the pooled threshold. */
export const noMode = 255;

/**
 * Operating mode of each row: the value of the tag's last sample at or before the row decides, however old it is, because a historian
 * stores a state only when it changes. `noMode` before the first sample and where that sample is not a number.
 *
 * @param timestamps - [n] ms, ascending: the rows.
 * @param time - [m] ms, ascending: samples of the tag, on a grid of its own or the same.
 * @param values - [m]
 * @returns [n] mode k where `edges[k-1] <= value < edges[k]`.
 */
export function modesOf(
  timestamps: Float64Array,
  time: ArrayLike<number>,
  values: ArrayLike<number>,
  rule: Pick<ModeRule, 'edges'>,
): Uint8Array {
  const modes = new Uint8Array(timestamps.length);
  let next = 0;
  for (let i = 0; i < timestamps.length; i++) {
    while (next < time.length && time[next]! <= timestamps[i]!) next++;
    const value = next > 0 ? values[next - 1]! : NaN;
    modes[i] = Number.isNaN(value) ? noMode : upperBound(rule.edges, value);
  }
  return modes;
}

/** "speed < 500 rpm", "500 to 1,200 rpm", "speed >= 1,200 rpm"; edges exactly as entered. "without a value of speed" for `noMode`. */
export function modeName(rule: ModeRule, mode: number, unit = ''): string {
  const { channel, edges } = rule;
  const of = unit === '' ? '' : ` ${unit}`;
  if (mode > edges.length) return `without a value of ${channel}`;
  if (mode === 0) return `${channel} < ${exact(edges[0]!)}${of}`;
  if (mode === edges.length) return `${channel} >= ${exact(edges[mode - 1]!)}${of}`;
  return `${exact(edges[mode - 1]!)} to ${exact(edges[mode]!)}${of}`;
}

/** All digits of a number that a person entered, thousands separated. */
function exact(value: number): string {
  const [whole = '', ...fraction] = String(Math.abs(value)).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return [`${value < 0 ? '−' : ''}${grouped}`, ...fraction].join('.');
}
