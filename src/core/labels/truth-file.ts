import { FaultlineError } from '../errors';
import { clip } from '../ingest/findings';
import { readAxis, type ScoreFile } from '../ingest/score-file';
import { readTable, type TextTable } from '../ingest/table';
import { utcText } from '../ingest/times';
import { lowerBound } from '../series/search';
import { ofClass, rowsWithin } from './interval';
import type { Label } from './label';
import { parseLabels } from './parse';

export interface TruthOptions {
  /** Name of the scores file, for label files with an entry for each of several. */
  readonly scoresName: string;
  /** 0/1 column to take. */
  readonly labelColumn: string | undefined;
  /** The labels stand in the scores file itself. */
  readonly own: boolean;
}

const startName = /^(start|begin|from|von|beginn|start[_ ]?time|t_?start)$/i;
const truthName = /^(labels?|is_anomaly|is_outlier|anomaly|anomalous|anomalies|outlier|y|y_true|truth|ground_truth|gt|target)$/i;

/**
 * Labels for a file of scores: intervals (`start,end[,class,…]` with times, or row numbers where the scores have those), NAB windows
 * (JSON), or a 0/1 column, in a file of its own or in that of the scores. Which of them it is, is found out; `labelColumn` decides.
 *
 * @throws FaultlineError 'labels/no-column', 'labels/unreadable', 'metrics/mismatch' where times or lengths do not fit.
 */
export function readTruth(text: string, scores: ScoreFile, options: TruthOptions): Label[] {
  const { scoresName, labelColumn, own } = options;
  if (labelColumn === undefined && !own && isIntervals(text)) {
    const { timeFormat } = scores;
    const parsed = parseLabels(text, { fileName: 'labels', dataFileName: scoresName, ...(timeFormat && { timeFormat }) });
    const labels = parsed.map((label, i) => ({ ...label, id: String(i) }));
    refuseElsewhere(labels, scores);
    return labels;
  }
  const table = own ? scores.table : readTable(text);
  const column = truthColumn(table, labelColumn, own);
  const truth = table.rows.map(({ cells, line }) => bit(cells[column] ?? '', line));
  return runsOf(own ? truth : aligned(truth, table, column, scores), scores.timestamps);
}

function isIntervals(text: string): boolean {
  if (/^\s*[{[]/.test(text.replace(/^\ufeff/, ''))) return true;
  const { names, rows } = readTable(text);
  if (names !== null) return names.some((name) => startName.test(name));
  // Two columns without names: intervals, unless the second holds nothing but 0 and 1.
  return rows.slice(0, 200).some(({ cells }) => cells.length >= 2 && !/^\s*[01](?:\.0*)?\s*$/.test(cells[1] ?? ''));
}

function truthColumn({ names, rows }: TextTable, wanted: string | undefined, own: boolean): number {
  const has = names?.map((name) => clip(name)).join(', ') ?? 'no names';
  if (wanted !== undefined) {
    const found = names?.findIndex((name) => name.toLowerCase() === wanted.trim().toLowerCase()) ?? -1;
    if (found >= 0) return found;
    throw new FaultlineError('labels/no-column', `There is no column "${clip(wanted)}"; the file has ${has}.`);
  }
  if (names === null) {
    const width = rows[0]!.cells.length;
    if (!own && width <= 2) return width - 1;
    throw new FaultlineError('labels/no-column', 'The file has no line of names; name the 0/1 column "label".');
  }
  // A column "anomaly" beside a threshold says what a program found, not what is true.
  const found = names.findIndex(
    (name) => truthName.test(name) && !(names.some((n) => /^threshold$/i.test(n)) && /^anomal/i.test(name)),
  );
  if (found >= 0) return found;
  throw new FaultlineError(
    'labels/no-column',
    `The file has neither intervals (start, end) nor a 0/1 column such as "label"; it has ${has}. Name the column with --label-column.`,
  );
}

function bit(text: string, line: number): 0 | 1 {
  const cell = text.trim();
  if (/^(?:0(?:\.0*)?|false)$/i.test(cell)) return 0;
  if (/^(?:1(?:\.0*)?|true)$/i.test(cell)) return 1;
  throw new FaultlineError('labels/unreadable', `Line ${line}: the label "${clip(cell)}" is neither 0 nor 1.`, { line });
}

/** The labels of the rows with scores: by time where both files have times, else by row. Labels of other rows are left out. */
function aligned(truth: readonly (0 | 1)[], table: TextTable, column: number, scores: ScoreFile): (0 | 1)[] {
  const n = scores.timestamps.length;
  const axis = readAxis(table, new Set([column]));
  if (axis.column < 0 || axis.rowNumbersFrom !== undefined || scores.rowNumbersFrom !== undefined) {
    if (truth.length === n) return [...truth];
    throw new FaultlineError(
      'metrics/mismatch',
      `The file of scores has ${n} rows and the file of labels ${truth.length}. Without times in both, each row needs its label.`,
      { scores: n, labels: truth.length },
    );
  }
  return Array.from(scores.timestamps, (time, i) => {
    const at = lowerBound(axis.timestamps, time);
    if (axis.timestamps[at] === time) return truth[at]!;
    throw new FaultlineError(
      'metrics/mismatch',
      `Line ${scores.table.rows[i]!.line} of the scores: the file of labels has no row at ${utcText(time)}.`,
      { line: scores.table.rows[i]!.line },
    );
  });
}

/** A label for each run of ones. */
function runsOf(truth: readonly (0 | 1)[], timestamps: Float64Array): Label[] {
  const labels: Label[] = [];
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] === 0) continue;
    const from = i;
    while (truth[i + 1] === 1) i++;
    const id = String(labels.length);
    labels.push({
      id,
      start: timestamps[from]!,
      end: timestamps[i]!,
      class: 'anomaly',
      comment: '',
      channels: [],
      origin: 'labels',
    });
  }
  return labels;
}

function refuseElsewhere(labels: readonly Label[], { timestamps, rowNumbersFrom }: ScoreFile): void {
  const anomalies = ofClass(labels, 'anomaly');
  const inside = anomalies.some((label) => {
    const rows = rowsWithin(timestamps, label);
    return rows.end > rows.start;
  });
  if (anomalies.length === 0 || inside) return;
  const text = (time: number): string => (rowNumbersFrom === undefined ? utcText(time) : String(time / 1000));
  const [first, last] = [anomalies[0]!, anomalies.at(-1)!];
  throw new FaultlineError(
    'metrics/mismatch',
    `No labelled anomaly has a row with a score: the scores go from ${text(timestamps[0]!)} to ${text(timestamps.at(-1)!)}, the labels ` +
      `from ${text(first.start)} to ${text(last.end)}.`,
  );
}
