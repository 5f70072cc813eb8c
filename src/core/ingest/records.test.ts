import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordLimit, RecordSplitter } from './records';

function split(text: string, pieces: readonly number[] = []): { cells: string[]; line: number }[] {
  const records: { cells: string[]; line: number }[] = [];
  const splitter = new RecordSplitter(',', (cells, line) => records.push({ cells, line }));
  let from = 0;
  for (const size of pieces) {
    splitter.push(text.slice(from, from + size));
    from += size;
  }
  splitter.push(text.slice(from));
  splitter.end();
  return records;
}

const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

describe('RecordSplitter', () => {
  it('reads back quoted cells of any text, cut anywhere', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 0, max: 5 })),
        (rows, pieces) => {
          const text = rows.map((row) => row.map(quote).join(',')).join('\n');
          expect(split(text, pieces).map((r) => r.cells)).toEqual(rows);
        },
      ),
    );
  });

  it('counts lines through CR, LF, CRLF, blank lines and quoted line breaks', () => {
    // Lines: 1 a,b · 2 c,d · 3 empty · 4 and 5 one record · 6 g,h
    expect(split('a,b\rc,d\r\n\n"e\r\nf",x\ng,h')).toEqual([
      { cells: ['a', 'b'], line: 1 },
      { cells: ['c', 'd'], line: 2 },
      { cells: ['e\r\nf', 'x'], line: 4 },
      { cells: ['g', 'h'], line: 6 },
    ]);
  });

  it('keeps text around quotes that are none', () => {
    expect(split('a"b",2"\n"x"y,""')).toEqual([
      { cells: ['a"b"', '2"'], line: 1 },
      { cells: ['xy', ''], line: 2 },
    ]);
  });

  it('names the line of a quote that never closes', () => {
    expect(() => split('a,b\n1,"2\n3,4\n')).toThrow(expect.objectContaining({ kind: 'unclosed-quote', line: 2 }));
  });

  it('stops at its limits', () => {
    const limits = { maxRecord: 10, maxCells: 3 };
    const run = (text: string): void => new RecordSplitter(',', () => undefined, limits).push(text);
    expect(() => run('ok\n12345678901')).toThrow(new RecordLimit('too-long', 2));
    expect(() => run('1,2,3,4\n')).toThrow(new RecordLimit('too-many-cells', 1));
    expect(() => run('"23456789\n0')).not.toThrow();
    expect(() => run('"23456789\n012')).toThrow(new RecordLimit('unclosed-quote', 1));
  });
});
