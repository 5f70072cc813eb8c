import type { WindowSample } from '../../../core/detectors/detector';

/** A tag's windows, real and generated, drawn on one scale. */
export interface TagWindows {
  readonly tag: string;
  readonly low: number;
  readonly high: number;
  /** Each [L] scaled units. */
  readonly real: readonly (readonly number[])[];
  readonly generated: readonly (readonly number[])[];
}

/** @param tags - names of the tags; those beyond the sample's are not in it. */
export function tagWindows({ channels, real, generated }: WindowSample, tags: readonly string[]): readonly TagWindows[] {
  return Array.from({ length: channels }, (_, c) => {
    const of = (windows: WindowSample['real']): number[][] =>
      windows.map((window) => window.filter((_value, i) => i % channels === c));
    const [mine, made] = [of(real), of(generated)];
    const all = [...mine, ...made].flat();
    return { tag: tags[c] ?? `Tag ${c + 1}`, low: Math.min(...all), high: Math.max(...all), real: mine, generated: made };
  });
}
