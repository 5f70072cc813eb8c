/** Value types of measured data. Time is milliseconds since 1970 UTC everywhere; ranges are half-open unless they say otherwise. */

/** Provenance of a sample, kept beside its value; a value whose quality is `bad` or `absent` is NaN. */
export const qualities = ['good', 'questionable', 'substituted', 'bad', 'held', 'interpolated', 'masked', 'absent'] as const;
export type Quality = (typeof qualities)[number];
export const qualityCode = Object.fromEntries(qualities.map((name, code) => [name, code])) as Record<Quality, number>;

export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

export interface ChannelInfo {
  readonly index: number;
  /** Name of the tag, as in the file. */
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Drawn and resampled as a step (setpoints, states). */
  readonly step: boolean;
  readonly stats: ChannelStats;
}

/** Over samples that have a value. A field is null when there is none. */
export interface ChannelStats {
  readonly count: number;
  readonly missing: number;
  readonly bad: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly std: number | null;
  readonly distinct: number;
}

/** Rows of a dataset held in memory: one time axis, one column a channel. */
export interface Series {
  /** [n] strictly increasing. */
  readonly timestamps: Float64Array;
  /** c columns of [n]; NaN where there is no value. */
  readonly columns: readonly Float64Array[];
  readonly channels: readonly string[];
}

/** What a chart gets: the smallest and largest value of each bucket, so that no spike is lost at any zoom. */
export interface DecimatedLine {
  /** [b] time of each bucket's first sample. */
  readonly time: Float64Array;
  /** [b] NaN for a bucket without a value: a gap stays a gap. */
  readonly min: Float32Array;
  readonly max: Float32Array;
  /** True when each bucket is one sample (min equals max). */
  readonly raw: boolean;
}
