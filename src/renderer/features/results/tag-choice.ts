import type { EventInfo } from '../../../contract/types';

/**
 * Tags by their part in the score, largest first: of one event, or of all events weighted by peak score where none is selected. Tags
 * without any part follow in the order of the dataset.
 */
export function tagsByShare(all: readonly string[], events: readonly EventInfo[], selected: EventInfo | null): readonly string[] {
  const weight = new Map<string, number>();
  for (const event of selected ? [selected] : events) {
    for (const { channel, share } of event.channels) weight.set(channel, (weight.get(channel) ?? 0) + share * event.peakScore);
  }
  return [...all].sort((a, b) => (weight.get(b) ?? 0) - (weight.get(a) ?? 0));
}
