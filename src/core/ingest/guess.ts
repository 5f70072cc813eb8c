import { FaultlineError } from '../errors';
import { guessTime, type TimeGuess } from './guess-time';
import { columnNames, isUnit } from './headers';
import { delimiterNames, guessDelimiter, modalWidth, SAMPLE, type Head, type Sampled } from './layout';
import { count, guessNumberMarks, parseNumber } from './numbers';
import type { Evidence } from './preview';
import type { Recipe, RowTimes } from './recipe';
import { rowTimesText } from './row-times';
import { firstRecords } from './records';
import { knownStatus, knownStatusTexts, statusKey } from './status';
import { clip } from './findings';
import { isZone } from './zones';

/** Most distinct values of a tag that is drawn as a step, and the least share of samples on which it stays as it was. */
const STEP_VALUES = 8;
const STEP_HOLD = 0.95;

const labelName = /^(is[_ -]?)?(anomaly|anomalies|label|labels|attack|fault|outlier|changepoint|ground[_ -]?truth)$/i;
const stepName = /[._ -](SP|SV|MODE|STATE|STS|CMD)$/i;

/** What is settled before guessing the rest. */
export interface GuessOptions {
  readonly delimiter?: Recipe['delimiter'];
  readonly headerLine?: number;
  readonly unitLine?: number;
  readonly timeColumn?: number;
  /** There is no time column: the times are made from the order of the rows. */
  readonly rowTimes?: RowTimes;
  readonly timeZone?: string;
  readonly labelColumnName?: string;
}

export interface Guess {
  readonly recipe: Recipe;
  readonly evidence: readonly Evidence[];
  /** Names of all columns. */
  readonly columns: readonly string[];
}

function isText(cell: string): boolean {
  return cell.trim() !== '' && Number.isNaN(parseNumber(cell, '.', '')) && Number.isNaN(parseNumber(cell, ',', ''));
}

/** Rows it takes to tell a row number from a reading that grows by one for a while. */
const COUNTED_ROWS = 50;

/** True for a row number: each whole number is one more than the one before. */
function countsRows(cells: readonly string[]): boolean {
  const first = Number(cells[0]);
  return cells.length >= COUNTED_ROWS && cells.every((cell, i) => cell.trim() !== '' && Number(cell) === first + i);
}

/** Names and units are among the records above the first time. */
function guessHeader(
  above: readonly Sampled[],
  width: number,
  time: TimeGuess | null,
): { readonly header: Sampled | null; readonly unit: Sampled | null } {
  const likely = above.filter((r) => r.cells.length >= Math.min(width, 2) && r.cells.length >= width - 1);
  const header = likely.find((r) => r.cells.some(isText)) ?? null;
  if (header === null) return { header: null, unit: null };
  const unit = likely.find((r) => {
    if (r.line <= header.line) return false;
    const cells = r.cells.filter((cell, c) => c !== time?.column && cell.trim() !== '');
    return cells.length > 0 && cells.filter((cell) => isUnit(cell) || /^\[.{1,15}\]$/.test(cell.trim())).length >= cells.length / 2;
  });
  return { header, unit: unit ?? null };
}

interface ColumnLook {
  readonly filled: number;
  readonly numbers: number;
  readonly status: number;
  readonly distinct: number;
  readonly held: number;
  readonly binary: boolean;
}

function lookAt(cells: readonly string[], decimal: Recipe['decimal'], thousands: Recipe['thousands']): ColumnLook {
  const values = new Set<number>();
  let [filled, numbers, status, held] = [0, 0, 0, 0];
  let last = NaN;
  for (const cell of cells) {
    const key = statusKey(cell);
    if (key === '') continue;
    filled++;
    if (knownStatus.has(key)) {
      status++;
      continue;
    }
    const value = parseNumber(cell, decimal, thousands);
    if (Number.isNaN(value)) continue;
    numbers++;
    if (value === last) held++;
    last = value;
    if (values.size <= STEP_VALUES) values.add(value);
  }
  return {
    filled,
    numbers,
    status,
    distinct: values.size,
    held,
    binary: numbers > 0 && [...values].every((v) => v === 0 || v === 1),
  };
}

/**
 * How a file is most likely to be read, with the evidence for each choice.
 *
 * @throws FaultlineError 'import/empty', 'import/no-time-column', 'import/no-values', 'labels/no-column'.
 */
export function guessRecipe(head: Head, options: GuessOptions = {}): Guess {
  const evidence: Evidence[] = [];
  const say = (choice: string, text: string, doubt = false): void => void evidence.push({ choice, text, doubt });
  const sampled =
    options.delimiter === undefined
      ? guessDelimiter(head)
      : {
          delimiter: options.delimiter,
          records: firstRecords(head.text, options.delimiter, SAMPLE, head.partial),
          evidence: { choice: 'delimiter', text: `${delimiterNames[options.delimiter]}: chosen`, doubt: false },
        };
  const { delimiter, records } = sampled;
  if (head.partial && records.length < 2) {
    throw new FaultlineError(
      'import/too-large',
      'No row ends within the first 2 million bytes. Is this a text file with line breaks, and is every quote closed?',
      { line: (records[0]?.line ?? 0) + 1 },
    );
  }
  if (records.length === 0)
    throw new FaultlineError('import/empty', 'The file has no line with text. Choose a file with names and rows.');
  evidence.push(sampled.evidence);

  const { rowTimes } = options;
  const cells = records.map((r) => r.cells);
  const time = rowTimes ? null : guessTime(cells, options.timeColumn);
  const width0 = modalWidth(records);
  const firstNumbers = cells.findIndex((r) => r.some((cell) => cell.trim() !== '' && !isText(cell)));
  const above = records.slice(0, time?.firstRecord ?? (firstNumbers < 0 ? records.length : firstNumbers));
  const found = guessHeader(above, width0, time);
  const at = (line: number): Sampled | null => records.find((r) => r.line === line) ?? null;
  const header = options.headerLine === undefined ? found.header : at(options.headerLine);
  const unit = options.unitLine === undefined ? (options.headerLine === undefined ? found.unit : null) : at(options.unitLine);
  const dataFrom = Math.max(header?.line ?? 0, unit?.line ?? 0);
  const body = records.filter((r) => r.line > dataFrom).map((r) => r.cells);
  const width = Math.max(header?.cells.length ?? 0, modalWidth(records.filter((r) => r.line > dataFrom)));

  if (time === null && body.length === 0) {
    throw new FaultlineError('import/empty', 'The file has names but no rows. Choose a file with data.', { lines: records.length });
  }
  if (time === null && !rowTimes) {
    const first = body[0]!.map(clip).slice(0, 8).join(' | ');
    throw new FaultlineError(
      'import/no-time-column',
      `No column can be read as times. The first row is: ${first}. Faultline needs a column of dates and times, or of seconds since 1970; or say that rows are a fixed time apart (on the command line: --row-interval 1s [--first-row 2026-01-01T00:00]).`,
      { line: dataFrom + 1 },
    );
  }
  const names = columnNames(header?.cells ?? [], unit?.cells ?? [], width);
  say('headerLine', header === null ? 'no line of names above the first row' : `names in line ${header.line}`, header === null);
  for (const note of names.notes) say('headerLine', note);
  say(
    'unitLine',
    unit !== null
      ? `units in line ${unit.line}`
      : names.columns.some((c) => c.unit !== '')
        ? 'units behind the names'
        : 'no units in the file',
  );
  const notUsed = rowTimes ? guessTime(cells) : null;
  if (notUsed) say('timeColumn', `${names.columns[notUsed.column]?.name ?? ''} reads as times, but is not used`, true);
  if (rowTimes) say('timeColumn', `times are made from the order of the rows: ${rowTimesText(rowTimes)}`);
  if (time) {
    say('timeColumn', `${names.columns[time.column]?.name ?? ''} is the first column that reads as times`);
    say('timeFormat', time.text, time.doubt);
  }
  const zone = options.timeZone ?? 'UTC';
  if (!isZone(zone))
    throw new FaultlineError('import/bad-recipe', `The time zone "${zone}" is not known. Use a name such as Europe/Berlin.`, {
      timeZone: zone,
    });
  if (time) {
    say(
      'timeZone',
      time.format.startsWith('epoch')
        ? 'counts since 1970 are UTC'
        : time.hasOffset
          ? 'the times carry their offset'
          : `the times carry no offset; taken as clock of ${zone}`,
    );
  }

  const others = names.columns.map((_, c) => c).filter((c) => c !== (time ?? notUsed)?.column);
  const column = (c: number): string[] => body.map((r) => r[c] ?? '');
  const marks = guessNumberMarks(
    (function* () {
      for (const c of others) for (const r of body) if (r[c] !== undefined) yield r[c];
    })(),
    delimiter,
  );
  say('decimal', marks.evidence, marks.doubt);
  say('thousands', marks.thousands === '' ? 'thousands are not marked' : `thousands are marked with "${marks.thousands}"`);

  const wanted = options.labelColumnName?.trim().toLowerCase();
  const rawName = (c: number): string => (header?.cells[c] ?? names.columns[c]!.name).trim();
  const isWanted = (c: number): boolean => rawName(c).toLowerCase() === wanted || names.columns[c]!.name.toLowerCase() === wanted;
  const looks = new Map(others.map((c) => [c, lookAt(column(c), marks.decimal, marks.thousands)]));
  const labelLike = others.filter((c) => looks.get(c)!.binary && labelName.test(names.columns[c]!.name));
  let labelColumn: number | null = labelLike[0] ?? null;
  if (wanted !== undefined && wanted !== '') {
    const chosen = others.find(isWanted);
    if (chosen === undefined) {
      const list = others.slice(0, 20).map((c) => names.columns[c]!.name);
      throw new FaultlineError(
        'labels/no-column',
        `The file has no column "${options.labelColumnName}". It has: ${list.join(', ')}.`,
        { columns: list },
      );
    }
    labelColumn = chosen;
  }
  if (labelColumn !== null) say('labelColumn', `${names.columns[labelColumn]!.name} holds 0 and 1: taken as labels, not as a tag`);

  const valueColumns: number[] = [];
  const textColumns: string[] = [];
  for (const c of others) {
    if (c === labelColumn) continue;
    if (rowTimes && countsRows(column(c))) {
      say('valueColumns', `${names.columns[c]!.name} only counts the rows; left out of the tags`);
      continue;
    }
    if (labelLike.includes(c)) {
      say('valueColumns', `${names.columns[c]!.name} looks like a label; left out of the tags`);
      continue;
    }
    const { filled, numbers, status } = looks.get(c)!;
    const named = header !== null && (header.cells[c] ?? '').trim() !== '';
    if (filled === 0 ? named : numbers + status >= filled * 0.5) valueColumns.push(c);
    else if (filled > 0) textColumns.push(names.columns[c]!.name);
  }
  if (valueColumns.length === 0) {
    const reason = body.length === 0 ? 'there are no rows' : 'no column besides the time holds numbers';
    throw new FaultlineError(
      'import/no-values',
      `Nothing to import: ${reason}. Check the delimiter (${delimiterNames[delimiter]}) and the line of the names.`,
      { delimiter },
    );
  }
  if (textColumns.length > 0) say('valueColumns', `${textColumns.slice(0, 5).join(', ')}: mostly text, left out`);
  say('valueColumns', `${count(valueColumns.length)} ${valueColumns.length === 1 ? 'column holds' : 'columns hold'} numbers`);

  const tags = valueColumns.map((c) => {
    const { numbers, distinct, held } = looks.get(c)!;
    const { name, unit: unitText } = names.columns[c]!;
    const quiet = numbers >= 50 && distinct > 1 && distinct <= STEP_VALUES && held >= STEP_HOLD * (numbers - 1);
    return { name, unit: unitText, step: quiet || (stepName.test(name) && distinct <= STEP_VALUES) };
  });
  const steps = tags.filter((t) => t.step);
  if (steps.length > 0)
    say(
      'tags',
      `few distinct values, drawn as steps: ${steps
        .slice(0, 5)
        .map((t) => t.name)
        .join(', ')}`,
    );
  const present = valueColumns.reduce((sum, c) => sum + looks.get(c)!.status, 0);
  say(
    'statusTexts',
    present > 0
      ? `${count(present)} cells at the start hold a known status text`
      : 'no status text at the start; the known ones are looked for throughout',
  );

  return {
    recipe: {
      encoding: head.encoding,
      delimiter,
      headerLine: header?.line ?? 0,
      unitLine: unit?.line ?? 0,
      timeColumn: time?.column ?? null,
      ...(rowTimes && { rowTimes }),
      timeFormat: time?.format ?? 'iso',
      timeZone: zone,
      decimal: marks.decimal,
      thousands: marks.thousands,
      statusTexts: knownStatusTexts,
      valueColumns,
      tags,
      labelColumn,
    },
    evidence,
    columns: names.columns.map((c) => c.name),
  };
}
