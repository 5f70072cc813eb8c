import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecimatedLine } from '../series/series';
import { drawChart, edgeCap, type ChartInput } from './chart';
import { hatchLines } from './drawing';
import { timeFormatter } from './format';
import { axisLabels, niceRange, timeTicks } from './ticks';

const hour = 3_600_000;
const clock = timeFormatter('Europe/Berlin');
const line = (...values: number[]): DecimatedLine => ({
  time: Float64Array.from(values, (_, i) => i * hour),
  min: Float32Array.from(values),
  max: Float32Array.from(values),
  raw: true,
});
const input = (over: Partial<ChartInput> = {}): ChartInput => ({
  range: { start: 0, end: 10 * hour },
  lanes: [{ channel: 'TI-1', description: '', unit: 'in °C', line: line(1, 2, NaN, 4, 5) }],
  score: line(0, 1, NaN, 6, 1),
  scoreNote: 'robust-z',
  threshold: 3,
  labels: [],
  detections: [],
  clock,
  alternative: 'test',
  ...over,
});

describe('chart', () => {
  it('draws no line across a gap', () => {
    const drawn = drawChart(input()).marks.filter((mark) => mark.kind === 'line' && mark.stroke === 'signal');
    expect(drawn).toHaveLength(2);
    expect(drawn.map((mark) => (mark.kind === 'line' ? mark.points.length : 0))).toEqual([4, 4]);
  });

  it('has a mark of its own kind for each thing: solid label, outlined detection, dashed threshold, hatched mask', () => {
    const label = { id: 'a', start: hour, end: 4 * hour, comment: '', channels: [], origin: 'user' };
    const { marks } = drawChart(
      input({
        labels: [
          { name: 'L-01', label: { ...label, class: 'anomaly' } },
          { name: 'L-02', label: { ...label, start: 6 * hour, end: 7 * hour, class: 'ignore' } },
        ],
        detections: [{ name: 'E-01', start: 2 * hour, end: 5 * hour }],
      }),
    );
    expect(marks.some((m) => m.kind === 'rect' && m.fill === 'anomaly')).toBe(true);
    expect(marks.some((m) => m.kind === 'rect' && m.stroke === 'detection' && m.fill === 'detection-tint')).toBe(true);
    expect(marks.some((m) => m.kind === 'line' && m.stroke === 'threshold' && m.dash !== undefined)).toBe(true);
    expect(marks.some((m) => m.kind === 'hatch')).toBe(true);
    const texts = marks.flatMap((m) => (m.kind === 'text' ? [m.text] : []));
    for (const wanted of ['TI-1', 'in °C', 'Score', 'robust-z', 'threshold 3.000', 'L-01', 'E-01']) expect(texts).toContain(wanted);
  });

  it('tints a label that concerns other tags in no lane of this one', () => {
    const label = { id: 'a', start: hour, end: 4 * hour, class: 'anomaly' as const, comment: '', origin: 'user' };
    const tints = (channels: string[]): number =>
      drawChart(input({ labels: [{ name: 'L-01', label: { ...label, channels } }] })).marks.filter(
        (m) => m.kind === 'rect' && m.fill === 'anomaly-tint',
      ).length;
    // The signal lane and the score lane; only the score lane.
    expect([tints([]), tints(['TI-1']), tints(['other'])]).toEqual([2, 2, 1]);
  });

  it('keeps every mark inside the figure, whatever the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.constant(NaN)), { minLength: 1, maxLength: 12 }),
        fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 0, max: 20 })), { maxLength: 6 }),
        (values, spans) => {
          const detections = spans.map(([start, length], i) => ({
            name: `E-${i}`,
            start: start * hour,
            end: (start + length) * hour,
          }));
          const { marks, width, height } = drawChart(
            input({
              lanes: [{ channel: 'a', description: '', unit: '', line: line(...values) }],
              score: line(...values),
              detections,
            }),
          );
          for (const mark of marks) {
            if (mark.kind !== 'line' && mark.kind !== 'area') continue;
            mark.points.forEach((p, i) => {
              expect(p).toBeGreaterThanOrEqual(-1);
              expect(p).toBeLessThanOrEqual((i % 2 === 0 ? width : height) + 1);
            });
          }
        },
      ),
    );
  });

  it('leaves the edges of very many detections out, and their boxes in', () => {
    const detections = Array.from({ length: edgeCap + 1 }, (_, i) => ({ name: `E-${i}`, start: i * 1000, end: i * 1000 + 10 }));
    const { marks } = drawChart(input({ detections }));
    expect(marks.filter((m) => m.kind === 'line' && m.stroke === 'detection')).toHaveLength(0);
    expect(marks.filter((m) => m.kind === 'rect' && m.stroke === 'detection')).toHaveLength(edgeCap + 1);
  });
});

it('cuts hatch lines at the edges of their rectangle', () => {
  const box = { kind: 'hatch' as const, x: 13, y: 7, w: 21, h: 9, stroke: 'axis' as const };
  const lines = hatchLines(box);
  expect(lines.length).toBeGreaterThan(3);
  for (const [x1, y1, x2, y2] of lines) {
    for (const x of [x1!, x2!]) expect(x >= 13 && x <= 34).toBe(true);
    for (const y of [y1!, y2!]) expect(y >= 7 && y <= 16).toBe(true);
  }
});

describe('ticks', () => {
  it('are round clock times of the zone, also over a change of the clock', () => {
    // Clocks in Berlin go from 2:00 to 3:00 on 29 March 2026; midnight stays midnight.
    const ticks = timeTicks(Date.UTC(2026, 2, 27, 12), Date.UTC(2026, 2, 31, 12), 6, clock);
    expect(ticks.map(({ label }) => label)).toEqual(['28 Mar', '29 Mar', '30 Mar', '31 Mar']);
    expect(ticks.map(({ at }) => clock.fields(at).hour)).toEqual([0, 0, 0, 0]);
  });
  it('are at most as many as asked, from minutes to decades', () => {
    for (const span of [5 * 60_000, hour, 30 * hour, 1000 * hour, 50_000 * hour, 400_000 * hour]) {
      const ticks = timeTicks(Date.UTC(2020, 1, 3, 7, 13), Date.UTC(2020, 1, 3, 7, 13) + span, 6, clock);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(7);
    }
  });
  it('hold the values in round limits', () => {
    expect(niceRange(31.2, 89.1)).toEqual({ low: 30, high: 90 });
    const flat = niceRange(5, 5);
    expect(flat.low).toBeLessThanOrEqual(5);
    expect(flat.high).toBeGreaterThan(flat.low);
    expect(axisLabels(1.6, 2.6)).toEqual({ low: '1.6', high: '2.6' });
    expect(axisLabels(-20, 100)).toEqual({ low: '−20', high: '100' });
  });
});
