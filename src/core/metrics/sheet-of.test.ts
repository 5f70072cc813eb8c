import { expect, it } from 'vitest';
import type { Label } from '../labels/label';
import { testLabel } from '../labels/test-label';
import { randomFrom, type Random } from '../random';
import { metricSheet, type SheetInput } from './sheet-of';
import type { Figure, MetricSheet } from './sheet';

const minute = 60_000;
const label = (start: number, end: number, over: Partial<Label> = {}): Label =>
  testLabel({ id: `${start}`, start: start * minute, end: end * minute, ...over });

/** A random small part: rows, ties in the scores, labels that may adjoin or overlap, a mask, holes. */
function randomPart(random: Random): SheetInput & { readonly score: Float64Array } {
  const n = 30 + random.int(120);
  const score = Float64Array.from({ length: n }, () => (random.int(20) === 0 ? NaN : Math.round(8 * random.normal()) / 8));
  const labels = Array.from({ length: 1 + random.int(5) }, () => {
    const start = random.int(n);
    return label(start, Math.min(n - 1, start + random.int(15)));
  });
  if (random.int(2) === 0) labels.push(label(random.int(n), n - 1, { class: 'ignore' }));
  return {
    timestamps: Float64Array.from(score, (_, i) => i * minute),
    score,
    labels,
    rule: { value: Math.round(8 * random.normal()) / 8, minDurationMs: 0, mergeGapMs: random.int(3) * minute },
    vusBuffer: random.int(30),
    bias: (['flat', 'front', 'middle', 'back'] as const)[random.int(4)]!,
    alpha: random.next(),
    seed: random.int(1000),
    draws: 3,
  };
}

const parts = (seed: number, count: number): (SheetInput & { readonly score: Float64Array })[] => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => randomPart(random));
};

/** Every figure of a sheet with its path. */
function figures(sheet: MetricSheet): [string, Figure][] {
  const found: [string, Figure][] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'number') found.push([path, value]);
    else if (typeof value === 'object' && value !== null && 'reason' in value) found.push([path, value as Figure]);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
  };
  walk(sheet, '');
  return found;
}

it('keeps every figure inside its bounds, and a reason where there is none', () => {
  let undefinedOnes = 0;
  for (const part of parts(1, 300)) {
    for (const [path, figure] of figures(metricSheet(part))) {
      if (typeof figure !== 'number') {
        expect(figure.reason.length, path).toBeGreaterThan(10);
        undefinedOnes++;
        continue;
      }
      expect(Number.isNaN(figure), path).toBe(false);
      if (path.startsWith('.nab') && path !== '.nab.probationRows') expect(figure, path).toBeLessThanOrEqual(100 + 1e-9);
      const share =
        /^\.(point|pointAdjusted|paK|range|event|vus|affiliation)\./.test(path) || /chatter|floodShare|timeInAlarm|\.f1/.test(path);
      if (share && !path.endsWith('.buffer')) {
        expect(figure, path).toBeGreaterThanOrEqual(0);
        expect(figure, path).toBeLessThanOrEqual(1 + 1e-9);
      }
    }
  }
  expect(undefinedOnes).toBeGreaterThan(0);
});

it('adjusting never lowers F1, more the smaller K is, and a higher threshold never raises recall', () => {
  const number = (figure: Figure): number => (typeof figure === 'number' ? figure : -1);
  for (const part of parts(2, 200)) {
    const sheet = metricSheet(part);
    if (typeof sheet.point.f1 !== 'number') continue;
    const [plain, adjusted] = [sheet.point.f1, number(sheet.pointAdjusted.f1)];
    const { f1At, area } = sheet.paK;
    const falling = [adjusted, f1At['10']!, f1At['20']!, f1At['50']!, f1At['80']!, plain].map(number);
    for (let k = 1; k < falling.length; k++) expect(falling[k]!).toBeLessThanOrEqual(falling[k - 1]! + 1e-12);
    expect(number(area)).toBeLessThanOrEqual(adjusted + 1e-12);
    expect(number(area)).toBeGreaterThanOrEqual(plain - 1e-12);
    const higher = metricSheet({ ...part, rule: { ...part.rule!, value: part.rule!.value + 0.25 } });
    expect(number(higher.point.recall)).toBeLessThanOrEqual(number(sheet.point.recall));
    expect(number(higher.pointAdjusted.recall)).toBeLessThanOrEqual(number(sheet.pointAdjusted.recall));
    expect(number(sheet.oracle.f1)).toBeGreaterThanOrEqual(plain - 1e-12);
    expect(number(sheet.paperWindow.f1)).toBeGreaterThanOrEqual(number(sheet.paperWindow.f1Unwidened) - 1e-12);
  }
});

it('is the same at another time', () => {
  for (const part of parts(3, 100)) {
    // A whole number of days: clock minutes stay clock minutes.
    const later = 3000 * 86_400_000;
    const moved = metricSheet({
      ...part,
      timestamps: part.timestamps.map((t) => t + later),
      labels: part.labels.map((l) => ({ ...l, start: l.start + later, end: l.end + later })),
    });
    expect(moved).toEqual({ ...metricSheet(part), protocol: expect.any(String) as string });
  }
});

it('depends on the order of the scores alone, apart from the even steps of the paper', () => {
  for (const part of parts(4, 100)) {
    const stretch = (s: number): number => Math.exp(s / 2) - 5;
    const before = metricSheet(part);
    const after = metricSheet({
      ...part,
      score: part.score.map(stretch),
      rule: { ...part.rule!, value: stretch(part.rule!.value) },
    });
    for (const key of ['point', 'pointAdjusted', 'paK', 'range', 'event', 'vus', 'affiliation', 'nab', 'operational'] as const) {
      expect(after[key]).toEqual(before[key]);
    }
    expect(after.oracle.f1).toEqual(before.oracle.f1);
    expect(after.paperWindow.auc).toEqual(before.paperWindow.auc);
  }
});

it('counts rows left out in no metric: their scores change nothing', () => {
  for (const part of parts(5, 100)) {
    const mask = label(4, 9, { class: 'instrument' });
    const labels = [...part.labels, mask];
    const changed = part.score.map((s, i) => (i >= 4 && i <= 9 ? s * 7 + 1 : s));
    const [before, after] = [metricSheet({ ...part, labels }), metricSheet({ ...part, labels, score: changed })];
    for (const key of ['point', 'pointAdjusted', 'paK', 'range', 'vus', 'affiliation', 'nab', 'oracle', 'paperWindow'] as const) {
      expect(after[key]).toEqual(before[key]);
    }
  }
});

it('says why, where there is no threshold, no label, no time, or nothing detected', () => {
  const [part] = parts(6, 1) as [SheetInput];
  const labels = [label(24, 29)];
  const open = metricSheet({ ...part, labels, rule: null });
  expect(open.threshold).toEqual({ value: null, reason: 'no threshold given' });
  expect(open.protocol).toContain('no threshold');
  for (const figure of [
    open.point.f1,
    open.pointAdjusted.f1,
    open.paK.area,
    open.event.f1,
    open.range.recall,
    open.nab.standard,
    open.operational.chatter,
  ]) {
    expect(figure).toEqual({ value: null, reason: 'no threshold given' });
  }
  for (const figure of [open.point.aucRoc, open.vus.pr, open.oracle.f1, open.paperWindow.f1]) expect(typeof figure).toBe('number');

  const bare = metricSheet({ ...part, labels: [] });
  for (const figure of [
    bare.point.f1,
    bare.pointAdjusted.f1,
    bare.vus.pr,
    bare.affiliation.f1,
    bare.nab.lowFp,
    bare.paperWindow.f1,
    bare.oracle.f1,
  ]) {
    expect(figure).toEqual({ value: null, reason: 'no labelled anomaly with scores in this part' });
  }
  expect(typeof bare.operational.falseEventsPerDay).toBe('number');

  const numbered = metricSheet({ ...part, labels, rowNumbersFrom: 1 });
  const { operational } = numbered;
  for (const figure of [
    operational.normalDays,
    operational.falseEventsPerDay,
    operational.upperLimit,
    operational.medianDelaySeconds,
    operational.floodShare,
  ]) {
    expect(figure).toEqual({ value: null, reason: 'the file has row numbers, no times' });
  }
  expect(typeof operational.timeInAlarm).toBe('number');
  expect(numbered.protocol).toMatch(/^part rows 1 to \d+, score >= /);

  const high = metricSheet({ ...part, labels, rule: { ...part.rule!, value: 1e9 } });
  expect(high.affiliation).toMatchObject({ precision: { value: null }, recall: 0, f1: { value: null } });
  expect(high.range).toMatchObject({ precision: { value: null, reason: 'no sample reaches the threshold' }, recall: 0, f1: 0 });
  expect(high.nab.standard).toBe(0);
  expect(high.pointAdjusted).toMatchObject({ f1: 0, f1OfRandom: 0 });
});

it('gives lead, chatter and floods by hand', () => {
  // One row each 10 s over 20 minutes. Rows 6 to 11 are minute 1: 1 0 1 0 1 0, six transitions. Rows 60 to 65: the label's event.
  const n = 120;
  const score = new Float64Array(n);
  for (const i of [6, 8, 10, 60, 61, 62, 63, 64, 65]) score[i] = 1;
  const sheet = metricSheet({
    timestamps: Float64Array.from({ length: n }, (_, i) => i * 10_000),
    score,
    labels: [{ ...label(0, 0), start: 580_000, end: 700_000 }],
    rule: { value: 1, minDurationMs: 0, mergeGapMs: 0 },
  });
  expect(sheet.operational.chatter).toBeCloseTo(1 / 20, 12);
  // The event begins at 600 s, the label at 580 s and ends at 700 s.
  expect(sheet.operational.medianDelaySeconds).toBe(20);
  expect(sheet.operational.medianLeadSeconds).toBe(100);
  expect(sheet.operational.floodShare).toBe(0);
  // Every other row of the first ten minutes: 30 events begin, more than 10; the second ten minutes have none.
  const flooded = metricSheet({
    timestamps: Float64Array.from({ length: n }, (_, i) => i * 10_000),
    score: Float64Array.from({ length: n }, (_, i) => (i < 60 && i % 2 === 0 ? 1 : 0)),
    labels: [],
    rule: { value: 1, minDurationMs: 0, mergeGapMs: 0 },
  });
  expect(flooded.operational.floodShare).toBe(0.5);
});

it('takes infinite scores as the highest and lowest there are', () => {
  const part = {
    timestamps: Float64Array.from({ length: 40 }, (_, i) => i * minute),
    labels: [label(20, 23)],
    rule: { value: 5, minDurationMs: 0, mergeGapMs: 0 },
    vusBuffer: 4,
  };
  const score = Float64Array.from({ length: 40 }, (_, i) => (i === 21 ? 100 : i === 3 ? -100 : i % 7));
  const endless = score.map((s) => (Math.abs(s) === 100 ? s * Infinity : s));
  const [found, other] = [metricSheet({ ...part, score: endless }), metricSheet({ ...part, score })];
  for (const key of ['point', 'vus', 'affiliation', 'nab', 'event'] as const) expect(found[key]).toEqual(other[key]);
  expect(found.paperWindow.f1).toMatchObject({ value: null });
  expect(JSON.stringify(found)).not.toContain('"f1":null');
});
