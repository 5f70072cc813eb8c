import type { ScoredRows } from '../events/events';
import type { Interval } from '../labels/interval';
import type { Label } from '../labels/label';
import type { SearchKnob } from '../thresholds/suggest';
import type { ThresholdRule } from '../thresholds/threshold';
import type { EventContract } from './contract';
import type { LabelNames } from './words';

/** Scores and labels of the calibration part, and nothing of the test part. */
export interface ContractSearch {
  /** `modes` is needed when the contract counts one mode or the rule has thresholds of modes, shares when it suppresses events. */
  readonly rows: ScoredRows;
  readonly labels: readonly Label[];
  /** Judged time, half-open; all rows when absent. */
  readonly range?: Interval | undefined;
  readonly contract: EventContract;
  /**
   * Knobs that are not searched stay as they are here. Thresholds of modes keep their distance from the pooled one (`value`; the lowest of
   * them when it is absent).
   */
  readonly rule: Omit<ThresholdRule, 'value'> & { readonly value?: number | undefined };
  /** Knobs found together with the threshold; absent: the minimum duration, which is the other axis of the map. */
  readonly search?: readonly SearchKnob[] | undefined;
  readonly names?: LabelNames | undefined;
}

/** The rule of a setting of the search. */
export function ruleAt(
  base: ContractSearch['rule'],
  value: number,
  knobs: Pick<ThresholdRule, 'minDurationMs' | 'mergeGapMs' | 'hysteresis' | 'deadTimeMs'>,
): ThresholdRule {
  const { modes, suppress } = base;
  const own = modes?.values.filter((v) => v !== null) ?? [];
  const shift = value - (base.value ?? (own.length > 0 ? Math.min(...own) : value));
  return {
    value,
    minDurationMs: knobs.minDurationMs,
    mergeGapMs: knobs.mergeGapMs,
    ...((knobs.hysteresis ?? 0) > 0 && { hysteresis: knobs.hysteresis }),
    ...((knobs.deadTimeMs ?? 0) > 0 && { deadTimeMs: knobs.deadTimeMs }),
    ...(modes && { modes: { ...modes, values: modes.values.map((v) => (v === null ? null : v + shift)) } }),
    ...(suppress && suppress.length > 0 && { suppress }),
  };
}

/** The rows with the shares that the suppression rules need, and none else: an event then costs no list of its tags. */
export function leanRows(rows: ScoredRows, suppress: ThresholdRule['suppress']): ScoredRows {
  const { byChannel, channels = [], shares, ...rest } = rows;
  if (!suppress?.length) return rest;
  const wanted = [...new Set(suppress.map(({ channel }) => channel))];
  return {
    ...rest,
    shares: wanted.flatMap((channel) => {
      const given = shares?.find((share) => share.channel === channel);
      if (given) return [given];
      const column = channels.indexOf(channel);
      if (!byChannel || column < 0) return [];
      return [{ channel, share: rest.score.map((_, i) => byChannel[i * channels.length + column]!) }];
    }),
  };
}
