import { describe, expect, it } from 'vitest';
import type { DecimatedLine } from '../../core/series/series';
import { placeLanes, spanBox, timeScale } from './layout';
import type { DetectionMark, LabelMark } from './marks';
import { overviewStrokes } from './overview';
import { partMarks } from './parts';
import type { LineShape, Shape } from './shapes';
import { chartTokens } from './tokens';
import { bandShape, laneScale, paddedLimits, trendHeight, trendOption, type Lane, type TrendModel } from './trend';

const tokens = chartTokens((name) => name);
const line = (values: number[]): DecimatedLine => ({
  time: Float64Array.from(values, (_, i) => i * 100),
  min: Float32Array.from(values),
  max: Float32Array.from(values),
  raw: true,
});
const signal = (key: string, values: number[]): Lane => ({
  kind: 'signal',
  key,
  height: 60,
  channels: [key],
  lines: [{ channel: key, line: line(values), step: false }],
  bands: [],
  limits: [0, 10],
  damaged: [],
});
const label = (change: Partial<LabelMark> = {}): LabelMark => ({
  id: 'l',
  name: 'L-01',
  start: 200,
  end: 400,
  class: 'anomaly',
  comment: '',
  channels: [],
  selected: false,
  ...change,
});
const detection = (start: number, end: number, selected = false): DetectionMark => ({
  id: 'e',
  name: 'E-01',
  start,
  end,
  text: 'E-01',
  selected,
});

function model(change: Partial<TrendModel> = {}): TrendModel {
  return {
    // Plot from 148 to 1148: 1 px a ms.
    frame: { width: 1156, header: 148, right: 8 },
    range: { start: 0, end: 1000 },
    zone: 'UTC',
    lanes: [
      signal('a', [1, 2, Number.NaN, 4]),
      signal('b', [1, 2, 3, 4]),
      { kind: 'score', key: '(score)', height: 50, line: line([1, 5, 2]), high: 10 },
      { kind: 'labels', key: '(labels)', height: 20 },
      { kind: 'detections', key: '(detections)', height: 22 },
    ],
    labels: [],
    detections: [],
    parts: [],
    threshold: 4,
    ghost: null,
    ...change,
  };
}
interface Built {
  grid: { top: number; height: number; left: number; width: number }[];
  xAxis: { min: number; max: number }[];
  series: {
    type: string;
    xAxisIndex: number;
    data: Float64Array;
    connectNulls: boolean;
    showSymbol: boolean;
    animation: boolean;
    sampling?: unknown;
  }[];
  graphic: Shape[];
  animation: boolean;
}
const build = (change: Partial<TrendModel> = {}): Built => trendOption(model(change), tokens) as unknown as Built;
const filled = (shapes: readonly Shape[], fill: string): Shape[] => shapes.filter((s) => s.style.fill === fill);

describe('trend option', () => {
  it('has one grid for each lane with data, stacked, on one time axis in ms', () => {
    const { grid, xAxis, series, animation } = build();
    expect(grid.map((g) => [g.left, g.top, g.width, g.height])).toEqual([
      [148, 0, 1000, 60],
      [148, 60, 1000, 60],
      [148, 120, 1000, 50],
    ]);
    expect(xAxis.every((x) => x.min === 0 && x.max === 1000)).toBe(true);
    expect(series.map((s) => s.xAxisIndex)).toEqual([0, 1, 2]);
    expect(animation).toBe(false);
    expect(trendHeight(model().lanes)).toBe(60 + 60 + 50 + 20 + 22 + 30);
  });
  it('draws the review score as a second line of the score lane, with what it is in words', () => {
    const score = { kind: 'score', key: '(score)', height: 84, line: line([1, 5, 2]), high: 10 } as const;
    const { series, graphic } = build({ lanes: [{ ...score, review: { line: line([3, 4, 6]), ahead: 336 } }] });
    expect(series.map((s) => s.xAxisIndex)).toEqual([0, 0]);
    expect([...series[1]!.data].filter((_, i) => i % 2 === 1)).toEqual([3, 4, 6]);
    const words = graphic.flatMap((shape) => (shape.type === 'text' ? [shape.style.text] : []));
    expect(words).toContain('Review, looks 336 rows ahead: not an alarm');
    expect(build({ lanes: [{ ...score, review: null }] }).series).toHaveLength(1);
  });
  it('never draws across a gap, with symbols, or with a sampling of its own', () => {
    const { series } = build();
    expect([...series[0]!.data]).toEqual([0, 1, 100, 2, 200, Number.NaN, 300, 4]);
    for (const s of series) expect(s).toMatchObject({ connectNulls: false, showSymbol: false, animation: false });
    expect(series.some((s) => s.sampling !== undefined)).toBe(false);
  });
  it('draws the threshold dashed in the score lane, and the kept one beside it while it differs', () => {
    const dashed = build({ ghost: 2 }).graphic.filter((s): s is LineShape => s.type === 'line' && s.style.stroke === 'threshold');
    // Score axis 0..10.8 over 50 px from 120: 4 is at 120 + 6.8 · 50 / 10.8 = 151.48, drawn at 151.5.
    expect(dashed.map((s) => s.style.lineDash)).toEqual([
      [1, 3],
      [6, 3],
    ]);
    expect(dashed[1]).toMatchObject({ shape: { y1: 151.5, y2: 151.5, x1: 148, x2: 1148 } });
    expect(build({ threshold: 50 }).graphic.some((s) => s.type === 'line')).toBe(false);
  });
  it('is the same for the same input', () => {
    expect(JSON.stringify(build())).toBe(JSON.stringify(build()));
  });
});

describe('labels and detections on the trend', () => {
  it('tint every lane for a label of the machine, and only the lanes of its tags otherwise', () => {
    const tints = (change: Partial<LabelMark>): number =>
      filled(build({ labels: [label(change)] }).graphic, 'label-anomaly-tint').length;
    expect(tints({})).toBe(3);
    // The score is of all tags, so it is tinted too.
    expect(tints({ channels: ['b'] })).toBe(2);
    expect(tints({ channels: ['z'] })).toBe(1);
    expect(tints({ start: 2000, end: 3000 })).toBe(0);
  });
  it('are solid bars and outlines: told apart without colour', () => {
    const shapes = build({ labels: [label()], detections: [detection(500, 700)] }).graphic;
    expect(filled(shapes, 'label-anomaly')).toMatchObject([{ type: 'rect', shape: { x: 348, width: 200 } }]);
    const outline = shapes.filter((s) => s.type === 'rect' && s.style.stroke === 'detection');
    expect(outline).toMatchObject([{ style: { fill: 'detection-tint', lineWidth: 1.5 } }]);
  });
  it('give the selected event a triangle', () => {
    expect(filled(build({ detections: [detection(500, 700)] }).graphic, 'accent')).toHaveLength(0);
    expect(filled(build({ detections: [detection(500, 700, true)] }).graphic, 'accent')).toHaveLength(1);
  });
  it('stay visible however short they are', () => {
    const [bar] = filled(build({ labels: [label({ end: 200 })] }).graphic, 'label-anomaly');
    expect(bar).toMatchObject({ shape: { width: 3 } });
  });
  it('become a density strip above two thousand marks', () => {
    const many = Array.from({ length: 2001 }, (_, i) => detection((i % 100) * 10, (i % 100) * 10 + 1));
    const shapes = build({ detections: many }).graphic;
    expect(shapes.filter((s) => s.type === 'rect' && s.style.stroke === 'detection')).toHaveLength(0);
    expect(filled(shapes, 'detection')).toHaveLength(1);
  });
});

describe('geometry', () => {
  it('stacks lanes and maps time both ways', () => {
    expect(placeLanes([{ height: 10 }, { height: 20 }]).map((p) => [p.top, p.bottom])).toEqual([
      [0, 10],
      [10, 30],
    ]);
    const scale = timeScale({ width: 1156, header: 148, right: 8 }, { start: 500, end: 1500 });
    expect(scale.x(600)).toBe(248);
    expect(scale.time(248)).toBe(600);
    expect(spanBox(scale, { start: 0, end: 600 }, 1)).toEqual({ x: 148, width: 100 });
    expect(spanBox(scale, { start: 0, end: 100 }, 1)).toBeNull();
  });
  it('keeps lines five pixels off the edges of their lane', () => {
    const [low, high] = paddedLimits([0, 10], 60);
    expect([low, high]).toEqual([-1, 11]);
    const scale = laneScale(signal('a', [1]) as Extract<Lane, { kind: 'signal' }>, 100);
    expect(scale.y(10)).toBeCloseTo(105, 9);
    expect(scale.y(0)).toBeCloseTo(155, 9);
    expect(scale.value(105)).toBeCloseTo(10, 9);
  });
  it('closes the band at its ends and breaks it where nothing is expected', () => {
    const scale = timeScale({ width: 108, header: 0, right: 8 }, { start: 0, end: 100 });
    const band = {
      channel: 'a',
      time: Float64Array.of(0, 10, 20, 30),
      low: Float32Array.of(1, 1, Number.NaN, 1),
      high: Float32Array.of(2, 2, Number.NaN, 2),
    };
    expect(bandShape(band, scale, (v) => 10 * v)).toEqual({
      area: 'M0 20L10 20L10 10L0 10zM30 20L30 10z',
      edges: 'M0 20L10 20M0 10L10 10M30 20M30 10',
    });
  });
  it('draws a spike of one bucket in the overview', () => {
    const scale = timeScale({ width: 100, header: 0, right: 0 }, { start: 0, end: 300 });
    // Score 0..5 on 10..50 px: 5 reaches the top, 1 is at 42.
    expect(overviewStrokes(line([1, 5, 1]), true, scale, 10, 50)).toBe('M0.5 50V41.4M33.5 50V10M66.5 50V41.4');
  });
});

it('leaves the guard gaps between the parts empty', () => {
  const split = { trainUntil: 400, calibrateUntil: 700, guardMs: 50 };
  expect(partMarks(split, { start: 0, end: 1000 })).toEqual([
    { part: 'train', start: 0, end: 400 },
    { part: 'calibration', start: 450, end: 700 },
    { part: 'test', start: 750, end: 1000 },
  ]);
  expect(partMarks(split, { start: 0, end: 720 }).map((p) => p.part)).toEqual(['train', 'calibration']);
});
