import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowSpool } from './spool';

/** Puts rows (time, value) through a spool of the given buffer and gives them back with their lines. */
async function through(
  times: readonly number[],
  bufferBytes: number,
): Promise<{ time: number; line: number; value: number; code: number }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-test-'));
  const spool = new RowSpool(join(folder, 'spool'), 1, bufferBytes);
  try {
    for (const [i, time] of times.entries()) {
      if (spool.full) await spool.flush();
      const row = spool.next(time, i + 1);
      row.numbers[row.at + 2] = i / 4;
      row.codes[row.codeAt] = i % 200;
    }
    const out: { time: number; line: number; value: number; code: number }[] = [];
    await spool.drain(
      ({ numbers, at, codes, codeAt }) =>
        out.push({ time: numbers[at]!, line: numbers[at + 1]!, value: numbers[at + 2]!, code: codes[codeAt]! }),
      () => Promise.resolve(),
    );
    return out;
  } finally {
    await spool.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

it('sorts rows by time and line, in memory and through files alike', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 300 }), async (times) => {
      const expected = times
        .map((time, i) => ({ time, line: i + 1, value: i / 4, code: i % 200 }))
        .sort((a, b) => a.time - b.time || a.line - b.line);
      expect(await through(times, 1 << 20)).toEqual(expected);
      // A buffer of the least size, 16 rows: up to 19 runs.
      expect(await through(times, 1)).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});
