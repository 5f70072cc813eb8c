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

/** An event that dead time or a suppression rule hid: counted and shown as such, never an event of the result. */
export interface HiddenEvent extends DetectedEvent {
  readonly by: 'dead-time' | 'suppression';
  /** Of the suppression rule; '' for dead time. */
  readonly channel: string;
  readonly reason: string;
}
