import { computed, shallowRef, type ComputedRef } from 'vue';
import { laneScale, type Lane, type SignalLane } from './trend';

/** Value axes that the user changed, lane by lane; the others follow their data. */
export function useValueZoom(given: () => readonly Lane[]): {
  readonly lanes: ComputedRef<readonly Lane[]>;
  /** Zooms about the value at `y`; a factor below 1 shows less. */
  zoom(place: { readonly lane: SignalLane; readonly top: number }, y: number, factor: number): void;
  /** Gives a lane the limits of its data back. */
  reset(key: string): void;
} {
  const own = shallowRef<ReadonlyMap<string, readonly [number, number]>>(new Map());
  return {
    lanes: computed(() =>
      given().map((lane) => {
        const limits = own.value.get(lane.key);
        return lane.kind === 'signal' && limits ? { ...lane, limits } : lane;
      }),
    ),
    zoom: ({ lane, top }, y, factor) => {
      const at = laneScale(lane, top).value(y);
      const [low, high] = lane.limits;
      own.value = new Map([...own.value, [lane.key, [at - (at - low) * factor, at + (high - at) * factor]]]);
    },
    reset: (key) => {
      own.value = new Map([...own.value].filter(([k]) => k !== key));
    },
  };
}
