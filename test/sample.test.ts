import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseLabels } from '../src/core/labels/parse';
import { importFile } from '../src/main/compute/ingest/import-file';
import { previewFile } from '../src/main/compute/ingest/preview-file';

const sample = join(import.meta.dirname, '../resources/sample');
const files = ['pump-train.csv', 'pump-train-labels.csv'] as const;

describe('the sample', () => {
  it('is what its generator writes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-test-'));
    try {
      execFileSync(process.execPath, [join(import.meta.dirname, '../scripts/sample/generate.mjs'), '--out', folder]);
      for (const name of files) expect(readFileSync(join(folder, name)).equals(readFileSync(join(sample, name)))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('imports without a question, with its historian texture counted', async () => {
    const path = join(sample, files[0]);
    const { recipe, evidence, complete } = await previewFile(path);
    expect(evidence.filter((e) => e.doubt)).toEqual([]);
    expect(complete).toBe(true);
    expect(recipe).toMatchObject({ headerLine: 1, unitLine: 2, timeFormat: 'iso', delimiter: ',' });
    expect(recipe.tags.filter((t) => t.step).map((t) => t.name)).toEqual(['11-FIC-2043.SP']);
    expect(recipe.tags[0]).toMatchObject({ name: '11-FI-2043.PV', unit: 'm³/h' });
    const { report, range } = await importFile(path, recipe, () => undefined);
    // 42 days of 720 rows less the 13 of the archive's pause; 4 rows x 9 tags and 19 more rows of one tag timed out, 5 had a bad input.
    expect(report).toMatchObject({
      fileRows: 30_227,
      rows: 30_227,
      status: { count: 60 },
      unreadable: { count: 0 },
      badTime: { count: 0 },
    });
    expect(new Date(range.start).toISOString()).toBe('2026-03-02T00:00:00.000Z');
  });

  it('has eight faults where the parts need them', () => {
    const labels = parseLabels(readFileSync(join(sample, files[1]), 'utf8'), { fileName: files[1], dataFileName: files[0] });
    const start = Date.UTC(2026, 2, 2);
    const faults = labels.filter((l) => l.class !== 'ignore').map((l) => (l.start - start) / (42 * 86_400_000));
    expect(faults).toHaveLength(8);
    expect(faults.filter((f) => f < 0.45)).toHaveLength(1);
    expect(faults.filter((f) => f >= 0.5 && f < 0.72)).toHaveLength(3);
    expect(faults.filter((f) => f >= 0.72)).toHaveLength(4);
  });
});
