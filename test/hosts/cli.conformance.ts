import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram, type Finished } from './run-program';

/** The built command line as a process: its options, outputs and exit codes are a stable interface. */

let folder: string;
let csv: string;
let labels: string;
const at = (name: string): string => join(folder, name);
const start = Date.UTC(2024, 0, 1);
const time = (row: number): string => new Date(start + row * 600_000).toISOString();

/** A steady wave with three planted faults, one in each part of a 40/70 split; the second tag's name would paint a terminal red. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-cli-test-'));
  csv = at('pump.csv');
  labels = at('faults.csv');
  const faulty = (i: number): boolean => (i >= 500 && i < 510) || (i >= 800 && i < 815);
  const rows = Array.from({ length: 1000 }, (_, i) => {
    const wave = Math.sin(i / 6) + 0.1 * Math.sin(i * 1.7);
    return `${time(i)},${(50 + 5 * wave + (faulty(i) ? 60 : 0)).toFixed(4)},${(20 + wave).toFixed(4)}`;
  });
  await writeFile(csv, `time,flow,\u001b[31mred\n${rows.join('\n')}\n`);
  await writeFile(labels, `start,end,class\n${time(500)},${time(509)},anomaly\n${time(800)},${time(814)},anomaly\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const faultline = (...args: string[]): Promise<Finished> => runProgram('cli', args, { env: { FAULTLINE_DATA: at('data') } });
const splitAt = ['--train-until', '0.4', '--calibrate-until', time(700)];
const small = JSON.stringify({ window: 12, windows: 3, vaeSteps: 40, lstmSteps: 30 });

interface AnalyzeJson {
  readonly engine: { readonly backend: string; readonly version: string; readonly threads: number };
  readonly dataset: {
    readonly rows: number;
    readonly channels: readonly string[];
    readonly start: string;
    readonly end: string;
    readonly stepMs: number;
  };
  readonly detector: { readonly id: string; readonly seed: number };
  readonly split: { readonly trainUntil: string; readonly calibrateUntil: string };
  readonly threshold: { readonly value: number; readonly method: string; readonly from: string };
  readonly events: readonly {
    readonly start: string;
    readonly end: string;
    readonly peak: string;
    readonly channels: readonly { readonly channel: string }[];
  }[];
  readonly metrics: { readonly test: { readonly labels: number; readonly caught: number; readonly falseEvents: number } };
  readonly outputs: readonly { readonly format: string; readonly file: string; readonly bytes: number }[];
}

describe('analyze', () => {
  it('prints one JSON object of the documented shape, and finds the planted faults', async () => {
    const outputs = [
      '--out',
      at('report.html'),
      '--out',
      at('report.json'),
      '--out',
      at('report.csv'),
      '--scores',
      at('scores.csv'),
    ];
    const { code, stdout, stderr } = await faultline(
      'analyze',
      csv,
      '--labels',
      labels,
      '--detector',
      'robust-z',
      ...splitAt,
      ...outputs,
      '--json',
    );
    expect([code, stderr.includes('Threshold by the best F1')]).toEqual([0, true]);
    const json = JSON.parse(stdout) as AnalyzeJson;
    expect(Object.keys(json)).toEqual([
      'engine',
      'dataset',
      'detector',
      'split',
      'drift',
      'threshold',
      'contract',
      'events',
      'metrics',
      'referee',
      'versions',
      'outputs',
    ]);
    expect(json.dataset).toMatchObject({
      rows: 1000,
      channels: ['flow', '[31mred'],
      start: time(0),
      end: time(999),
      stepMs: 600_000,
    });
    expect(json.detector).toMatchObject({ id: 'robust-z', seed: 1 });
    expect(json.split).toMatchObject({
      trainUntil: new Date(start + 0.4 * 999 * 600_000).toISOString(),
      calibrateUntil: time(700),
    });
    expect(json.threshold.method).toBe('f1');
    expect(json.events.map((event) => [event.start, event.end, event.channels[0]?.channel])).toEqual([
      [time(500), time(509), 'flow'],
      [time(800), time(814), 'flow'],
    ]);
    expect(json.metrics.test).toMatchObject({ labels: 1, caught: 1, falseEvents: 0 });
    expect(json.outputs.map((output) => output.format)).toEqual(['html', 'json', 'csv', 'scores']);
    for (const { file, bytes } of json.outputs) expect((await stat(file)).size).toBe(bytes);
    const [head, ...lines] = (await readFile(at('scores.csv'), 'utf8')).trimEnd().split(/\r?\n/);
    expect(head).toMatch(/^timestamp,score,threshold,anomaly,flow,/);
    expect(lines).toHaveLength(1000);
    expect(lines.filter((line) => line.split(',')[3] === '1')).toHaveLength(25);
  });

  it('gives equal scores for an equal seed, and others for another', async () => {
    const scores = async (seed: string, file: string): Promise<string> => {
      const { code, stderr } = await faultline(
        ...['analyze', csv, '--detector', 'hreg-vae-lstm', '--params', small, '--seed', seed, ...splitAt, '--scores', at(file)],
      );
      expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
      return readFile(at(file), 'utf8');
    };
    const first = await scores('7', 'seed7.csv');
    expect(await scores('7', 'seed7-again.csv')).toBe(first);
    expect(await scores('8', 'seed8.csv')).not.toBe(first);
  });

  it('makes times from row order where it is told the interval, and says so everywhere; refuses otherwise', async () => {
    const rows = (await readFile(csv, 'utf8')).trimEnd().split('\n').slice(1);
    const bare = at('bare.csv');
    await writeFile(bare, `row,flow,red\n${rows.map((row, i) => [i, ...row.split(',').slice(1)].join(',')).join('\n')}\n`);
    const analyze = ['analyze', bare, '--labels', labels, '--detector', 'robust-z', ...splitAt, '--out', at('bare.json'), '--json'];
    const refused = await faultline(...analyze);
    expect([refused.code, refused.stderr.includes('--row-interval 1s')]).toEqual([3, true]);

    const { code, stdout } = await faultline(...analyze, '--row-interval', '10min', '--first-row', time(0));
    expect(code).toBe(0);
    const { dataset, events } = JSON.parse(stdout) as AnalyzeJson;
    const rowTimes = { firstMs: start, stepMs: 600_000 };
    expect(dataset).toMatchObject({ rows: 1000, channels: ['flow', 'red'], start: time(0), end: time(999), quality: { rowTimes } });
    expect(events.map((event) => [event.start, event.end])).toEqual([
      [time(500), time(509)],
      [time(800), time(814)],
    ]);
    const report = JSON.parse(await readFile(at('bare.json'), 'utf8')) as { dataset: object; trust: readonly string[] };
    expect(report.dataset).toMatchObject({ quality: { rowTimes } });
    expect(report.trust.join(' ')).toContain('made from row order, 10 min apart, the first at 2024-01-01 00:00:00 UTC');

    const imported = await faultline(
      'import',
      bare,
      '--project',
      at('bare.faultline'),
      '--data',
      at('bare'),
      '--row-interval',
      '1s',
    );
    expect(imported.stdout).toContain('times made from row order, 1 s apart, the first at 2000-01-01 00:00:00 UTC');
  });

  it('says that it took normal scores where there is no label, and shows control characters instead of doing them', async () => {
    const { code, stdout, stderr } = await faultline('analyze', csv, '--detector', 'robust-z', ...splitAt);
    expect(code).toBe(0);
    expect(stderr).toContain('by normal scores');
    expect(stdout).toMatch(/objective (pot|quantile):0\.999/);
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('takes a label column, which is then no tag', async () => {
    const rows = (await readFile(csv, 'utf8')).trimEnd().split('\n');
    const labelled = at('labelled.csv');
    await writeFile(labelled, `${rows.map((row, i) => `${row},${i === 0 ? 'fault' : i > 800 && i <= 815 ? 1 : 0}`).join('\n')}\n`);
    const { code, stdout } = await faultline(
      'analyze',
      labelled,
      '--label-column',
      'fault',
      '--detector',
      'robust-z',
      ...splitAt,
      '--json',
    );
    expect(code).toBe(0);
    const json = JSON.parse(stdout) as AnalyzeJson;
    expect(json.dataset.channels).not.toContain('fault');
    expect(json.metrics.test.labels).toBe(1);
  });

  it('ends with 5 and keeps nothing half when Ctrl-C comes while it trains', async () => {
    const slow = JSON.stringify({ window: 12, windows: 3, vaeSteps: 50_000 });
    const { code, stdout, stderr } = await runProgram(
      'cli',
      ['analyze', csv, '--detector', 'hreg-vae-lstm', '--params', slow, '--json'],
      {
        env: { FAULTLINE_DATA: at('data') },
        onStderr: (text, child) => {
          if (text.includes('vae')) child.kill('SIGINT');
        },
      },
    );
    expect([code, stdout]).toEqual([5, '']);
    expect(stderr).toContain('Cancelled');
  });
});

describe('commands on a project', () => {
  it('go from import to report as analyze does', async () => {
    const project = ['--project', at('plant.faultline')];
    const json = async (...args: string[]): Promise<Record<string, never>> => {
      const { code, stdout, stderr } = await faultline(...args, ...project, '--json');
      expect([args[0], code, code === 0 ? '' : stderr]).toEqual([args[0], 0, '']);
      return JSON.parse(stdout) as Record<string, never>;
    };
    expect(await json('import', csv, '--labels', labels, '--name', 'january')).toMatchObject({ name: 'january', labels: 2 });
    const trained = await json('train', '--detector', 'robust-z', ...splitAt);
    const calibrated = await json('calibrate', '--run', trained['runId'] ?? '');
    expect(calibrated['events']).toHaveLength(2);
    expect(await json('report', '--out', at('again.html'), '--scores', at('again.csv'))).toMatchObject({ runId: trained['runId'] });
    expect((await stat(at('again.html'))).size).toBeGreaterThan(1000);
    const scored = await json('score', '--dataset', 'january');
    expect(scored['modelId']).toBe(trained['modelId']);
    // The same file once more stands for later data: they begin with the threshold, but what has chosen it is no test.
    await json('import', csv, '--name', 'february');
    const later = await json('score', '--dataset', 'february');
    expect(later).toMatchObject({ threshold: { method: 'carried', value: calibrated['threshold']!['value'] }, contract: null });
    expect(later['metrics']!['test']!['rows']).toBeLessThan(calibrated['metrics']!['test']!['rows'] + 1);
    const listed = await faultline('projects', '--json');
    expect((JSON.parse(listed.stdout) as { projects: { file: string }[] }).projects.map((line) => line.file)).toEqual([
      at('plant.faultline'),
    ]);
  });

  it('inspect shows what a model learned, as text and as JSON, and says when there is nothing', async () => {
    const project = at('inspect.faultline');
    const analyzed = async (...args: string[]): Promise<void> =>
      expect((await faultline('analyze', csv, '--project', project, ...splitAt, ...args)).code).toBe(0);
    await analyzed('--detector', 'pca', '--preset', 'paper', '--out', at('inspect.html'));
    const json = await faultline('inspect', '--project', project, '--json');
    const { detector, insight } = JSON.parse(json.stdout) as {
      readonly detector: string;
      readonly insight: {
        readonly kind: string;
        readonly limits: readonly { readonly id: string }[];
        readonly labelsChanged: boolean;
      };
    };
    expect([detector, insight.kind, insight.labelsChanged]).toEqual(['pca', 'components', false]);
    expect(insight.limits.map(({ id }) => id)).toEqual(['t2', 'q']);
    const text = await faultline('inspect', '--project', project);
    expect(text.stdout).toMatch(/Statistic +Limit +Above, training rows/);
    // A tag's name in the tables is shown, never done.
    expect(text.stdout).not.toContain('\u001b');
    expect(await readFile(at('inspect.html'), 'utf8')).toContain('Inside the model');
    await analyzed('--detector', 'robust-z');
    const none = await faultline('inspect', '--project', project);
    expect([none.code, none.stdout]).toEqual([0, 'The detector "robust-z" shows nothing of what it learned.\n']);
    expect((await faultline('inspect', '--project', project, '--run', 'nope')).code).not.toBe(0);
  });

  it('judges a file of scores', async () => {
    await faultline('analyze', csv, '--labels', labels, '--detector', 'robust-z', ...splitAt, '--scores', at('judged.csv'));
    const { code, stdout } = await faultline('evaluate', '--scores', at('judged.csv'), '--labels', labels, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ labels: 2, events: 2, operational: { falseEvents: 0 }, point: { f1: 1 } });
  });

  it('judges the scores of another program by every metric, with the documented keys', async () => {
    // Six labelled rows of forty; five of them and one other row score 1.
    const row = (i: number): string => `${i + 1},${(i >= 31 && i < 36) || i === 10 ? 1 : i / 1000},${i >= 30 && i < 36 ? 1 : 0}`;
    await writeFile(at('other.csv'), `index,score,is_anomaly\n${Array.from({ length: 40 }, (_, i) => row(i)).join('\n')}\n`);
    const judge = async (...more: string[]) => {
      const { code, stdout, stderr } = await faultline('evaluate', '--scores', at('other.csv'), ...more, '--json');
      expect([code, stderr]).toEqual([0, '']);
      return JSON.parse(stdout) as Record<string, Record<string, unknown>>;
    };
    const sheet = await judge('--threshold', '0.5', '--buffer', '4', '--alpha', '0', '--bias', 'back');
    const keys = {
      point: ['precision', 'recall', 'f1', 'aucRoc', 'aucPr', 'prevalence'],
      pointAdjusted: ['precision', 'recall', 'f1', 'f1OfRandom'],
      paK: ['area'],
      range: ['precision', 'recall', 'f1', 'alpha'],
      event: ['precision', 'recall', 'f1', 'compositeF1'],
      vus: ['roc', 'pr', 'buffer'],
      affiliation: ['precision', 'recall', 'f1', 'f1OfRandom'],
      nab: ['standard', 'lowFp', 'lowFn'],
      operational: ['timeInAlarm'],
    };
    for (const [group, names] of Object.entries(keys)) {
      for (const name of names) expect([group, name, typeof sheet[group]?.[name]]).toEqual([group, name, 'number']);
    }
    expect(sheet['point']).toMatchObject({ precision: 5 / 6, recall: 5 / 6, prevalence: 6 / 40 });
    expect(sheet['pointAdjusted']).toMatchObject({ precision: 6 / 7, recall: 1 });
    expect(sheet['paK']).toMatchObject({ f1At: { 20: 12 / 13 } });
    // Positions 2 to 6 of six, weighted 1 to 6: 20 of 21.
    expect(sheet['range']).toMatchObject({ recall: 20 / 21, precision: 0.5, alpha: 0, bias: 'back' });
    const reason = 'the file has row numbers, no times';
    expect(sheet['operational']).toMatchObject({
      falseEventsPerDay: { value: null, reason },
      upperLimit: { value: null, reason },
      medianDelaySeconds: { value: null, reason },
    });
    // Without a threshold none is chosen.
    const open = await judge('--label-column', 'is_anomaly');
    expect(open['point']).toMatchObject({ f1: { value: null, reason: 'no threshold given' } });
    expect(typeof open['vus']!['pr']).toBe('number');
    const { stdout } = await faultline('evaluate', '--scores', at('other.csv'), '--threshold', '0.5');
    expect(stdout).toMatch(/Point-adjusted F1 +0\.923 +0\.\d+/);
  });
});

describe('use and exit codes', () => {
  const commands = [
    'analyze',
    'import',
    'detectors',
    'train',
    'score',
    'calibrate',
    'report',
    'projects',
    'doctor',
    'evaluate',
    'serve',
  ];
  it.each(commands)('%s explains itself with an example', async (command) => {
    const { code, stdout } = await faultline(command, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: faultline ${command}`);
    expect(stdout).toMatch(/Examples?:/);
  });

  it.each<[number, string, string[]]>([
    [2, 'no command', []],
    [2, 'an unknown command', ['nonsense']],
    [2, 'an unknown option', ['analyze', 'FILE', '--nonsense']],
    [2, 'a missing word', ['analyze']],
    [2, 'a missing project', ['train']],
    [2, 'an objective that is none', ['analyze', 'FILE', '--detector', 'robust-z', '--objective', 'best']],
    [2, 'a report of unknown format', ['analyze', 'FILE', '--out', 'x.doc']],
    [2, 'a point that is no time', ['analyze', 'FILE', '--train-until', 'soon']],
    [2, 'a split that runs back', ['analyze', 'FILE', '--train-until', '0.8', '--calibrate-until', '0.4']],
    [2, 'parameters that are no JSON', ['analyze', 'FILE', '--params', '{']],
    [2, 'an interval without a unit', ['analyze', 'FILE', '--row-interval', '1']],
    [2, 'a first row without an interval', ['analyze', 'FILE', '--first-row', '2026-01-01']],
    [2, 'an unknown preset', ['analyze', 'FILE', '--detector', 'mim-gan', '--preset', 'best']],
    [2, 'a preset of a detector without any', ['analyze', 'FILE', '--detector', 'robust-z', '--preset', 'fast']],
    [2, 'a bias that is none', ['evaluate', '--scores', 'FILE', '--bias', 'up']],
    [3, 'scores without a column of scores', ['evaluate', '--scores', 'FILE', '--labels', 'FILE']],
    [3, 'a file that is not there', ['analyze', 'nothing.csv']],
    [3, 'a project that is not there', ['train', '--project', 'nothing.faultline']],
    [3, 'an unknown detector', ['analyze', 'FILE', '--detector', 'oracle']],
    [3, 'a parameter out of range', ['analyze', 'FILE', '--detector', 'hreg-vae-lstm', '--params', '{"window": 1000000}']],
    [3, 'an unknown label column', ['analyze', 'FILE', '--label-column', 'nothing']],
    [4, 'a folder that is not there', ['analyze', 'FILE', '--detector', 'robust-z', '--out', '/nonexistent/report.html']],
  ])('ends with %i for %s', async (expected, _, args) => {
    const { code, stdout, stderr } = await faultline(...args.map((arg) => (arg === 'FILE' ? csv : arg)));
    expect([code, stdout]).toEqual([expected, '']);
    expect(stderr).not.toContain('    at ');
    expect(stderr.trim().length).toBeGreaterThan(10);
  });

  it('names the presets there are, and lists them', async () => {
    const { stderr } = await faultline('analyze', csv, '--detector', 'mim-gan', '--preset', 'best');
    expect(stderr).toContain('"mim-gan" has no preset "best". It has fast, balanced, paper.');
    const { stdout } = await faultline('detectors');
    expect(stdout).toMatch(/mim-gan: MIM-GAN[^]*--preset paper: Windows of 90/);
  });

  it('refuses to train what the engine is too slow for, saying what to do', async () => {
    const { code, stderr } = await runProgram('cli', ['analyze', csv, '--detector', 'mad-gan'], {
      env: { FAULTLINE_DATA: at('data'), FAULTLINE_ENGINE: 'cpu' },
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/MAD-GAN cannot be trained in useful time with the plain JavaScript engine.*run "npm run setup" again/);
  });

  it('doctor gives a row for everything it looked at', async () => {
    const { stdout } = await faultline('doctor', '--json');
    const { rows } = JSON.parse(stdout) as { rows: { name: string; ok: boolean; advice: string }[] };
    expect(rows.map((row) => row.name)).toEqual(
      expect.arrayContaining(['Node', 'Engine', 'SQLite', 'DuckDB', 'Electron', 'Data folder', 'Free disk']),
    );
    for (const row of rows) expect(row.ok || row.advice !== '').toBe(true);
  });
});
