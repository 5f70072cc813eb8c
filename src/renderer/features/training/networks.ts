import type { EpochRecord } from '../../../core/detectors/detector';

/** Records of one trained network, or of the networks that are trained one on the other. */
export interface NetworkCurve {
  /** 0: the one that scores; k: without block k of the normal rows, for statistics that it has not seen. */
  readonly fold: number;
  readonly records: readonly EpochRecord[];
}

/**
 * A training's records by network, in order: "vae 2" and "lstm 2" are the stages of the network without block 2.
 *
 * @returns stages without the number of their network.
 */
export function networksOf(history: readonly EpochRecord[]): readonly NetworkCurve[] {
  const found = new Map<number, EpochRecord[]>();
  for (const record of history) {
    const [, stage, fold] = /^(.*\D)\s(\d+)$/.exec(record.stage) ?? [];
    const key = fold === undefined ? 0 : Number(fold);
    const records = found.get(key) ?? [];
    found.set(key, records);
    records.push(stage === undefined ? record : { ...record, stage });
  }
  return [...found].sort(([a], [b]) => a - b).map(([fold, records]) => ({ fold, records }));
}
