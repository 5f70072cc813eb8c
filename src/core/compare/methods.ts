import type { Metric } from '../metrics/evaluation';
import type { CompareRow } from './comparison';
import type { JudgedRun } from './judged';
import { vusOf } from '../metrics/vus-zones';
import type { ComparedRun } from './run';

/** The runs of one setting: one, or one for each seed. */
export interface Method {
  /** In order of seed. */
  readonly runs: readonly JudgedRun[];
  /** VUS-PR of each run; NaN where it is not defined. */
  readonly vusPr: readonly number[];
  /** The run whose VUS-PR is nearest to the mean: its events and scores are shown. */
  readonly shown: JudgedRun;
}

/** Runs that are equal in everything but the seed, together; two with the same seed stay apart. */
export function methodsOf(runs: readonly JudgedRun[]): Method[] {
  const groups: JudgedRun[][] = [];
  for (const judged of runs) {
    const key = settingKey(judged.run);
    const { seed } = judged.run.model;
    const group = groups.find(
      (others) => settingKey(others[0]!.run) === key && others.every((other) => other.run.model.seed !== seed),
    );
    if (group) group.push(judged);
    else groups.push([judged]);
  }
  return groups.map((group) => {
    const sorted = group.toSorted((a, b) => a.run.model.seed - b.run.model.seed);
    const vusPr = sorted.map(({ zones }) => (zones ? vusOf(zones).pr : NaN));
    const middle = mean(vusPr);
    const distance = vusPr.map((value) => (Number.isNaN(value) ? 0 : Math.abs(value - middle)));
    return { runs: sorted, vusPr, shown: sorted[distance.indexOf(Math.min(...distance))]! };
  });
}

/** All that a run was made and judged with, but the seed and what follows from it. */
function settingKey({ member, dataset, model, threshold }: ComparedRun): string {
  const { detectorId, params, split, preparation, members } = model;
  const { channels, gapToleranceSteps, maxFillRows, resampleMs, drift } = preparation;
  const rule = threshold && {
    objective: threshold.objective,
    knobs: [threshold.minDurationMs, threshold.mergeGapMs, threshold.hysteresis ?? 0, threshold.deadTimeMs ?? 0],
    modes: threshold.modes && [threshold.modes.channel, threshold.modes.edges],
    suppress: threshold.suppress ?? [],
    contract: threshold.contract ?? null,
    // A threshold set by hand follows from no rule, so its value is a setting.
    value: threshold.objective.kind === 'manual' ? threshold.value : null,
  };
  return JSON.stringify([
    member.projectId,
    dataset.sha256,
    detectorId,
    Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)),
    [split.trainUntil, split.calibrateUntil, split.guardMs],
    [
      channels,
      gapToleranceSteps,
      maxFillRows,
      resampleMs,
      drift ? [drift.halfLifeMs, drift.holdMs, drift.reach, drift.withScore ?? false] : null,
    ],
    members,
    rule,
  ]);
}

type Figures = Pick<
  CompareRow,
  | 'caught'
  | 'labels'
  | 'falseEvents'
  | 'falseEventsPerDay'
  | 'falseEventsPerDayUpper'
  | 'medianDelayMs'
  | 'f1'
  | 'eventF1'
  | 'aucRoc'
  | 'spread'
  | 'thresholds'
  | 'trainSeconds'
  | 'scoreSeconds'
  | 'engine'
>;

/** Figures of a method: those of its run, or the means over its seeds. A delay is the mean over the seeds that caught anything. */
export function figuresOf({ runs, vusPr }: Method): Figures {
  const all = runs.map(({ evaluation }) => evaluation);
  const scoring = runs.flatMap(({ run }) => (run.model.scoreSeconds === null ? [] : [run.model.scoreSeconds]));
  const f1 = all.flatMap((one) => (one.f1.value === null ? [] : [one.f1.value]));
  return {
    caught: mean(all.map((one) => one.caught)),
    labels: all[0]!.labels,
    falseEvents: mean(all.map((one) => one.falseEvents)),
    falseEventsPerDay: meanMetric(all.map((one) => one.falseEventsPerDay)),
    falseEventsPerDayUpper: meanMetric(all.map((one) => one.falseEventsPerDayUpper)),
    medianDelayMs: meanMetric(all.map((one) => one.medianDelayMs)),
    f1: meanMetric(all.map((one) => one.f1)),
    eventF1: meanMetric(all.map((one) => one.eventF1)),
    aucRoc: meanMetric(all.map((one) => one.aucRoc)),
    spread:
      runs.length < 2 || vusPr.some(Number.isNaN)
        ? null
        : { vusPrStd: deviation(vusPr), f1Std: f1.length === runs.length ? deviation(f1) : null, vusPr },
    // A kept threshold is a condition of every comparison.
    thresholds: runs.map(({ run }) => run.threshold!.value),
    trainSeconds: mean(runs.map(({ run }) => run.model.trainSeconds)),
    scoreSeconds: scoring.length === runs.length ? mean(scoring) : null,
    engine: runs[0]!.run.model.engine,
  };
}

/** "Hreg-VAE-LSTM on pump" of "Hreg-VAE-LSTM on pump (seed 3)". */
export function titleOf({ runs }: Method): string {
  const { title } = runs[0]!.run;
  return runs.length > 1 ? title.replace(/ \(seed \d+\)$/, '') : title;
}

function meanMetric(metrics: readonly Metric[]): Metric {
  const values = metrics.flatMap((metric) => (metric.value === null ? [] : [metric.value]));
  return values.length === 0 ? metrics[0]! : { value: mean(values) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation, n − 1. @param values - two or more. */
function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}
