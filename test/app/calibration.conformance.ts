import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Params } from '../../src/contract/methods';
import type { RunResult } from '../../src/contract/types';
import { openReader } from '../../src/main/store';
import { importPlanted, planted, startApp, type TestApp } from './harness';

const minute = 60_000;
const begin = Date.UTC(2026, 0, 1);
const at = (row: number): number => begin + row * minute;
type Save = Params<'calibration.save'>;

/** Imports the planted data and trains the quick detector on it. */
async function trained(t: TestApp, rows = 1200): Promise<{ datasetId: string; modelId: string; runId: string }> {
  const { datasetId } = await importPlanted(t, rows);
  return { datasetId, ...(await train(t, datasetId)) };
}

async function train(t: TestApp, datasetId: string): Promise<{ modelId: string; runId: string }> {
  const { split, preparation } = await t.call('training.propose', { datasetId });
  const plan = { datasetId, detectorId: 'robust-z', params: {}, split, preparation };
  const job = await t.ended((await t.call('training.start', { ...plan, seed: 1 })).jobId);
  expect(job.error).toBeNull();
  return { modelId: String(job.result['modelId']), runId: String(job.result['runId']) };
}

/** Imports a file into the open project, with labels where some are given. */
async function bring(t: TestApp, name: string, csv: string, labels = ''): Promise<string> {
  const fileToken = await t.file(`${name}.csv`, csv);
  const { recipe } = await t.call('import.preview', { fileToken });
  const job = await t.ended((await t.call('import.start', { fileToken, recipe, name, allowRepeat: true })).jobId);
  expect(job.error).toBeNull();
  const datasetId = String(job.result['datasetId']);
  if (labels) await t.call('label.import', { datasetId, fileToken: await t.file(`${name}-labels.csv`, labels) });
  return datasetId;
}

/** The planted file at another time; `skip` leaves out rows with values as a fault would have them where nobody labelled one. */
function later(rows: number, days: number): { csv: string; labels: string } {
  const shift = (text: string): string =>
    text.replace(/2026-\d\d-\d\dT[\d:.]+Z/g, (stamp) => new Date(Date.parse(stamp) + days * 86_400_000).toISOString());
  const { csv, labels } = planted(rows);
  return { csv: shift(csv), labels: shift(labels) };
}

async function score(t: TestApp, modelId: string, datasetId: string): Promise<string> {
  const job = await t.ended((await t.call('scoring.start', { modelId, datasetId })).jobId);
  expect(job.error).toBeNull();
  return String(job.result['runId']);
}

const rule = { minDurationMs: 0, mergeGapMs: 5 * minute };
const contract: Params<'calibration.contract'>['contract'] = {
  falseEvents: 1,
  days: 0.05,
  confidence: 0.5,
  mustCatch: 'all',
  withinMs: 10 * minute,
  mode: null,
};

async function keepF1(t: TestApp, runId: string, over: Partial<Save> = {}): Promise<RunResult> {
  const { value, from, achieved } = await t.call('calibration.suggest', { runId, objective: { kind: 'f1' }, ...rule });
  await t.call('calibration.save', { runId, value, from, achieved, objective: { kind: 'f1' }, ...rule, ...over });
  return t.call('run.result', { runId });
}

const stage = async (t: TestApp): Promise<string> => {
  const found = (await t.call('project.state', {}))!.stages.find(({ name }) => name === 'calibrate')!;
  return `${found.state}: ${found.fact}`;
};

describe('a threshold with all its knobs', () => {
  it('is suggested, kept and judged with modes, suppression, hysteresis and dead time', { timeout: 120_000 }, async () => {
    const t = await startApp();
    const { runId } = await trained(t);
    const modes = { channel: 'Pressure', edges: [8] };
    const scores = await t.call('calibration.scores', { runId, part: 'calibration', modes, shares: ['Flow', 'not a tag'] });
    expect(scores.modes!.rows).toHaveLength(scores.timestamps.length);
    // The pressure swings about 8 bar: both modes, and no row without a value.
    expect([...new Set(scores.modes!.rows)].sort()).toEqual([0, 1]);
    expect(scores.shares.map(({ channel, share }) => [channel, share.length])).toEqual([['Flow', scores.timestamps.length]]);

    const request = { runId, objective: { kind: 'f1' as const }, ...rule, hysteresis: 0.1, deadTimeMs: 30 * minute, modes };
    const suggested = await t.call('calibration.suggest', { ...request, search: ['mergeGap'] });
    expect(suggested).toMatchObject({ hysteresis: 0.1, deadTimeMs: 30 * minute, modes: { channel: 'Pressure', edges: [8] } });

    // All planted faults are of the flow, so this rule hides every one.
    const suppress = [{ channel: 'Flow', minShare: 0.5, reason: 'calibration of the flow meter' }];
    const { objective, from, achieved, value } = suggested;
    const kept = {
      runId,
      objective,
      from,
      achieved,
      value,
      ...rule,
      hysteresis: 0.1,
      deadTimeMs: 30 * minute,
      modes: suggested.modes!,
    };
    await t.call('calibration.save', { ...kept, suppress });
    const hidden = await t.call('run.result', { runId });
    expect(hidden.events).toEqual([]);
    expect(hidden.hidden.map(({ by, channel }) => `${by} ${channel}`)).toEqual(Array(3).fill('suppression Flow'));
    expect(hidden.threshold).toMatchObject({ hysteresis: 0.1, deadTimeMs: 30 * minute, modes: suggested.modes, suppress });
    expect(hidden.test.caught).toBe(0);
    expect((await t.call('report.preview', { runId })).html).toContain('it hid 3 events in all parts');

    await t.call('calibration.save', kept);
    const shown = await t.call('run.result', { runId });
    expect(shown.events).toHaveLength(3);
    expect(shown.hidden).toEqual([]);
    expect(shown.earlierThresholds).toBe(1);
    expect(shown.threshold.calibratedOn).toEqual({ start: scores.timestamps[0], end: scores.timestamps.at(-1) });
  });

  it(
    'has a map of where the contract holds, keeps the contract, and says in rail and report how it stands',
    { timeout: 120_000 },
    async () => {
      const t = await startApp();
      const { runId } = await trained(t);
      const map = await t.call('calibration.contract', { runId, contract, ...rule });
      expect(map.feasible).toBe(true);
      expect(map.cells).toHaveLength(map.values.length * map.durations.length);

      const objective = { kind: 'contract' as const };
      const suggested = await t.call('calibration.suggest', { runId, objective, contract, ...rule });
      const refused = await t.refused('calibration.save', { runId, objective, ...rule, value: 1, from: 'x', achieved: null });
      expect(refused.code).toBe('threshold/bad-objective');
      const mode = { ...contract, mode: 1 };
      expect(
        (await t.refused('calibration.save', { runId, objective, contract: mode, ...rule, value: 1, from: 'x', achieved: null }))
          .code,
      ).toBe('threshold/bad-objective');
      const { value, from, achieved } = suggested;
      await t.call('calibration.save', { runId, objective, contract, ...rule, value, from, achieved });
      const result = await t.call('run.result', { runId });
      expect(result.threshold.contract).toEqual(contract);
      expect(result.contract!.calibration).toMatchObject({ kept: true, brokenSince: null });
      expect(result.contract!.test.kept).not.toBe(false);
      expect(await stage(t)).toBe('done: contract kept');
      expect((await t.call('report.preview', { runId })).html).toContain('The contract is kept in');

      // A threshold that nothing reaches: the fault of the test part is missed, and the report cannot leave it out.
      await t.call('calibration.save', {
        runId,
        objective: { kind: 'manual' },
        contract,
        ...rule,
        value: 1e6,
        from: 'by hand',
        achieved: null,
      });
      const broken = await t.call('run.result', { runId });
      // By construction the last planted fault is at 92 % of the rows, to be found within 10 minutes.
      const [first] = planted(1200)
        .faults.slice(0)
        .filter(([row]) => at(row) >= result.threshold.calibratedOn!.start);
      expect(broken.contract!.calibration).toMatchObject({ kept: false, brokenSince: at(first![0]) + 10 * minute });
      expect(broken.contract!.test.kept).toBe(false);
      expect(await stage(t)).toBe('stale: contract broken since 1 Jan');
      const { lastResult } = (await t.call('project.list', {}))[0]!;
      expect(lastResult).toContain('contract broken since 1 Jan');
      expect((await t.call('report.preview', { runId })).html).toContain('The contract is broken since 1 Jan 2026');
    },
  );
});

describe('later data', () => {
  it(
    'begin with the threshold of the model’s own run, are all test, and have the contract checked on them',
    { timeout: 180_000 },
    async () => {
      const t = await startApp();
      const { runId, modelId } = await trained(t);
      const own = await keepF1(t, runId, { contract: { ...contract, mustCatch: [(await labels(t, runId))[0]!] } });

      const good = later(600, 20);
      const goodRun = await score(t, modelId, await bring(t, 'later', good.csv, good.labels));
      const result = await t.call('run.result', { runId: goodRun });
      expect(result.threshold).toMatchObject({
        value: own.threshold.value,
        objective: { kind: 'carried' },
        calibratedOn: own.threshold.calibratedOn,
        mergeGapMs: rule.mergeGapMs,
        // The labels it names are of other data: here all must be caught.
        contract: { ...contract, mustCatch: 'all' },
      });
      expect(result.threshold.from).toMatch(/^Carried over from .*, θ [\d.]+ of \d+ \w+ \d{4}\.$/);
      // All three faults of the file are of the test, none chose the threshold.
      expect(result.test).toMatchObject({ rows: 600, labels: 3, caught: 3, falseEvents: 0 });
      expect(result.calibration.rows).toBe(0);
      expect(new Set(result.events.map(({ part }) => part))).toEqual(new Set(['test']));
      expect(result.contract!.test.kept).not.toBe(false);
      expect(result.earlierThresholds).toBe(0);

      // Faults that nobody labelled are false events: more than one in 0.05 days breaks the contract.
      const silent = later(600, 40);
      const brokenRun = await score(t, modelId, await bring(t, 'silent', silent.csv));
      const broken = await t.call('run.result', { runId: brokenRun });
      expect(broken.test).toMatchObject({ labels: 0, falseEvents: 3 });
      // Rows 390, 450 and 552 of minutes: the second is within 72 minutes of normal time of the first.
      const since = at(450) + 40 * 86_400_000;
      expect(broken.contract!.test).toMatchObject({ kept: false, brokenSince: since });
      expect(await stage(t)).toBe('stale: contract broken since 10 Feb');
      expect((await t.call('project.list', {}))[0]!.lastResult).toContain('contract broken since 10 Feb');
      const html = (await t.call('report.preview', { runId: brokenRun })).html;
      expect(html).toContain('The contract is broken since 10 Feb 2026');
      expect(html).toContain('was chosen on earlier data and has seen no label of these');
    },
  );

  it(
    'can be calibrated themselves afterwards, and only the true carried threshold counts as one',
    { timeout: 180_000 },
    async () => {
      const t = await startApp();
      const { runId, modelId } = await trained(t);
      const own = await keepF1(t, runId);
      const data = later(600, 20);
      const other = await score(t, modelId, await bring(t, 'later', data.csv, data.labels));
      // The first half calibrates, as before; the rule for the test goes with it. All planted faults lie in the second half.
      expect((await t.call('calibration.scores', { runId: other, part: 'calibration' })).timestamps).toHaveLength(300);
      const { value, from } = own.threshold;
      const save = { runId: other, from, achieved: null, ...rule, value };
      await t.call('calibration.save', { ...save, objective: { kind: 'manual' } });
      const half = await t.call('run.result', { runId: other });
      expect(half.test.rows).toBeLessThanOrEqual(300);
      expect(half.threshold.calibratedOn).toEqual({ start: at(0) + 20 * 86_400_000, end: at(299) + 20 * 86_400_000 });
      expect(half.earlierThresholds).toBe(1);

      const moved = await t.refused('calibration.save', { ...save, value: value * 1.001, objective: { kind: 'carried' } });
      expect(moved.code).toBe('threshold/bad-objective');
      await t.call('calibration.save', { ...save, objective: { kind: 'carried' } });
      expect((await t.call('run.result', { runId: other })).test.rows).toBe(600);
    },
  );

  it('have no test where the threshold or the model has seen them', { timeout: 180_000 }, async () => {
    const t = await startApp();
    const { runId, modelId } = await trained(t);
    const own = await keepF1(t, runId);
    // The model's own dataset once more: its parts are the model's, whoever chose the threshold.
    const rescored = await t.call('run.result', { runId: await score(t, modelId, own.run.datasetId) });
    expect(rescored.threshold.objective).toEqual({ kind: 'carried' });
    expect(rescored.test).toEqual(own.test);
    expect(rescored.calibration).toEqual(own.calibration);

    // The same file again: only what the test part of the model's own run holds is left.
    const { csv, labels: text } = planted(1200);
    const again = await t.call('run.result', { runId: await score(t, modelId, await bring(t, 'again', csv, text)) });
    const firstTest = own.threshold.calibratedOn!.end + minute + own.model.split.guardMs;
    expect(again.test.rows).toBe((at(1199) - firstTest) / minute + 1);
    expect(again.test.labels).toBe(own.test.labels);
    expect(again.test.f1).toEqual(own.test.f1);
    expect(again.events.map(({ part }) => part)).toEqual(own.events.map(({ part }) => part));

    const early = planted(1200).csv.split('\n').slice(0, 200).join('\n');
    const seen = await t.call('run.result', { runId: await score(t, modelId, await bring(t, 'early', early)) });
    expect(seen.test.rows).toBe(0);
    expect(seen.test.f1).toMatchObject({ value: null });
    expect(seen.test.falseEventsPerDay).toEqual({ value: null, reason: 'the model was trained on this time' });
  });

  it('stay without a threshold where the model’s own run has none', { timeout: 120_000 }, async () => {
    const t = await startApp();
    const { modelId } = await trained(t);
    const data = later(600, 20);
    const runId = await score(t, modelId, await bring(t, 'later', data.csv, data.labels));
    expect((await t.refused('run.result', { runId })).code).toBe('threshold/no-scores');
  });
});

async function labels(t: TestApp, runId: string): Promise<readonly string[]> {
  const run = (await t.call('project.state', {}))!.runs.find(({ id }) => id === runId)!;
  const { range } = await t.call('calibration.scores', { runId, part: 'calibration' });
  const { labels: all } = await t.call('label.list', { datasetId: run.datasetId });
  return all.filter(({ start }) => start >= range.start && start <= range.end).map(({ id }) => id);
}

describe('verdicts', () => {
  it(
    'become labels of the calibration part alone, and the threshold they give is shown before anything changes',
    { timeout: 120_000 },
    async () => {
      const t = await startApp();
      const { runId, datasetId } = await trained(t);
      // The label of a fault in the calibration part is taken away: its event is then one that nobody knew.
      const [known] = await labels(t, runId);
      const first = await keepF1(t, runId);
      const { labels: all } = await t.call('label.list', { datasetId });
      const forgotten = all.find(({ id }) => id === known)!;
      await t.call('label.save', { datasetId, remove: [forgotten.id] });
      const quantile = { objective: { kind: 'events-per-day' as const, limit: 2000 }, value: first.threshold.value };
      await t.call('calibration.save', { runId, ...rule, ...quantile, from: 'for the test', achieved: null });
      const { events } = await t.call('run.result', { runId });
      const inCalibration = events.find(({ part }) => part === 'calibration')!;
      const inTest = events.find(({ part }) => part === 'test')!;
      await t.call('event.review', { id: inCalibration.id, state: 'confirmed', comment: 'valve stuck' });
      await t.call('event.review', { id: inTest.id, state: 'confirmed', comment: '' });

      const before = await t.call('label.list', { datasetId });
      const preview = await t.call('calibration.feedback', { runId });
      expect(preview.labels).toEqual([
        {
          eventId: inCalibration.id,
          eventName: inCalibration.name,
          start: inCalibration.start,
          end: inCalibration.end,
          class: 'anomaly',
          comment: `${inCalibration.name} confirmed: valve stuck`,
        },
      ]);
      expect(preview.left).toEqual([
        { eventId: inTest.id, eventName: inTest.name, reason: expect.stringContaining('lies in the test part') as unknown },
      ]);
      expect(preview.before.threshold.value).toBe(first.threshold.value);
      // Judged with the added label: the event is caught now.
      expect(preview.before.evaluation.caught).toBe(preview.before.evaluation.labels);
      expect(preview.after.threshold).not.toBeNull();
      // Nothing changed.
      expect(await t.call('label.list', { datasetId })).toEqual(before);
      expect((await t.call('run.result', { runId })).threshold.value).toBe(first.threshold.value);

      await t.call('calibration.save', {
        runId,
        ...rule,
        objective: { kind: 'manual' },
        value: 5,
        from: 'by hand',
        achieved: null,
      });
      const byHand = await t.call('calibration.feedback', { runId });
      expect(byHand.after).toMatchObject({ threshold: null, reason: expect.stringContaining('set by hand') as unknown });
    },
  );
});

it(
  'lets no label of the test part change scaler, model, scores before the test, or a suggested threshold',
  { timeout: 240_000 },
  async () => {
    const t = await startApp();
    const { datasetId } = await importPlanted(t, 1200);
    const proposal = await t.call('training.propose', { datasetId });
    const plan = { datasetId, detectorId: 'robust-z', params: {}, split: proposal.split, preparation: proposal.preparation };
    const testFrom = proposal.split.calibrateUntil + proposal.split.guardMs;
    const classes = ['anomaly', 'normal', 'mode-change', 'instrument', 'ignore'] as const;

    const facts = async () => {
      const job = await t.ended((await t.call('training.start', { ...plan, seed: 1 })).jobId);
      const runId = String(job.result['runId']);
      const reader = openReader((await t.call('project.state', {}))!.file);
      try {
        const modelId = String(job.result['modelId']);
        const { manifest, weights, normalScores } = reader.models.content(modelId);
        const rows = reader.runs.rowsBetween(runId, { start: -Infinity, end: testFrom });
        const bytes = createHash('sha256');
        for (const part of [weights, normalScores, reader.runs.score(runId, rows)]) {
          bytes.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
        }
        const ask = { runId, ...rule, contract: { ...contract, mustCatch: 'all' as const } };
        const objectives = [
          { kind: 'f1' },
          { kind: 'cost', miss: 10, falseEvent: 1 },
          { kind: 'recall', limit: 50 },
          { kind: 'delay', limit: 50 },
          { kind: 'events-per-day', limit: 50 },
          { kind: 'contract' },
          { kind: 'quantile', q: 0.99 },
          { kind: 'conformal', alpha: 0.2 },
        ] as const;
        const suggested = [];
        for (const objective of objectives) {
          suggested.push(await t.call('calibration.suggest', { ...ask, objective, search: ['minDuration', 'mergeGap'] }));
        }
        return { scaler: reader.models.get(modelId).preparation, manifest, sha: bytes.digest('hex'), suggested };
      } finally {
        reader.close();
      }
    };

    const before = await facts();
    const { labels: all } = await t.call('label.list', { datasetId });
    for (const round of [0, 1]) {
      const remove = (await t.call('label.list', { datasetId })).labels
        .filter(({ start }) => start >= testFrom)
        .map(({ id }) => id);
      const add = classes.map((kind, k) => ({
        start: testFrom + (7 * round + 11 * k) * minute,
        end: testFrom + (7 * round + 11 * k + 5) * minute,
        class: kind,
        comment: '',
        channels: [],
      }));
      await t.call('label.save', { datasetId, remove, add });
      expect(await facts()).toEqual(before);
    }
    expect(all.some(({ start }) => start >= testFrom)).toBe(true);
  },
);

it('proposes parts and window without a look at the values of the test part', { timeout: 120_000 }, async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1200);
  const proposal = await t.call('training.propose', { datasetId });
  const firstTest = (proposal.split.calibrateUntil + proposal.split.guardMs - begin) / minute;
  const { csv, labels: text } = planted(1200);
  // A saw tooth of 12 rows in place of the sine of 60 in every row of the test part.
  const other = csv
    .split('\n')
    .map((line, i) => (i > firstTest && line ? `${line.split(',')[0]},${40 + (i % 12)},${7 + (i % 12) / 12}` : line))
    .join('\n');
  expect(other).not.toBe(csv);
  const changed = await t.call('training.propose', { datasetId: await bring(t, 'other', other, text) });
  expect(changed.split).toEqual(proposal.split);
  expect(changed.autocorrelation).toEqual(proposal.autocorrelation);
  expect(changed.detectors).toEqual(proposal.detectors);
});

it('writes the contract into every format of the report', { timeout: 120_000 }, async () => {
  const t = await startApp();
  const { runId } = await trained(t);
  await keepF1(t, runId, { contract });
  const files = await t.call('report.export', { runId, formats: ['html', 'json', 'csv'] });
  const [html, json, csv] = await Promise.all(files.map((file) => readFile(t.app.files.resolve(file.fileToken).path, 'utf8')));
  expect(html).toContain('sure to 50 %; must catch every labelled anomaly; each within 10 min');
  expect(JSON.parse(json!)).toMatchObject({ contract: { falseEvents: 1, calibration: { kept: true } }, hidden: [] });
  expect(csv!.split('\r\n')[0]).toMatch(/,comment,hidden_by$/);
});
