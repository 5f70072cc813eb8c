export interface ChannelShare {
  readonly channel: string;
  /** 0..1; the shares of an event sum to at most 1. */
  readonly share: number;
}

/** Interval the product found: merged samples at or above the threshold. `start` and `end` are both included. */
export interface DetectedEvent {
  readonly start: number;
  readonly end: number;
  /** Time of the highest score. */
  readonly peak: number;
  readonly peakScore: number;
  /** Share of each channel in the score over the event, largest first. */
  readonly channels: readonly ChannelShare[];
}
