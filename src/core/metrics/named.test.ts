import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compositeF1, touchedShare } from './event-metrics';
import { affiliation } from './affiliation';
import { nabProfiles, nabScore } from './nab';
import { paKArea, paKCurve, pointAdjusted, segmentHits } from './point-adjust';
import { rangeRecall, type RangeBias } from './range';
import { aucRoc, averagePrecision, vus } from './rank';
import { onesBefore, segmentsOf } from './segments';

interface Case {
  readonly name: string;
  readonly truth: string;
  readonly score: readonly number[];
  readonly threshold: number;
  readonly expected: {
    readonly point: Readonly<Record<'precision' | 'recall' | 'f1' | 'aucRoc' | 'aucPr', number>>;
    readonly pointAdjusted: Readonly<Record<'precision' | 'recall' | 'f1', number>>;
    readonly paK: { readonly area: number; readonly f1At: Readonly<Record<string, number>> };
    readonly range: readonly { alpha: number; bias: RangeBias; precision: number; recall: number }[];
    readonly compositeF1: number;
    readonly affiliation: { readonly precision: number | null; readonly recall: number };
    readonly vus: readonly { buffer: number; roc: number; pr: number }[];
    readonly nab: Readonly<Record<keyof typeof nabProfiles, number>>;
  };
}

const cases = JSON.parse(
  readFileSync(new URL('../../../test/reference/metrics-named.json', import.meta.url), 'utf8'),
) as readonly Case[];

describe('agrees to 1e-9 with the named public implementations (test/reference/metrics_named.py)', () => {
  it.each(cases)('$name', ({ truth: text, score: list, threshold, expected }) => {
    const truth = Uint8Array.from(text, Number);
    const score = Float64Array.from(list);
    const predicted = Uint8Array.from(list, (s) => (s >= threshold ? 1 : 0));
    const [real, runs] = [segmentsOf(truth), segmentsOf(predicted)];
    const before = onesBefore(predicted);
    const hits = segmentHits(real, before);
    const point = pointAdjusted(hits, 100);
    for (const key of ['precision', 'recall', 'f1'] as const) {
      expect(point[key]).toBeCloseTo(expected.point[key], 9);
      expect(pointAdjusted(hits, 0)[key]).toBeCloseTo(expected.pointAdjusted[key], 9);
    }
    expect(aucRoc({ truth, score })).toBeCloseTo(expected.point.aucRoc, 9);
    expect(averagePrecision({ truth, score })).toBeCloseTo(expected.point.aucPr, 9);
    const curve = paKCurve(hits);
    expect(paKArea(curve)).toBeCloseTo(expected.paK.area, 9);
    for (const [k, f1] of Object.entries(expected.paK.f1At)) expect(curve[Number(k)]).toBeCloseTo(f1, 9);
    for (const { alpha, bias, precision, recall } of expected.range) {
      expect(rangeRecall(real, runs, alpha, bias)).toBeCloseTo(recall, 9);
      expect(rangeRecall(runs, real, 0, bias)).toBeCloseTo(precision, 9);
    }
    expect(compositeF1(point.precision!, touchedShare(real, before)!)).toBeCloseTo(expected.compositeF1, 9);
    const zones = affiliation(runs, real, truth.length);
    expect(zones.precision).toBeCloseTo(expected.affiliation.precision!, 9);
    expect(zones.recall).toBeCloseTo(expected.affiliation.recall, 9);
    for (const { buffer, roc, pr } of expected.vus) {
      expect(vus({ truth, score }, buffer)!.roc).toBeCloseTo(roc, 9);
      expect(vus({ truth, score }, buffer)!.pr).toBeCloseTo(pr, 9);
    }
    for (const profile of ['standard', 'lowFp', 'lowFn'] as const) {
      expect(nabScore(predicted, real, nabProfiles[profile])!.normalised).toBeCloseTo(expected.nab[profile], 8);
    }
  });
});
