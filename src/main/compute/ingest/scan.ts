import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { FaultlineError } from '../../../core/errors';
import { bomLength, firstInvalidUtf8 } from '../../../core/ingest/encoding';
import { blocks, lineText } from './files';

export interface Scan {
  readonly sha256: string;
  readonly bytes: number;
  /** Rows below the names when the file is clean. */
  readonly rows: number;
  /** Line break of a clean file. */
  readonly newline: '\\n' | '\\r\\n';
  /**
   * True when a row is a line and a line is a row: UTF-8 without quotes, blank lines and stray line breaks, all rows of the same number
   * of cells and below a megabyte. Then DuckDB reads the file itself, and line numbers are exact by counting.
   */
  readonly clean: boolean;
}

const [LF, CR, QUOTE] = [10, 13, 34];
/** Longer lines go the careful way. */
const LONG_LINE = 1 << 20;

/**
 * One pass over the original bytes: their SHA-256, whether they are what `encoding` says, and whether the file is clean.
 *
 * @param dataFrom - last line of names and units; lines up to it are not judged.
 * @param width - cells of a row.
 * @throws FaultlineError 'import/bad-encoding' with the line, for bytes that are not UTF-8 and for zero bytes.
 */
export async function scanFile(
  path: string,
  options: {
    readonly encoding: string;
    readonly delimiter: string;
    readonly dataFrom: number;
    readonly width: number;
    readonly signal?: AbortSignal | undefined;
    readonly report: (bytes: number) => void;
  },
): Promise<Scan> {
  const hash = createHash('sha256');
  const wide = options.encoding.startsWith('utf-16');
  const utf8 = options.encoding === 'utf-8';
  const delimiter = options.delimiter.charCodeAt(0);
  const { dataFrom } = options;
  let clean = utf8;
  let bytes = 0;
  let line = 1;
  let delimiters = 0;
  let length = 0;
  let rows = 0;
  let withCr = 0;
  let lastWasCr = false;
  let carry: Buffer = Buffer.alloc(0);

  const endLine = (): void => {
    if (line > dataFrom) {
      if (length - (lastWasCr ? 1 : 0) === 0 || delimiters !== options.width - 1 || length > LONG_LINE) clean = false;
      if (lastWasCr) withCr++;
      rows++;
    }
    line++;
    delimiters = 0;
    length = 0;
    lastWasCr = false;
  };

  for await (const block of blocks(path, options.signal)) {
    hash.update(block);
    if (bytes === 0 && utf8 && dataFrom === 0 && bomLength(block, 'utf-8') > 0) clean = false;
    bytes += block.length;
    options.report(bytes);
    if (wide) continue;
    const zero = block.indexOf(0);
    if (zero >= 0) throw zeroByte(line + countLines(block, zero));
    if (utf8) {
      const whole = carry.length > 0 ? Buffer.concat([carry, block]) : block;
      const tail = isUtf8(whole) ? 0 : unfinishedTail(whole);
      if (tail > 0 || whole.length === 0 || !isUtf8(whole)) {
        const checked = whole.subarray(0, whole.length - tail);
        if (!isUtf8(checked)) throw notUtf8(line + countLines(block, Math.max(0, firstInvalidUtf8(checked, false) - carry.length)));
      }
      carry = Buffer.from(whole.subarray(whole.length - tail));
    }
    if (!clean) {
      line += countLines(block, block.length);
      continue;
    }
    for (let i = 0; i < block.length; i++) {
      const byte = block[i]!;
      if (byte === LF) {
        endLine();
        continue;
      }
      // A line break that is only CR, or a CR inside a cell.
      if (lastWasCr) clean = false;
      length++;
      lastWasCr = byte === CR;
      if (byte === delimiter) delimiters++;
      else if (byte === QUOTE) clean = false;
    }
    if (length > LONG_LINE) clean = false;
  }
  if (carry.length > 0) throw notUtf8(line);
  if (length > 0) endLine();
  if (withCr !== 0 && withCr < rows - 1) clean = false;
  return { sha256: hash.digest('hex'), bytes, rows, newline: withCr > 0 ? '\\r\\n' : '\\n', clean };
}

function countLines(block: Buffer, end: number): number {
  let lines = 0;
  for (let at = block.indexOf(LF); at >= 0 && at < end; at = block.indexOf(LF, at + 1)) lines++;
  return lines;
}

/** Bytes at the end that begin a character the next block ends. */
function unfinishedTail(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

/** A zero byte: not a text file, or UTF-16 read as something else. */
export function zeroByte(line: number): FaultlineError {
  return new FaultlineError(
    'import/bad-encoding',
    `There is a zero byte in ${lineText(line)}: the file is not plain text, or it is UTF-16. Choose the encoding, or export it again.`,
    { line },
  );
}

function notUtf8(line: number): FaultlineError {
  return new FaultlineError(
    'import/bad-encoding',
    `There are bytes in ${lineText(line)} that are not UTF-8. Choose Windows-1252, Latin-1 or UTF-16 as encoding.`,
    { line },
  );
}
