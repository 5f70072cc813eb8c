import type { DetectorDescription } from '../../../contract/types';
import type { ParamValues } from '../../../core/detectors/params';

type Preset = DetectorDescription['presets'][number];

/** Values of a preset: laid over those that start from the data. */
export function presetValues(preset: Preset, start: ParamValues): ParamValues {
  return { ...start, ...preset.params };
}

/** The preset that the values are; null when something was changed by hand. */
export function presetOf(presets: readonly Preset[], start: ParamValues, values: ParamValues): Preset | null {
  const same = (preset: Preset): boolean =>
    Object.entries(presetValues(preset, start)).every(([name, value]) => values[name] === value);
  return presets.find(same) ?? null;
}
