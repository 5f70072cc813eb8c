import type { ImportReport } from '../../src/core/ingest/recipe';
import { eventsFrom } from '../../src/core/events/events';
import { overlaps } from '../../src/core/labels/interval';
import type { Label } from '../../src/core/labels/label';
import { checkContract } from '../../src/core/budget/check';
import type { EventContract } from '../../src/core/budget/contract';
import { partJudge } from '../../src/core/budget/judged';
import { metricSheet } from '../../src/core/metrics/sheet-of';
import { evaluate } from '../../src/core/metrics/evaluate';
import { partOf, partSpan, rowsOfPart } from '../../src/core/prepare/split';
import { randomFrom } from '../../src/core/random';
import { planFigures } from '../../src/core/report/figures';
import type { FigureData, ReportInput } from '../../src/core/report/model';
import { decimate } from '../../src/core/series/decimate';
import { statisticsOf } from '../../src/core/series/statistics';
import { suggestThreshold } from '../../src/core/thresholds/suggest';
import { labelNames } from '../../src/core/report/words';
import type { Objective } from '../../src/core/thresholds/threshold';
import { refereeSample } from './referee-sample';

const minute = 60_000;
const step = 5 * minute;
const day = 1440 * minute;
const begin = Date.UTC(2026, 2, 1);
const at = (days: number, hours = 0): number => begin + days * day + hours * 60 * minute;

const tags = [
  { name: '11-TI-2047.PV', description: 'Bearing temperature DE', unit: '°C', mean: 52, day: 6, noise: 0.6 },
  { name: '11-VI-2046.PV', description: 'Vibration DE, velocity', unit: 'mm/s', mean: 2.4, day: 0.1, noise: 0.12 },
  { name: '11-PI-2041.PV', description: 'Suction pressure', unit: 'bar(g)', mean: 2.05, day: 0.05, noise: 0.03 },
  { name: '11-FV-2043.OP', description: 'Control valve output', unit: '%', mean: 48, day: 3, noise: 1.1 },
] as const;

/** Faults of the synthetic pump: tag, start, length, size in standard deviations of noise, and whether it grows slowly. */
const faults = [
  { tag: 1, start: at(18, 6), hours: 9, size: 14, ramp: true, comment: 'coupling misaligned' },
  { tag: 3, start: at(38, 10), hours: 5, size: 12, ramp: false, comment: 'valve sticking' },
  { tag: 0, start: at(52, 3), hours: 34, size: 26, ramp: true, comment: 'bearing damage, trip of 23 April' },
  { tag: 2, start: at(61, 14), hours: 2, size: 11, ramp: false, comment: 'suction strainer' },
  { tag: 2, start: at(66, 8), hours: 6, size: 2, ramp: false, comment: 'slight cavitation' },
] as const;
const unlabelled = { tag: 3, start: at(57, 9), hours: 0.75, size: 9 };
const off = { start: at(53, 13), end: at(54, 2) };

const contract: EventContract = { falseEvents: 1, days: 2, confidence: 0.95, mustCatch: 'all', withinMs: 36 * 60 * minute, mode: null };

const none = { count: 0, first: [] };
const quality = (rows: number, missing: number): ImportReport => ({
  fileRows: rows + 2,
  rows,
  cells: rows * tags.length,
  values: rows * tags.length - missing,
  missing: { count: missing, first: [{ line: 1204, column: '11-PI-2041.PV', text: '' }] },
  status: none,
  unreadable: none,
  badTime: { count: 2, first: [{ line: 88, column: 'Time', text: '31/02/2026 08:00' }] },
  repeated: none,
  outOfOrder: none,
  ragged: none,
  clockChange: none,
  unknownTexts: [],
});

/**
 * A whole report of a synthetic pump, through the product's own thresholds, events, metrics, contract and figures. Only the score is
 * simple: the largest distance from the expected value in standard deviations, smoothed over five rows. The referee is a fixed one.
 */
export function reportSample(over: Partial<ReportInput> = {}, objective: Objective = { kind: 'f1' }): { input: ReportInput; figures: FigureData[] } {
  const random = randomFrom(20260522);
  const n = (72 * day) / step;
  const timestamps = Float64Array.from({ length: n }, (_, i) => begin + i * step);
  const expected = tags.map((tag) => Float64Array.from(timestamps, (t) => tag.mean + tag.day * Math.sin((2 * Math.PI * (t - begin)) / day)));
  const columns = tags.map((tag, j) =>
    Float64Array.from(timestamps, (t, i) => {
      if (t >= off.start && t <= off.end) return j === 3 ? 0 : NaN;
      const fault = [...faults, { ...unlabelled, ramp: false }]
        .filter((f) => f.tag === j || (f === faults[2] && j === 1))
        .map((f) => ({ ...f, share: (t - f.start) / (f.hours * 60 * minute) }))
        .filter(({ share }) => share >= 0 && share <= 1)
        .reduce((sum, f) => sum + f.size * tag.noise * (f.ramp ? f.share : 1), 0);
      return expected[j]![i]! + tag.noise * random.normal() + fault;
    }),
  );
  const c = tags.length;
  const score = new Float32Array(n).fill(NaN);
  const byChannel = new Float32Array(n * c).fill(NaN);
  for (let i = 12; i < n; i++) {
    const parts = tags.map((tag, j) => {
      let sum = 0;
      for (let k = 0; k < 5; k++) sum += Math.abs(columns[j]![i - k]! - expected[j]![i - k]!) / tag.noise / 5;
      return sum;
    });
    if (parts.some(Number.isNaN)) continue;
    const total = parts.reduce((a, b) => a + b ** 4, 0);
    score[i] = total ** 0.25;
    parts.forEach((p, j) => (byChannel[i * c + j] = p ** 4 / total));
  }
  const labels: Label[] = [
    ...faults.map((fault, k) => ({
      id: `label-${k}`,
      start: fault.start,
      end: fault.start + fault.hours * 60 * minute,
      class: 'anomaly' as const,
      comment: fault.comment,
      channels: [],
      origin: 'user',
    })),
    { id: 'off', ...off, class: 'ignore' as const, comment: 'pump off', channels: [], origin: 'user' },
  ];
  const split = { trainUntil: at(15), calibrateUntil: at(42), guardMs: 12 * 60 * minute };
  const rows = rowsOfPart(timestamps, split, 'calibration');
  const suggested = suggestThreshold(objective, {
    timestamps: timestamps.subarray(rows.start, rows.end),
    score: score.subarray(rows.start, rows.end),
    labels,
    normal: score.subarray(rows.start, rows.start + 2000),
    normalFrom: 'train rows, none judged by statistics of its own',
    minDurationMs: 15 * minute,
    mergeGapMs: 60 * minute,
  });
  const threshold = { ...suggested, contract };
  const found = eventsFrom(
    timestamps,
    score,
    threshold,
    byChannel,
    tags.map(({ name }) => name),
  );
  const judge = (part: 'calibration' | 'test') =>
    evaluate({ timestamps, score, labels, events: found, rule: threshold, range: partSpan(split, part), part: `${part} part` });
  const stateOf = (part: 'calibration' | 'later') => {
    const range = partSpan(split, part === 'later' ? 'test' : part);
    const shown = found.filter((event) => overlaps(event, range));
    const judged = partJudge({ rows: { timestamps, score }, labels, part, range }).judge(threshold, shown);
    return checkContract(contract, judged, labelNames(labels));
  };
  const sheet = metricSheet({ timestamps, score, labels, rule: threshold, events: found, range: partSpan(split, 'test'), part: 'test part', vusBuffer: 12, draws: 5 });
  const missing = columns.reduce((sum, column) => sum + column.filter(Number.isNaN).length, 0);
  const sha256 = '5e1c90ab'.padEnd(60, '0') + '7d42';
  const engine = { backend: 'tensorflow' as const, version: '4.22.0 (libtensorflow 2.9.1)', threads: 2, reason: 'Native engine, self-test passed.' };
  const input: ReportInput = {
    title: 'Unit 11, feed pump P-1104A',
    createdAt: Date.UTC(2026, 10, 22, 20),
    timeZone: 'Europe/Berlin',
    appVersion: '0.1.0',
    dataset: {
      name: 'Feed pump, March to May 2026',
      sourceName: 'P-1104A_2026-03_05.csv',
      sha256,
      rows: n,
      start: timestamps[0]!,
      end: timestamps.at(-1)!,
      stepMs: step,
      channels: tags.map(({ name, unit, description }, index) => ({
        index,
        name,
        unit,
        description,
        step: false,
        stats: statisticsOf(columns[index]!),
      })),
      quality: quality(n, missing),
    },
    model: {
      name: 'run 5',
      detector: {
        id: 'robust-z',
        title: 'Robust z-score',
        summary: 'Distance of each tag from its usual value, in robust standard deviations, smoothed over a short window.',
        whenItFails: 'Faults that keep every tag in its usual range.',
        source: 'Iglewicz and Hoaglin, "How to Detect and Handle Outliers", ASQC 1993',
        params: {
          window: { kind: 'integer', title: 'Window', help: 'Samples the score is smoothed over.', default: 5, min: 1, max: 500, unit: 'samples' },
          centre: { kind: 'flag', title: 'Centre', help: 'Take the median of the train part as the usual value.', default: true },
        },
      },
      params: { window: 5, centre: true },
      seed: 20260522,
      split,
      preparation: { channels: tags.map(({ name }) => name), gapToleranceSteps: 3, maxFillRows: 3, resampleMs: 0 },
      preparationReport: { rows: n, usedRows: n - 157, filledCells: 0, droppedRows: 157, segments: 2, flatChannels: [] },
      dataSha256: sha256,
      engine,
      versions: { tfjs: '4.22.0', node: '24.11.1', platform: 'linux x64' },
      trainSeconds: 0.42,
      parameterCount: 8,
      warmUpRows: 12,
      createdAt: Date.UTC(2026, 10, 22, 19),
    },
    runTitle: 'run 5',
    labels,
    labelRevision: 7,
    threshold,
    events: found.map((event, i) => ({
      ...event,
      name: `E-${String(i + 1).padStart(2, '0')}`,
      part: partOf(split, event.peak),
      matches: labels.filter((label) => label.class === 'anomaly' && overlaps(event, label)).map(({ id }) => id),
      review: i % 3 === 0 ? 'confirmed' : 'new',
      comment: i === 2 ? 'Bearing was replaced on 24 April <MOC 118>.' : '',
    })),
    calibration: judge('calibration'),
    test: judge('test'),
    hidden: [],
    contract: { calibration: stateOf('calibration'), test: stateOf('later') },
    referee: refereeSample,
    sheet,
    earlierThresholds: 0,
    stale: [],
    ...over,
  };
  const figures = planFigures(input).map((request): FigureData => {
    const line = (values: Float64Array | Float32Array) => decimate(timestamps, values, request.range, request.buckets);
    return {
      id: request.id,
      lines: request.channels.map((channel) => ({ channel, line: line(columns[input.model.preparation.channels.indexOf(channel)]!) })),
      expected: request.channels.map((channel) => {
        const j = input.model.preparation.channels.indexOf(channel);
        const band = line(expected[j]!);
        const half = 2.6 * tags[j]!.noise;
        return { channel, time: band.time, low: band.min.map((v) => v - half), high: band.max.map((v) => v + half) };
      }),
      score: line(score),
    };
  });
  return { input, figures };
}
