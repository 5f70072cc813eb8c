import { FaultlineError } from '../errors';
import { clip } from '../ingest/findings';
import { timeFormats, type TimeFormat } from '../ingest/recipe';
import { firstRecords } from '../ingest/records';
import { timeReader } from '../ingest/times';
import { parseWindows } from './parse-windows';
import { labelClasses, type LabelClass } from './label';
import { interval, type LabelFileOptions, type ParsedLabel } from './parse-common';

export type { LabelFileOptions, ParsedLabel } from './parse-common';

/** Most labels of one file. */
const MAX_LABELS = 100_000;

const startName = /^(start|begin|from|von|beginn|start[_ ]?time|t_?start)$/i;
const endName = /^(end|stop|to|until|bis|ende|end[_ ]?time|t_?end)$/i;
const className = /^(class|type|kind|category|label|klasse)$/i;
const commentName = /^(comment|note|notes|text|description|remark|bemerkung)$/i;
const classAliases = new Map<string, LabelClass>([
  ['', 'anomaly'],
  ['1', 'anomaly'],
  ['true', 'anomaly'],
  ['anomalous', 'anomaly'],
  ['0', 'normal'],
  ['false', 'normal'],
  ['mode change', 'mode-change'],
  ['exclude', 'ignore'],
  ...labelClasses.map((c): [string, LabelClass] => [c, c]),
]);

/**
 * Labels of a file: `start,end[,class,comment]` as CSV (any delimiter, line of names optional), or JSON windows as the Numenta
 * Anomaly Benchmark has them (path → pairs of start and end; the entry whose path ends with the data file's name).
 *
 * A class that Faultline does not know becomes an anomaly with that text in its comment. Ends are included.
 *
 * @throws FaultlineError 'labels/unreadable', 'labels/no-entry', 'labels/bad-interval', with the line for CSV.
 */
export function parseLabels(text: string, options: LabelFileOptions): ParsedLabel[] {
  const bare = text.replace(/^\ufeff/, '');
  const labels = /^\s*[{[]/.test(bare) ? parseWindows(bare, options) : parseCsv(bare, options);
  if (labels.length > MAX_LABELS) {
    throw new FaultlineError('labels/unreadable', `The file has more than 100,000 labels. Is it a label file?`, {
      limit: MAX_LABELS,
    });
  }
  return labels.sort((a, b) => a.start - b.start || a.end - b.end);
}

function parseCsv(text: string, options: LabelFileOptions): ParsedLabel[] {
  const delimiter =
    ([';', '\t', ','] as const).find((d) => firstRecords(text, d, 5, false).every((r) => r.cells.length >= 2)) ?? ',';
  const records = firstRecords(text, delimiter, MAX_LABELS + 2, false);
  if (records.length === 0)
    throw new FaultlineError('labels/unreadable', 'The label file is empty. It needs a start and an end on each line.');

  const names = records[0]!.cells.map((c) => c.trim());
  const hasNames = names.some((n) => startName.test(n)) || !/\d/.test(names[0] ?? '');
  const rows = hasNames ? records.slice(1) : records;
  const column = (pattern: RegExp, position: number): number => {
    const found = hasNames ? names.findIndex((n) => pattern.test(n)) : -1;
    return found >= 0 ? found : hasNames && names.some((n) => startName.test(n)) && position > 1 ? -1 : position;
  };
  const [startColumn, endColumn, classColumn, commentColumn] = [
    column(startName, 0),
    column(endName, 1),
    column(className, 2),
    column(commentName, 3),
  ];
  const cell = (cells: readonly string[], c: number): string => (c < 0 ? '' : (cells[c] ?? '').trim());
  if (rows.length === 0) return [];

  const times = rows.flatMap((r) => [cell(r.cells, startColumn), cell(r.cells, endColumn)]);
  const format = commonFormat(times, options.timeFormat);
  const zone = options.timeZone ?? 'UTC';
  return rows.map(({ cells, line }) => {
    const read = (c: number): number => {
      const text = cell(cells, c);
      const time = timeReader(format, zone).read(text);
      if (Number.isNaN(time)) {
        throw new FaultlineError(
          'labels/unreadable',
          `Line ${line}: "${clip(text)}" is not a time like the others. A label needs a start and an end, such as 2026-03-01 06:00.`,
          { line, text: clip(text) },
        );
      }
      return time;
    };
    const given = cell(cells, classColumn);
    const known = classAliases.get(given.toLowerCase());
    const comment = cell(cells, commentColumn);
    return {
      ...interval(read(startColumn), read(endColumn), `Line ${line}`, { line }),
      class: known ?? 'anomaly',
      comment: (known === undefined ? [given, comment].filter((t) => t !== '').join(': ') : comment).slice(0, 4000),
      channels: [],
      origin: options.fileName,
    };
  });
}

/** The one format that reads most texts. Day and month that cannot be told apart are refused unless the data's format settles it. */
function commonFormat(texts: readonly string[], preferred: TimeFormat | undefined): TimeFormat {
  const hits = (format: TimeFormat): number => {
    const reader = timeReader(format, 'UTC');
    return texts.filter((t) => !Number.isNaN(reader.read(t))).length;
  };
  if (preferred !== undefined && hits(preferred) === texts.length) return preferred;
  const epochs = texts.every((t) => /^\d+(\.\d*)?$/.test(t));
  // Ten digits are seconds of today, thirteen milliseconds, and so on.
  const byLength: TimeFormat[] = epochs
    ? [
        (['epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns'] as const)[
          Math.min(3, Math.max(0, Math.floor(((texts[0]?.split('.')[0]?.length ?? 10) - 10) / 3)))
        ]!,
      ]
    : [];
  const candidates = epochs ? byLength : timeFormats.filter((f) => !f.startsWith('epoch') && f !== 'excel-serial');
  const counted = candidates.map((format) => ({ format, n: hits(format) })).sort((a, b) => b.n - a.n);
  const best = counted[0]!;
  const numeric = texts.some((t) => /^\d{1,2}[/-]\d/.test(t));
  if (
    best.n > 0 &&
    numeric &&
    counted[1] !== undefined &&
    counted[1].n === best.n &&
    (best.format === 'dmy' || best.format === 'mdy')
  ) {
    throw new FaultlineError(
      'labels/unreadable',
      `"${clip(texts[0] ?? '')}" can be day/month or month/day. Write the times as 2026-03-01 06:00.`,
    );
  }
  return best.format;
}
