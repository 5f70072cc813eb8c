import { formatDuration } from '../report/format';
import type { SweepPlan, SweepRow, SweepTrial } from './sweep';

/** Mean VUS-PR of the trials that have one; null when none has. */
export function meanOf(trials: readonly SweepTrial[]): number | null {
  const values = valuesOf(trials);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function valuesOf(trials: readonly SweepTrial[]): number[] {
  return trials.flatMap(({ vusPr }) => (vusPr.value === null ? [] : [vusPr.value]));
}

/** Standard deviation of a sample (n − 1); null with fewer than two values. */
function stdOf(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/**
 * Settings by their highest rung and then their mean over seeds, best first. A setting whose mean lies below the best of its rung by no
 * more than the pooled standard deviation of the two over seeds is within the noise. Where seeds change nothing (a detector without
 * chance) that spread is 0 and says nothing about luck: only an equal mean is within the noise then, and of any other it is not known.
 */
export function rankSettings(trials: readonly SweepTrial[]): SweepRow[] {
  const settings = [...new Set(trials.map(({ setting }) => setting))];
  const rows = settings.map((setting): SweepRow => {
    const own = trials.filter((trial) => trial.setting === setting);
    const rung = own.reduce((highest, trial) => Math.max(highest, trial.rung), 0);
    const last = own.filter((trial) => trial.rung === rung);
    const mean = meanOf(last);
    const failure = last.find(({ error }) => error !== '')?.error ?? last.find(({ vusPr }) => vusPr.value === null)?.vusPr;
    const reason = typeof failure === 'string' ? failure : failure?.value === null ? failure.reason : 'no trial';
    return {
      setting,
      params: last[0]!.params,
      rung,
      share: last[0]!.share,
      mean: mean === null ? { value: null, reason } : { value: mean },
      std: stdOf(valuesOf(last)),
      seeds: last.map(({ seed }) => seed),
      seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
      withinNoise: null,
    };
  });
  rows.sort((a, b) => b.rung - a.rung || (b.mean.value ?? -Infinity) - (a.mean.value ?? -Infinity) || a.setting - b.setting);
  return rows.map((row) => {
    const best = rows.find(({ rung }) => rung === row.rung)!;
    return { ...row, withinNoise: withinNoise(best, row) };
  });
}

function withinNoise(best: SweepRow, row: SweepRow): boolean | null {
  if (best.mean.value === null || row.mean.value === null) return row.mean.value === null ? false : null;
  if (best === row) return true;
  if (best.std === null || row.std === null) return null;
  const difference = best.mean.value - row.mean.value;
  const spread = Math.sqrt((best.std ** 2 + row.std ** 2) / 2);
  return spread === 0 && difference > 0 ? null : difference <= spread;
}

/** What was done, in one line. @param labels - labelled anomalies of the calibration part. */
export function sweepText(plan: SweepPlan, settings: number, trials: readonly SweepTrial[], labels: number): string {
  const tried = new Set(trials.map(({ setting }) => setting)).size;
  const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0);
  const seeds = plan.seeds.length === 1 ? 'one seed, so the spread is not known' : `${plan.seeds.length} seeds`;
  const spreads = rankSettings(trials).flatMap(({ std }) => (std === null ? [] : [std]));
  const same =
    spreads.length > 0 && spreads.every((std) => std === 0)
      ? ' The seeds do not differ: how sure the order is depends on the labelled anomalies alone, and with other ones it may change.'
      : '';
  return (
    `${tried} of ${settings} settings tried in ${formatDuration(seconds * 1000)}, ${seeds}, ranked by VUS-PR on the calibration part ` +
    `(${labels} labelled ${labels === 1 ? 'anomaly' : 'anomalies'}); the test part was not read.${same}`
  );
}
