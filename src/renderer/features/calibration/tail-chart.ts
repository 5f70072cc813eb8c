import type { XyModel } from '../../charts/xy';

/** How well the fitted tail describes the highest normal scores. */
export interface TailView {
  /** Null when there are too few scores; then the reason says so. */
  readonly model: ((width: number, height: number) => XyModel) | null;
  readonly reason: string;
  readonly note: string;
}

export function tailView(_normal: Float32Array, _q: number): TailView {
  return { model: null, reason: 'Not built yet.', note: '' };
}
