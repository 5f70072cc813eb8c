import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseNumber } from '../../../core/ingest/numbers';
import type { Recipe } from '../../../core/ingest/recipe';
import { timeReader } from '../../../core/ingest/times';
import { qualityCode } from '../../../core/series/series';
import { importFile, type ImportBatch, type ImportOptions, type ImportResult } from './import-file';
import { previewFile, type PreviewOptions } from './preview-file';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'faultline-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(content: string | Uint8Array, name = 'data.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Imported extends ImportResult {
  readonly times: number[];
  readonly values: number[][];
  readonly qualities: number[][];
}

async function run(
  path: string,
  change: Partial<Recipe> = {},
  { guess, ...options }: ImportOptions & { guess?: PreviewOptions } = {},
): Promise<Imported> {
  const recipe = { ...(await previewFile(path, guess)).recipe, ...change };
  const batches: ImportBatch[] = [];
  const result = await importFile(path, recipe, (batch) => void batches.push(batch), options);
  const columns = (pick: (b: ImportBatch) => readonly ArrayLike<number>[]): number[][] =>
    recipe.tags.map((_, c) => batches.flatMap((b) => Array.from(pick(b)[c]!)));
  return {
    ...result,
    times: batches.flatMap((b) => Array.from(b.timestamps)),
    values: columns((b) => b.columns),
    qualities: columns((b) => b.quality),
  };
}

const noon = Date.UTC(2024, 0, 1, 12);
const minute = 60_000;
const at = (i: number): string => new Date(noon + i * minute).toISOString().slice(0, 19).replace('T', ' ');
const code = (c: string): unknown => expect.objectContaining({ code: c });

describe('importFile', () => {
  it('hands on the values, the hash of the original bytes and an exact report', async () => {
    const text = `time,a,b\n${at(0)},1,2.5\n${at(1)},,Bad\n${at(2)},x,-3e2`;
    const r = await run(file(text));
    expect(r.times).toEqual([noon, noon + minute, noon + 2 * minute]);
    expect(r.values).toEqual([
      [1, NaN, NaN],
      [2.5, NaN, -300],
    ]);
    expect(r.qualities).toEqual([
      [qualityCode.good, qualityCode.absent, qualityCode.bad],
      [qualityCode.good, qualityCode.bad, qualityCode.good],
    ]);
    expect(r.sha256).toBe(createHash('sha256').update(text).digest('hex'));
    expect(r.report).toMatchObject({
      fileRows: 3,
      rows: 3,
      cells: 6,
      values: 3,
      missing: { count: 1, first: [{ line: 3, column: 'a' }] },
      status: { count: 1, first: [{ line: 3, column: 'b', text: 'Bad' }] },
      unreadable: { count: 1, first: [{ line: 4, column: 'a', text: 'x' }] },
      unknownTexts: [{ text: 'x', count: 1, line: 4, column: 'a' }],
    });
  });

  it('never takes a status text for a number, whatever its case and spaces', async () => {
    const texts = ['Bad', ' i/o  TIMEOUT ', 'No Data', 'Shutdown', '#N/A', 'NaN', '-', 'null', '-9999'];
    const rows = texts.map((t, i) => `${at(i)},${t},${i}`);
    const path = file(`time,a,b\n${rows.join('\n')}\n`);
    const { recipe } = await previewFile(path);
    const r = await run(path, {
      statusTexts: [...recipe.statusTexts, { text: '-9999', quality: 'absent' }],
      valueColumns: [1, 2],
      tags: ['a', 'b'].map((name) => ({ name, unit: '', step: false })),
    });
    expect(r.values[0]!.every(Number.isNaN)).toBe(true);
    expect(r.qualities[0]).toEqual([
      ...[qualityCode.bad, qualityCode.bad, qualityCode.absent, qualityCode.masked],
      ...Array<number>(5).fill(qualityCode.absent),
    ]);
    expect(r.report).toMatchObject({ status: { count: 9 }, unreadable: { count: 0 }, missing: { count: 0 } });
  });

  it('stores 1e999, underscores, hex and units in cells as bad, not as numbers', async () => {
    const texts = ['1e999', '1_000', '0x10', '12 bar', 'inf', '1.5.2'];
    const r = await run(
      file(
        `time,a\n${at(0)},1\n${at(1)},2\n${at(2)},3\n${at(3)},4\n${at(4)},5\n${at(5)},6\n${at(6)},7\n${texts.map((t, i) => `${at(7 + i)},${t}`).join('\n')}\n`,
      ),
    );
    expect(r.values[0]).toEqual([1, 2, 3, 4, 5, 6, 7, ...texts.map(() => NaN)]);
    expect(r.report.unreadable.count).toBe(texts.length);
  });

  it('sorts by time, keeps the last row of a repeated time, and lists both by line', async () => {
    const order = [0, 1, 2, 3, 1, 2, 4, 4];
    const r = await run(file(`time,a\n${order.map((m, i) => `${at(m)},${i}`).join('\n')}\n`));
    expect(r.times).toEqual([0, 1, 2, 3, 4].map((m) => noon + m * minute));
    // Row i is in line i + 2; of minute 1 row 4 stays, of minute 2 row 5, of minute 4 row 7.
    expect(r.values[0]).toEqual([0, 4, 5, 3, 7]);
    expect(r.report).toMatchObject({ fileRows: 8, rows: 5, repeated: { count: 3 }, outOfOrder: { count: 2 } });
    expect(r.report.repeated.first.map((f) => f.line)).toEqual([3, 4, 8]);
    expect(r.report.outOfOrder.first.map((f) => f.line)).toEqual([6, 7]);
    expect(r.ordering).toEqual({ sorted: false, outOfOrder: 2, repeated: 3 });
  });

  it('keeps rows of any shape and counts the odd ones by line', async () => {
    const text = `time,a,b\r\n${at(0)},1,2\n${at(1)},3\r\n\n${at(2)},4,5,\r${at(3)},"6",7\n${at(4)},8,9\n,,\n`;
    const r = await run(file(text));
    expect(r.times).toHaveLength(5);
    expect(r.values).toEqual([
      [1, 3, 4, 6, 8],
      [2, NaN, 5, 7, 9],
    ]);
    expect(r.report.ragged).toMatchObject({
      count: 2,
      first: [
        { line: 3, text: '2 cells instead of 3' },
        { line: 5, text: '4 cells instead of 3' },
      ],
    });
    expect(r.report.badTime).toMatchObject({ count: 1, first: [{ line: 8 }] });
  });

  it('gives the right lines behind quoted line breaks', async () => {
    const r = await run(file(`time,a,note\n${at(0)},1,"two\nlines"\n${at(1)},oops,x\n${at(2)},3,y\n`));
    expect(r.report.unreadable.first).toEqual([{ line: 4, column: 'a', text: 'oops' }]);
  });

  it.each([
    ['utf16le', '\ufeff'],
    ['utf16le', ''],
    ['utf8', '\ufeff'],
    ['latin1', ''],
  ] as const)('reads %s with mark %j', async (encoding, mark) => {
    const r = await run(file(Buffer.from(`${mark}Zeit;Öltemp [°C]\n01.02.2024 13:00;1,5\n13.02.2024 13:00;2,5\n`, encoding)));
    expect(r.columns).toEqual(['Zeit', 'Öltemp']);
    expect(r.values).toEqual([[1.5, 2.5]]);
  });

  it('reads big-endian UTF-16', async () => {
    const r = await run(file(Buffer.from(`\ufefftime,a\n${at(0)},1\n`, 'utf16le').swap16()));
    expect(r.values).toEqual([[1]]);
  });

  it('refuses bytes that are not of the encoding, with the line', async () => {
    const broken = Buffer.concat([Buffer.from(`time,a\n${at(0)},1\n`), Buffer.from([0x31, 0xff, 0xfe, 0x0a])]);
    await expect(run(file(broken), { encoding: 'utf-8' })).rejects.toMatchObject({
      code: 'import/bad-encoding',
      details: { line: 3 },
    });
    await expect(run(file(`time,a\n${at(0)},1\n${at(1)},\0\n`))).rejects.toMatchObject({
      code: 'import/bad-encoding',
      details: { line: 3 },
    });
  });

  it('splits a UTF-8 character over two blocks of reading', async () => {
    // A block is 1 MiB: the first byte of ° is its last byte.
    const head = `time,a,note\n${at(0)},1,`;
    const text = `${head}${'x'.repeat((1 << 20) - 1 - head.length)}°\n${at(1)},2,y\n`;
    expect(Buffer.from(text)[(1 << 20) - 1]).toBe(0xc2);
    const r = await run(file(text), { valueColumns: [1], tags: [{ name: 'a', unit: '', step: false }] });
    expect(r.values).toEqual([[1, 2]]);
  });

  it('names the line of an open quote, and does not read on for ever', async () => {
    const path = file(`time,a\n${at(0)},1\n${at(1)},2\n`);
    const { recipe } = await previewFile(path);
    appendFileSync(path, `${at(2)},"3\n${`${at(3)},4\n`.repeat(1000)}`);
    await expect(importFile(path, recipe, () => undefined)).rejects.toMatchObject({
      code: 'import/unreadable',
      details: { line: 4 },
    });
  });

  it('refuses a row of more than 16 million characters', async () => {
    const path = file(`time,a\n${at(0)},1\n`);
    const { recipe } = await previewFile(path);
    appendFileSync(path, `${at(1)},${'1'.repeat(17 << 20)}\n`);
    await expect(importFile(path, recipe, () => undefined)).rejects.toMatchObject({
      code: 'import/too-large',
      details: { line: 3 },
    });
  });

  it('refuses a file that is one endless line, without reading it all into memory', async () => {
    await expect(previewFile(file('1'.repeat(3 << 20)))).rejects.toThrow(code('import/too-large'));
  });

  it('takes a cell of a million characters as unreadable', async () => {
    const r = await run(file(`time,a\n${at(0)},1\n${at(1)},${'y'.repeat(1_100_000)}\n${at(2)},3\n`));
    expect(r.values[0]).toEqual([1, NaN, 3]);
    expect(r.report.unreadable.first[0]!.text.length).toBeLessThan(100);
  });

  it('counts the clock times that exist twice or not at all', async () => {
    const clock = ['2026-10-25 01:30', '2026-10-25 02:30', '2026-10-25 02:30', '2026-10-25 03:30'];
    const r = await run(file(`time,a\n${clock.map((t, i) => `${t},${i}`).join('\n')}\n`), { timeZone: 'Europe/Berlin' });
    // 01:30 and 02:30 summer time, 02:30 and 03:30 winter time: one hour apart each.
    expect(r.times.map((t) => (t - r.times[0]!) / 3_600_000)).toEqual([0, 1, 2, 3]);
    expect(r.report.clockChange).toMatchObject({ count: 2, first: [{ line: 3 }, { line: 4 }] });
  });

  it('reads very wide rows by the same rules', async () => {
    const width = 400;
    const row = (i: number): string =>
      `${at(i)},${Array.from({ length: width }, (_, c) => (c === 7 ? 'Bad' : c === 8 ? '' : c + i / 4)).join(',')}`;
    const r = await run(file(`time,${Array.from({ length: width }, (_, c) => `t${c}`).join(',')}\n${row(0)}\n${row(1)}\n`));
    expect(r.values).toEqual(Array.from({ length: width }, (_, c) => (c === 7 || c === 8 ? [NaN, NaN] : [c, c + 0.25])));
    expect(r.report).toMatchObject({ status: { count: 2 }, missing: { count: 2 }, values: 2 * (width - 2) });
  });

  it('turns a 0/1 column into intervals in time order', async () => {
    const labels = [0, 1, 1, 0, 1];
    const rows = labels.map((l, i) => `${at(i)},${i},${l}`);
    // The last two rows change places in the file.
    const r = await run(file(`time,a,anomaly\n${[...rows.slice(0, 3), rows[4], rows[3]].join('\n')}\n`));
    expect(r.labelIntervals).toEqual([
      { start: noon + minute, end: noon + 2 * minute },
      { start: noon + 4 * minute, end: noon + 4 * minute },
    ]);
    expect(r.values).toHaveLength(1);
  });

  it('reads a file whose name is a pattern, and leaves no temporary files', async () => {
    const before = readdirSync(tmpdir()).filter((n) => n.startsWith('faultline-import-')).length;
    const r = await run(file(`time,a\n${at(0)},1\n`, "a[1]*'; DROP.csv"));
    expect(r.values).toEqual([[1]]);
    expect(readdirSync(tmpdir()).filter((n) => n.startsWith('faultline-import-')).length).toBeLessThanOrEqual(before);
  });

  it('reports bytes while it scans and copies, then rows', async () => {
    // A quoted cell makes the file unclean, so that a copy is made.
    const text = `time,a\n${at(0)},"1"\n${at(1)},2\n`;
    const seen: string[] = [];
    await run(
      file(text),
      {},
      {
        report: (p) =>
          void seen.push(p.totalRows > 0 ? `${p.phase} ${p.rows}/${p.totalRows}` : `${p.phase} ${p.bytes}/${p.totalBytes}`),
      },
    );
    expect([...new Set(seen)]).toEqual([
      `scan ${text.length}/${text.length}`,
      `copy ${text.length}/${text.length}`,
      'read 0/2',
      'read 2/2',
      'write 0/2',
      'write 2/2',
    ]);
  });

  it('stops when asked to, and when the file changes meanwhile', async () => {
    const path = file(`time,a\n${Array.from({ length: 20_000 }, (_, i) => `${at(i)},${i}`).join('\n')}\n`);
    const { recipe } = await previewFile(path);
    const controller = new AbortController();
    const cancelled = importFile(path, recipe, () => undefined, { signal: controller.signal, report: () => controller.abort() });
    await expect(cancelled).rejects.toThrow(code('job/cancelled'));
    const grown = importFile(path, recipe, () => appendFileSync(path, `${at(0)},1\n`));
    await expect(grown).rejects.toThrow(code('import/unreadable'));
  });

  it.each([
    ['', 'import/empty'],
    ['time,a\n', 'import/empty'],
    [`time,a\nx,1\ny,2\n`, 'import/no-time-column'],
  ])('refuses %j', async (text, expected) => {
    await expect(run(file(text))).rejects.toThrow(code(expected));
  });

  it('refuses what is no file', async () => {
    await expect(previewFile(folder)).rejects.toThrow(code('file/unreadable'));
    await expect(previewFile(join(folder, 'none.csv'))).rejects.toThrow(code('file/not-found'));
  });

  it('says so when no row has a time of the chosen format', async () => {
    await expect(run(file(`time,a\n${at(0)},1\n`), { timeFormat: 'dmy' })).rejects.toMatchObject({
      code: 'import/bad-timestamp',
      details: { line: 2 },
    });
  });

  it('parses numbers in DuckDB exactly as our own rules do', async () => {
    const texts = fc.sample(
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
        fc.string({
          unit: fc.constantFrom('0', '1', '9', '.', ',', '-', '+', 'e', 'E', '_', ' ', 'x', 'f'),
          minLength: 1,
          maxLength: 8,
        }),
      ),
      { numRuns: 3000, seed: 7 },
    );
    for (const decimal of ['.', ','] as const) {
      const written = texts.map((t) => (decimal === ',' ? t.replace('.', ',') : t));
      const path = file(`time;a;b\n${written.map((t, i) => `${at(i)};${t};1`).join('\n')}\n`);
      const tags = ['a', 'b'].map((name) => ({ name, unit: '', step: false }));
      const r = await run(path, { decimal, thousands: '', statusTexts: [], valueColumns: [1, 2], tags });
      expect(r.values[0]).toEqual(written.map((t) => parseNumber(t, decimal, '')));
    }
  });
});

it('reads plain ISO times in DuckDB exactly as our own rules do', async () => {
  const part = (high: number, width: number): fc.Arbitrary<string> =>
    fc.integer({ min: 0, max: high }).map((n) => String(n).padStart(width, '0'));
  const random = fc.tuple(
    part(2500, 4),
    part(14, 2),
    part(33, 2),
    fc.constantFrom(' ', 'T'),
    part(25, 2),
    part(61, 2),
    part(61, 2),
  );
  const texts = fc
    .sample(random, { numRuns: 2000, seed: 11 })
    .map(([y, mo, d, sep, h, mi, s]) => `${y}-${mo}-${d}${sep}${h}:${mi}:${s}`);
  const reader = timeReader('iso', 'UTC');
  const expected = texts.map((t) => reader.read(t)).filter((t) => !Number.isNaN(t));
  const path = file(`time,a\n${at(0)},1\n`);
  const { recipe } = await previewFile(path);
  appendFileSync(path, texts.map((t) => `${t},1\n`).join(''));
  const times: number[] = [];
  const { report } = await importFile(path, recipe, (b) => void times.push(...b.timestamps));
  expect(report.badTime.count).toBe(texts.length - expected.length);
  expect(times).toEqual([...new Set([noon, ...expected])].sort((a, b) => a - b));
  expect(expected.length).toBeGreaterThan(1000);
});

describe('a file without times', () => {
  const rowTimes = { firstMs: noon, stepMs: minute };

  // A quoted line break and a short row make the second file one that is copied first; a blank line is no row.
  it.each([
    ['clean', 'a,label\n5,0\n6,1\n7,1\n8,0\n', 0],
    ['unclean', 'a,label\n5,0\n\n"6\n",1\n7,1\n8\n', 1],
  ])('gives each row its time in the order of the file (%s)', async (_, text, ragged) => {
    const path = file(text);
    await expect(previewFile(path)).rejects.toThrow(code('import/no-time-column') as Error);
    const preview = await previewFile(path, { rowTimes });
    expect(preview.rows.map((row) => row.time)).toEqual([0, 1, 2, 3].map((i) => noon + i * minute));
    const last = await previewFile(path, { recipe: preview.recipe, show: 'problem' });
    expect(last.rows.at(-1)).toMatchObject({ time: noon + 3 * minute, cells: [{ value: 8 }] });
    const r = await run(path, preview.recipe, { guess: { rowTimes } });
    expect(r.times).toEqual([0, 1, 2, 3].map((i) => noon + i * minute));
    expect(r.values).toEqual([[5, 6, 7, 8]]);
    expect(r.labelIntervals).toEqual([{ start: noon + minute, end: noon + 2 * minute }]);
    expect(r.report).toMatchObject({ rows: 4, rowTimes, badTime: { count: 0 }, ragged: { count: ragged } });
  });

  it('keeps the order over many rows, and shows those around a problem with their times', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => (i === 20_000 ? 'Bad,1' : i === 3 ? '6' : `${2 * i},1`));
    const path = file(`a,b\n${rows.join('\n')}\n`);
    const { recipe } = await previewFile(path, { rowTimes });
    const r = await run(path, recipe, { guess: { rowTimes } });
    expect(r.times).toEqual(rows.map((_, i) => noon + i * minute));
    expect(r.values[0]!.every((value, i) => value === 2 * i || i === 20_000)).toBe(true);
    const { rows: shown } = await previewFile(path, { recipe, show: 'last' });
    expect(shown.at(-1)).toMatchObject({ line: 30_001, time: noon + 29_999 * minute, cells: [{ value: 59_998 }, { value: 1 }] });
    const around = (await previewFile(path, { recipe, show: 'problem' })).rows.find((row) => row.line === 5)!;
    expect(around.time).toBe(noon + 3 * minute);
  });

  it('needs either a time column or the interval', async () => {
    const path = file(`time,a\n${at(0)},1\n`);
    await expect(run(path, { timeColumn: null })).rejects.toThrow(code('import/bad-recipe') as Error);
    await expect(run(path, { rowTimes })).rejects.toThrow(code('import/bad-recipe') as Error);
  });
});

describe('previewFile', () => {
  it('shows the rows around the first problem with what becomes of them', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${at(i)},${i === 50 ? 'I/O Timeout' : i}`);
    rows.splice(52, 0, `${at(51)},7`);
    const p = await previewFile(file(`time,a\n${rows.join('\n')}\n`), { show: 'problem' });
    // Row i is in line i + 2: the status text in line 52; lines 53 and 54 have one time, and the later stays.
    expect(p.rows[0]!.line).toBe(48);
    expect(p.rows.find((r) => r.line === 52)!.cells[0]).toEqual({ text: 'I/O Timeout', value: null, quality: 'bad' });
    expect(p.rows.filter((r) => r.problem !== '').map((r) => [r.line, r.problem])).toEqual([[53, 'repeated']]);
    expect(p).toMatchObject({ complete: true, report: { rows: 100, fileRows: 101 } });
    expect(p.rawLines[0]).toEqual({ line: 1, text: 'time,a' });
  });

  it('keeps the choices of the user, and guesses columns anew when they no longer fit', async () => {
    const path = file('time;a,b\n01.02.2024 00:00;1,5\n01.03.2024 00:00;2,5\n');
    const first = await previewFile(path);
    const chosen = await previewFile(path, {
      recipe: {
        ...first.recipe,
        timeFormat: 'mdy',
        tags: [{ name: 'Flow', unit: 'm³/h', step: false }],
        headerLine: 0,
        unitLine: 1,
      },
    });
    expect(chosen.recipe).toMatchObject({ timeFormat: 'mdy', tags: [{ name: 'Flow' }] });
    const other = await previewFile(path, {
      recipe: { ...first.recipe, valueColumns: [7], tags: [{ name: 'x', unit: '', step: false }] },
    });
    expect(other.recipe).toMatchObject({ valueColumns: [1], tags: [{ name: 'a,b' }] });
  });

  it('shows the last rows', async () => {
    const p = await previewFile(file(`time,a\n${Array.from({ length: 100 }, (_, i) => `${at(i)},${i}`).join('\n')}\n`), {
      show: 'last',
    });
    expect(p.rows.at(-1)).toMatchObject({ line: 101, time: noon + 99 * minute, cells: [{ value: 99 }] });
  });
});
