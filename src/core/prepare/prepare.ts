import { FaultlineError } from '../errors';
import type { Series } from '../series/series';
import { medianStep, usualGapMs } from '../series/statistics';
import type { PreparationChoices, PreparationReport, PreparedSeries, Scaler } from './prepared';
import { resample } from './resample';
import { fitScaler, scaleColumns } from './scale';

export interface PrepareOptions {
  /** Scaler of a trained model; used as it is. Without it one is fitted. */
  readonly scaler?: Scaler;
  /** [rows of the series] 1 for the rows that the scaler learns from (see `trainMask`); all rows when absent. */
  readonly fitMask?: Uint8Array;
  /** Tags that are held instead of bridged linearly, and resampled by their last value. */
  readonly stepChannels?: readonly string[];
}

export interface PrepareResult {
  readonly prepared: PreparedSeries;
  readonly scaler: Scaler;
  readonly report: PreparationReport;
  /** [n of prepared] row of the input series; the last one of its interval when resampled, -1 for a bridged row. */
  readonly rowIndex: Int32Array;
}

/**
 * Raw rows as a detector needs them: chosen channels, resampled when asked, short holes bridged, everything else cut into segments,
 * scaled by the rows that train. Nothing is bridged silently: the report counts it.
 *
 * @throws FaultlineError 'prepare/no-channel' when a channel is not there, 'prepare/too-short' when no usable row is left.
 */
export function prepare(series: Series, choices: PreparationChoices, options: PrepareOptions = {}): PrepareResult {
  const chosen = chooseColumns(series, choices.channels);
  const isStep = choices.channels.map((name) => options.stepChannels?.includes(name) ?? false);
  const scaler = options.scaler ?? fitScaler(chosen, options.fitMask);

  const rows =
    choices.resampleMs > 0
      ? resample(series.timestamps, chosen, isStep, choices.resampleMs, choices.maxFillRows)
      : { timestamps: series.timestamps, columns: chosen, rowIndex: Int32Array.from(series.timestamps, (_, i) => i) };
  const gapMs = choices.gapToleranceSteps * medianStep(rows.timestamps);
  const filled = rows.columns.map((column, j) => fill(rows.timestamps, column, isStep[j]!, choices.maxFillRows, gapMs));

  const n = rows.timestamps.length;
  const kept: number[] = [];
  const segments: { start: number; end: number }[] = [];
  for (let i = 0; i < n; i++) {
    if (!filled.every(({ column }) => Number.isFinite(column[i]))) continue;
    const previous = kept.at(-1);
    const joined = previous === i - 1 && rows.timestamps[i]! - rows.timestamps[i - 1]! <= gapMs;
    if (joined) segments.at(-1)!.end++;
    else segments.push({ start: kept.length, end: kept.length + 1 });
    kept.push(i);
  }
  if (kept.length === 0) throw nothingLeft(choices.channels, chosen, series.timestamps.length);

  const timestamps = Float64Array.from(kept, (i) => rows.timestamps[i]!);
  const values = scaleColumns(
    filled.map(({ column }) => Float64Array.from(kept, (i) => column[i]!)),
    scaler,
  );
  return {
    prepared: { timestamps, values, channels: [...choices.channels], segments, stepMs: medianStep(timestamps) },
    scaler,
    report: {
      rows: series.timestamps.length,
      usedRows: kept.length,
      filledCells: filled.reduce((sum, f) => sum + f.count, 0),
      droppedRows: n - kept.length,
      segments: segments.length,
      flatChannels: choices.channels.filter((_, j) => scaler.flat[j]),
    },
    rowIndex: Int32Array.from(kept, (i) => rows.rowIndex[i]!),
  };
}

function chooseColumns(series: Series, names: readonly string[]): Float64Array[] {
  if (names.length === 0) {
    throw new FaultlineError('prepare/no-channel', 'No tag is chosen. Choose at least one tag to learn from.', {});
  }
  return names.map((name) => {
    const column = series.columns[series.channels.indexOf(name)];
    if (column) return column;
    throw new FaultlineError('prepare/no-channel', `The data have no tag "${name}". Present: ${someNames(series.channels)}.`, {
      channel: name,
    });
  });
}

function someNames(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');
}

function nothingLeft(channels: readonly string[], columns: readonly Float64Array[], rows: number): FaultlineError {
  const counts = columns.map((column) => column.reduce((sum, v) => sum + (Number.isFinite(v) ? 1 : 0), 0));
  const worst = counts.indexOf(Math.min(...counts));
  return new FaultlineError(
    'prepare/too-short',
    `No row has a value of every chosen tag. "${channels[worst]}" has only ${counts[worst]} values in ${rows} rows: ` +
      'leave it out, allow longer holes to be bridged, or resample to a longer step.',
    { channel: channels[worst]!, values: counts[worst]!, rows },
  );
}

/**
 * Holes of at most `maxRows` rows bridged between their two neighbours, linearly in time or held. Holes at an end, or beside a gap in
 * time, stay: there is nothing to bridge to.
 */
function fill(
  time: Float64Array,
  column: Float64Array,
  held: boolean,
  maxRows: number,
  gapMs: number,
): { column: Float64Array; count: number } {
  const out = column.slice();
  let count = 0;
  let last = -1;
  for (let i = 0; i < out.length; i++) {
    if (!Number.isFinite(column[i])) continue;
    const hole = i - last - 1;
    if (last >= 0 && hole > 0 && hole <= maxRows && unbroken(time, last, i, gapMs)) {
      for (let k = last + 1; k < i; k++) {
        const share = held ? 0 : (time[k]! - time[last]!) / (time[i]! - time[last]!);
        out[k] = column[last]! + share * (column[i]! - column[last]!);
      }
      count += hole;
    }
    last = i;
  }
  return { column: out, count };
}

function unbroken(time: Float64Array, first: number, last: number, gapMs: number): boolean {
  for (let i = first; i < last; i++) if (time[i + 1]! - time[i]! > gapMs) return false;
  return true;
}

/** What is proposed before anyone chose: rows further apart than 3 steps cut, holes of up to 3 rows bridged. */
const defaultGapToleranceSteps = 3;
const defaultMaxFillRows = 3;
/** A tag needs values in at least this share of rows, and two different ones, to be proposed. */
const minValueShare = 0.5;

/**
 * Choices proposed for a series: every tag that moves and mostly has values. Rows are kept as they are when sampling is regular and
 * complete; otherwise resampled to the usual distance of values of the slowest tag.
 *
 * @throws FaultlineError 'prepare/no-channel' when no tag has two different values.
 */
export function defaultPreparation(series: Series): PreparationChoices {
  const { timestamps } = series;
  const usable = series.channels.filter((_, j) => moves(series.columns[j]!));
  if (usable.length === 0) {
    throw new FaultlineError('prepare/no-channel', 'No tag has two different values, so there is nothing to learn.', {});
  }
  const complete = usable.filter((name) => valueShare(series.columns[series.channels.indexOf(name)]!) >= minValueShare);
  const step = medianStep(timestamps);
  const base = { gapToleranceSteps: defaultGapToleranceSteps, maxFillRows: defaultMaxFillRows };
  // Regular: nine of ten distances are at most half a step above the median.
  const regular = usualGapMs(timestamps) <= 1.5 * 3 * step;
  if (complete.length > 0 && regular) return { ...base, channels: complete, resampleMs: 0 };
  const slowest = Math.max(...usable.map((name) => valueStep(timestamps, series.columns[series.channels.indexOf(name)]!)));
  return { ...base, channels: usable, resampleMs: Math.max(1, niceStep(slowest)) };
}

function moves(column: Float64Array): boolean {
  const first = column.find(Number.isFinite);
  return first !== undefined && column.some((v) => Number.isFinite(v) && v !== first);
}

function valueShare(column: Float64Array): number {
  return column.reduce((sum, v) => sum + (Number.isFinite(v) ? 1 : 0), 0) / Math.max(1, column.length);
}

function valueStep(timestamps: Float64Array, column: Float64Array): number {
  return medianStep(timestamps.filter((_, i) => Number.isFinite(column[i])));
}

/** Steps that divide a day, in ms. */
const niceSteps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400].map(
  (s) => s * 1000,
);

/** The smallest step of the usual ones that is at least `ms`; `ms` itself below a second and above a day. */
function niceStep(ms: number): number {
  return ms < 1000 ? ms : (niceSteps.find((nice) => nice >= ms * 0.95) ?? ms);
}
