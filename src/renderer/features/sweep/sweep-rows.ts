import type { ParamValues } from '../../../core/detectors/params';
import type { Estimate } from '../../../core/referee/report';
import type { SweepResult, SweepRow } from '../../../core/sweep/sweep';
import { valueText } from '../../composables/format';

/** Names of the parameters that were varied, in the order of the plan. */
export const variedNames = (result: Pick<SweepResult, 'plan'>): readonly string[] => Object.keys(result.plan.space);

/** VUS-PR of each seed of a row, on the rung the row stands on. */
export function seedValues(result: Pick<SweepResult, 'trials'>, row: Pick<SweepRow, 'setting' | 'rung'>): readonly number[] {
  return result.trials
    .filter((t) => t.setting === row.setting && t.rung === row.rung && t.vusPr.value !== null)
    .map((t) => t.vusPr.value as number);
}

/** Mean with one standard deviation over the seeds to either side, in the form that the whisker plot draws. */
export function meanWithSpread(row: Pick<SweepRow, 'mean' | 'std'>): Estimate {
  if (row.mean.value === null) return { value: row.mean, interval: { low: null, reason: row.mean.reason } };
  if (row.std === null) return { value: row.mean, interval: { low: null, reason: 'one seed only' } };
  const { value } = row.mean;
  return { value: row.mean, interval: { low: Math.max(0, value - row.std), high: Math.min(1, value + row.std) } };
}

/** What a rank rests on: it is never called sure, since labels of one calibration part are few. */
export function rankHint(rank: string, std: number | null): string {
  if (rank === '') return 'given up on less data';
  if (rank.includes(' ')) return 'inside the spread of the seeds';
  if (std === 0) return 'every seed gives the same: with other labelled anomalies the order may change';
  return std === null ? 'one seed: the order may be luck' : 'by the mean over seeds; labels are few, so it may be chance';
}

/** What the ranking rests on, in a sentence; '' when nothing has a result. */
export function standingText(rows: readonly SweepRow[], names: readonly string[]): string {
  const best = rows.find((r) => r.mean.value !== null);
  if (!best || rows.length < 2) return '';
  if ((rankTexts(rows)[0] ?? '').includes(' ')) return 'Several settings cannot be told from the best: take the simplest of them.';
  const ahead = `Ahead on these labels: ${settingText(names, best.params)}.`;
  if (best.std === null) return `${ahead} One seed says nothing about luck.`;
  return rows.every((r) => r.std === 0 || r.std === null)
    ? `${ahead} Every seed gives the same, so there is no spread to judge it by.`
    : ahead;
}

export function spreadText(row: Pick<SweepRow, 'mean' | 'std' | 'seeds'>): string {
  if (row.mean.value === null) return `no result: ${row.mean.reason}`;
  if (row.std === null) return 'one seed: no spread';
  return `mean ${row.mean.value.toFixed(3)}, standard deviation ${row.std.toFixed(3)} over ${row.seeds.length} seeds`;
}

/**
 * Ranks as they may be said: rows that cannot be told from the best share the range of their places; the others have their own.
 * Rows on a lower rung were given up on less data and have no rank.
 */
export function rankTexts(rows: readonly SweepRow[]): readonly string[] {
  const top = Math.max(...rows.map((r) => r.rung), 0);
  const tied = rows.filter((r) => r.withinNoise && r.rung === top && r.mean.value !== null).length;
  return rows.map((row, i) => {
    if (row.rung < top || row.mean.value === null) return '';
    return row.withinNoise && tied > 1 ? `1 to ${tied}` : String(i + 1);
  });
}

/** Values of the varied parameters of a row, as one phrase. */
export function settingText(names: readonly string[], params: ParamValues): string {
  return names.map((name) => `${name} ${valueText(params[name])}`).join(', ');
}
