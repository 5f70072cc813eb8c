import type { ParamSpec, ParamValue } from '../detectors/params';
import { formatCount, formatDuration } from './format';

/** A setting of a detector as a person reads it: "24 samples (2 h)", "20,000 windows", the title of a choice. @param stepMs - of a sample. */
export function paramText(spec: ParamSpec, value: ParamValue, stepMs: number): string {
  if (spec.kind === 'choice') return spec.choices.find((choice) => choice.value === value)?.title ?? String(value);
  if (typeof value !== 'number') return value === true ? 'yes' : value === false ? 'no' : value;
  const unit = 'unit' in spec ? spec.unit : '';
  if (unit === 'samples') return `${formatCount(value)} samples (${formatDuration(value * stepMs)})`;
  return `${Number.isInteger(value) ? formatCount(value) : value}${unit ? ` ${unit}` : ''}`;
}
