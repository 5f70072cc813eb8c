import { computed, shallowReactive, type ComputedRef } from 'vue';
import type { ChannelInfo } from '../../../core/series/series';
import type { DatasetInfo } from '../../../contract/types';

/** Lanes shown when nobody chose any. */
export const usualLanes = 6;

/**
 * Tags that vary most, measured by their standard deviation in units of their own range of values; constant ones last. Given in the order
 * of the dataset.
 */
export function mostVaried(channels: readonly ChannelInfo[], wanted = usualLanes): readonly string[] {
  const spread = ({ stats: { min, max, std } }: ChannelInfo): number =>
    min === null || max === null || std === null || max === min ? -1 : std / (max - min);
  const chosen = new Set([...channels].sort((a, b) => spread(b) - spread(a)).slice(0, wanted));
  return channels.filter((c) => chosen.has(c)).map((c) => c.name);
}

const choices = shallowReactive(new Map<string, readonly string[]>());

/** The tags shown as lanes, chosen by the user or proposed, for as long as the window lives. */
export function useShownTags(dataset: ComputedRef<DatasetInfo | null>): {
  readonly tags: ComputedRef<readonly string[]>;
  /** True while the tags are a proposal. */
  readonly proposed: ComputedRef<boolean>;
  set(tags: readonly string[]): void;
} {
  const chosen = computed(() => (dataset.value ? choices.get(dataset.value.id) : undefined));
  const tags = computed(() => {
    const all = dataset.value?.channels ?? [];
    const wanted = chosen.value;
    return wanted ? all.filter((c) => wanted.includes(c.name)).map((c) => c.name) : mostVaried(all);
  });
  return {
    tags,
    proposed: computed(() => chosen.value === undefined && (dataset.value?.channels.length ?? 0) > usualLanes),
    set: (next) => {
      if (dataset.value) choices.set(dataset.value.id, next);
    },
  };
}
