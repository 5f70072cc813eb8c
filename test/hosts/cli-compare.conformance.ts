import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planted } from '../app/harness';
import { runProgram, type Finished } from './run-program';

/** Comparing and combining runs with the built command line. */

let folder: string;
const at = (name: string): string => join(folder, name);
const faultline = (...args: string[]): Promise<Finished> => runProgram('cli', args, { env: { FAULTLINE_DATA: at('data') } });
const parsed = async <T>(...args: string[]): Promise<T> => {
  const { code, stdout, stderr } = await faultline(...args, '--json');
  expect([code, stderr]).toEqual([0, stderr]);
  return JSON.parse(stdout) as T;
};

interface CompareJson {
  readonly refused: string | null;
  readonly rows: readonly { readonly title: string; readonly seeds: readonly number[]; readonly runIds: readonly string[] }[];
  readonly period: { readonly start: string } | null;
  readonly saved: string | null;
  readonly outputs: readonly { readonly format: string; readonly file: string }[];
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-cli-compare-'));
  const data = planted(1500);
  await writeFile(at('planted.csv'), data.csv);
  await writeFile(at('faults.csv'), data.labels);
  for (const project of ['pump', 'other']) {
    await faultline('import', at('planted.csv'), '--labels', at('faults.csv'), '--project', at(`${project}.faultline`));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('trains several seeds, compares them as one method, with another project, and hands the comparison over', async () => {
  const pump = ['--project', at('pump.faultline')];
  const trained = await parsed<{ runId: string; repeats: { seed: number; runId: string }[] }>(
    'train',
    ...pump,
    '--detector',
    'robust-z',
    '--seed',
    '4',
    '--repeat',
    '2',
    '--name',
    'Max',
  );
  expect(trained.repeats.map(({ seed }) => seed)).toEqual([4, 5]);
  expect(trained.repeats[0]!.runId).toBe(trained.runId);

  // No threshold yet: refused by exit code and reason, and as JSON with the conditions.
  const early = await faultline('compare', ...pump, '--run', 'Max (seed 4)', '--run', 'Max (seed 5)');
  expect([early.code, early.stdout]).toEqual([3, '']);
  expect(early.stderr).toContain('Not compared. No threshold was kept for "Max (seed 4)" and "Max (seed 5)".');
  const earlyJson = await faultline('compare', ...pump, '--run', 'Max (seed 4)', '--run', 'Max (seed 5)', '--json');
  expect(earlyJson.code).toBe(3);
  expect((JSON.parse(earlyJson.stdout) as CompareJson).refused).toMatch(/^No threshold was kept/);
  expect((await faultline('compare', ...pump)).code).toBe(2);

  for (const { runId } of trained.repeats) await parsed('calibrate', ...pump, '--run', runId);
  const ensemble = await parsed<{ runId: string }>(
    'ensemble',
    ...pump,
    '--run',
    'Max (seed 4)',
    '--run',
    'Max (seed 5)',
    '--method',
    'max-p',
    '--name',
    'Both',
  );
  await parsed('calibrate', ...pump, '--run', ensemble.runId);

  const other = ['--project', at('other.faultline')];
  await parsed('train', ...other, '--detector', 'robust-z', '--params', '{"combine": "rms"}', '--name', 'Rms');
  await parsed('calibrate', ...other);
  const before = await readFile(at('other.faultline'));

  const compared = await parsed<CompareJson>(
    'compare',
    ...pump,
    '--with',
    `${at('other.faultline')}:Rms`,
    '--save',
    'All',
    '--out',
    at('c.html'),
    '--out',
    at('c.csv'),
    '--out',
    at('c.json'),
  );
  expect(compared.refused).toBeNull();
  expect(compared.rows.map(({ title, seeds }) => `${title} ${seeds.join()}`).sort()).toEqual(['Both 0', 'Max 4,5', 'Rms 1']);
  expect(compared.period!.start).toMatch(/^2026-01-\d\dT.*Z$/);
  expect(compared.saved).not.toBeNull();
  expect(compared.outputs.map(({ format }) => format)).toEqual(['html', 'csv', 'json']);
  expect(await readFile(at('c.html'), 'utf8')).toContain('Event by event');
  expect(JSON.parse(await readFile(at('c.json'), 'utf8'))).toMatchObject({ format: 'faultline-comparison' });
  expect(before.equals(await readFile(at('other.faultline')))).toBe(true);

  const text = (await faultline('compare', ...pump)).stdout;
  expect(text).toMatch(/Max, 2 seeds, std 0/);
  expect(text).toMatch(/Best one-liner: /);
});

it('refuses what cannot be meant, before any work', async () => {
  const pump = ['--project', at('pump.faultline')];
  const usages = [
    ['compare', ...pump, '--out', at('c.docx')],
    ['compare', ...pump, '--with', 'notes.txt'],
    ['train', ...pump, '--repeat', '0'],
    ['train', ...pump, '--repeat', '21'],
    ['ensemble', ...pump, '--run', 'Max (seed 4)'],
    ['ensemble', ...pump, '--run', 'a', '--run', 'b', '--method', 'mean'],
  ];
  for (const args of usages) expect([args, (await faultline(...args)).code]).toEqual([args, 2]);
  expect((await faultline('compare', ...pump, '--with', at('none.faultline'))).code).toBe(3);
});
