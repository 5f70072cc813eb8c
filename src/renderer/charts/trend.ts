import type { ComposeOption } from 'echarts/core';
import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GraphicComponentOption, GridComponentOption } from 'echarts/components';
import type { ScoreWindow } from '../../contract/types';
import type { DecimatedLine, TimeRange } from '../../core/series/series';
import { envelopePoints, upperPoints } from './envelope';
import { heatLegend, heatMap, type Contribution } from './heat';
import { axisHeight, placeLanes, timeScale, type Frame, type Placed, type TimeScale } from './layout';
import { detectionBoxes, labelBars, laneMarks, partBars, type DetectionMark, type LabelMark, type PartMark } from './marks';
import { limitLine, type LimitSpan } from './mode-limits';
import { reviewColour, reviewDash, reviewKey, type ReviewLine } from './review-line';
import { crisp, layer, path, rect, text, uprights, type Shape } from './shapes';
import { timeTicks, type TimeTick } from './time-axis';
import type { ChartTokens, ColourName } from './tokens';
import { stamp } from './zone';

export type TrendOption = ComposeOption<LineSeriesOption | CustomSeriesOption | GridComponentOption | GraphicComponentOption>;

export interface SignalLine {
  readonly channel: string;
  readonly line: DecimatedLine;
  /** Drawn as a staircase. */
  readonly step: boolean;
}
export type Band = ScoreWindow['expected'][number];

export interface SignalLane {
  readonly kind: 'signal';
  readonly key: string;
  readonly height: number;
  readonly channels: readonly string[];
  readonly lines: readonly SignalLine[];
  readonly bands: readonly Band[];
  /** Ends of the value axis. */
  readonly limits: readonly [number, number];
  /** Intervals whose chunks are damaged: hatched and named instead of drawn. */
  readonly damaged: readonly TimeRange[];
}
export interface ScoreLane {
  readonly kind: 'score';
  readonly key: string;
  readonly height: number;
  readonly line: DecimatedLine | null;
  readonly review?: ReviewLine | null;
  /** Upper end of the axis; the lower is 0. */
  readonly high: number;
  /** True when scores above `high` exist; they are drawn cut off at the top. */
  readonly cut?: boolean;
  /** Thresholds of operating modes over time; drawn in place of the one threshold, which is then the pooled one. */
  readonly limits?: readonly LimitSpan[];
}
export interface HeatLane {
  readonly kind: 'heat';
  readonly key: string;
  readonly height: number;
  readonly rows: readonly string[];
  readonly contribution: Contribution | null;
  readonly score: DecimatedLine | null;
}
export interface MarkLane {
  readonly kind: 'labels' | 'detections' | 'split';
  readonly key: string;
  readonly height: number;
}
export type Lane = SignalLane | ScoreLane | HeatLane | MarkLane;

/** Everything a trend shows. Plain data: the same input gives the same option. */
export interface TrendModel {
  readonly frame: Frame;
  readonly range: TimeRange;
  readonly zone: string;
  readonly lanes: readonly Lane[];
  readonly labels: readonly LabelMark[];
  readonly detections: readonly DetectionMark[];
  readonly parts: readonly PartMark[];
  readonly threshold: number | null;
  /** The threshold kept before, drawn thinner until a new one is kept. */
  readonly ghost: number | null;
}

const signalColours: readonly ColourName[] = [
  'signal-1',
  'signal-2',
  'signal-3',
  'signal-4',
  'signal-5',
  'signal-6',
  'signal-7',
  'signal-8',
];
export const signalColour = (index: number): ColourName => signalColours[index % signalColours.length]!;

/** Free pixels above and below a line inside its lane. */
const pad = 5;

/** Value axis of a lane, widened so that the data keep `pad` pixels from its edges. */
export function paddedLimits([low, high]: readonly [number, number], height: number): readonly [number, number] {
  const air = ((high - low) * pad) / Math.max(1, height - 2 * pad);
  return [low - air, high + air];
}

/** Pixel of a value in a lane, and back. */
export function laneScale(
  lane: SignalLane | ScoreLane,
  top: number,
): { readonly y: (value: number) => number; readonly value: (y: number) => number } {
  const [low, high] = lane.kind === 'score' ? scoreLimits(lane) : paddedLimits(lane.limits, lane.height);
  const perUnit = lane.height / (high - low || 1);
  return { y: (value) => top + (high - value) * perUnit, value: (y) => high - (y - top) / perUnit };
}

const scoreLimits = (lane: ScoreLane): readonly [number, number] => [0, lane.high * 1.08];

export function trendHeight(lanes: readonly { readonly height: number }[]): number {
  return lanes.reduce((sum, lane) => sum + lane.height, 0) + axisHeight;
}

/** The whole trend as one chart: a grid for each lane with data, everything else as elements placed in pixels. */
export function trendOption(model: TrendModel, tokens: ChartTokens): TrendOption {
  const scale = timeScale(model.frame, model.range);
  const placed = placeLanes(model.lanes);
  const ticks = timeTicks(model.range, model.zone, scale.right - scale.left);
  const plots = placed.filter((p): p is Placed<SignalLane | ScoreLane> => p.lane.kind === 'signal' || p.lane.kind === 'score');
  const series = plots.flatMap((p, i) => laneSeries(p, i, model, scale, tokens));
  const bottom = placed.at(-1)?.bottom ?? 0;
  return {
    animation: false,
    grid: plots.map(({ lane, top }) => ({
      left: scale.left,
      top,
      width: scale.right - scale.left,
      height: lane.height,
      outerBoundsMode: 'none' as const,
    })),
    xAxis: plots.map((_, i) => ({
      type: 'value' as const,
      gridIndex: i,
      min: model.range.start,
      max: model.range.end,
      show: false,
    })),
    yAxis: plots.map(({ lane }, i) => {
      const [min, max] = lane.kind === 'score' ? scoreLimits(lane) : paddedLimits(lane.limits, lane.height);
      return { type: 'value' as const, gridIndex: i, min, max, show: false };
    }),
    series,
    graphic: [
      ...placed.flatMap((p) => laneShapes(p, model, scale, ticks, tokens)),
      path(layer.edge, `M${scale.left - 0.5} 0V${bottom}`, { stroke: tokens.colour.line, lineWidth: 1 }),
      ...axisShapes(ticks, model, scale, bottom, tokens),
    ],
  } as TrendOption;
}

type Series = LineSeriesOption | CustomSeriesOption;

function line(data: Float64Array, index: number, colour: string, extra: Partial<LineSeriesOption>): LineSeriesOption {
  return {
    type: 'line',
    xAxisIndex: index,
    yAxisIndex: index,
    // ECharts reads a flat typed array by these dimensions; its types know arrays of points only.
    dimensions: ['x', 'y'],
    data: data as unknown as NonNullable<LineSeriesOption['data']>,
    showSymbol: false,
    silent: true,
    animation: false,
    connectNulls: false,
    clip: true,
    z: 2,
    lineStyle: { color: colour, width: 1.25, join: 'round' },
    ...extra,
  };
}

function laneSeries(
  p: Placed<SignalLane | ScoreLane>,
  index: number,
  model: TrendModel,
  scale: TimeScale,
  tokens: ChartTokens,
): Series[] {
  if (p.lane.kind === 'score') {
    if (!p.lane.line) return [];
    return [
      line(upperPoints(p.lane.line, model.range), index, tokens.colour.score, {
        lineStyle: { color: tokens.colour.score, width: 1.1, join: 'round' },
        areaStyle: { color: tokens.colour['score-fill'], opacity: 1, origin: 'start' },
      }),
      ...(p.lane.review?.line
        ? [
            line(upperPoints(p.lane.review.line, model.range), index, tokens.colour[reviewColour], {
              lineStyle: { color: tokens.colour[reviewColour], width: 1.4, type: reviewDash },
              z: 3,
            }),
          ]
        : []),
    ];
  }
  const { y } = laneScale(p.lane, p.top);
  // The fill lies under the tints of labels, its edges above them: a label inside a wide band must still be seen.
  const bands = p.lane.bands.flatMap((band) => {
    const { area, edges } = bandShape(band, scale, y);
    return [
      drawn(area, index, layer.bandFill, { fill: tokens.colour['expected-fill'] }, model),
      drawn(edges, index, layer.band, { fill: 'none', stroke: tokens.colour['expected-edge'], lineWidth: 0.75 }, model),
    ];
  });
  const lines = p.lane.lines.map((l, i) =>
    line(envelopePoints(l.line, model.range), index, tokens.colour[signalColour(i)], l.step ? { step: 'end' } : {}),
  );
  return [...bands, ...lines];
}

/** A shape clipped to its lane: series are, elements of the graphic component are not. */
function drawn(
  pathData: string,
  index: number,
  z: number,
  style: { readonly fill: string; readonly stroke?: string; readonly lineWidth?: number },
  model: TrendModel,
): CustomSeriesOption {
  return {
    type: 'custom',
    xAxisIndex: index,
    yAxisIndex: index,
    data: [[model.range.start, 0]],
    silent: true,
    animation: false,
    clip: true,
    z,
    renderItem: () => ({ type: 'path', shape: { pathData }, style, silent: true }),
  };
}

/** The expected band in pixels: closed areas, and their upper and lower edges; broken where nothing is expected. */
export function bandShape(
  band: Band,
  scale: TimeScale,
  y: (value: number) => number,
): { readonly area: string; readonly edges: string } {
  let area = '';
  let edges = '';
  let upper = '';
  let lower: string[] = [];
  const point = (x: number, value: number): string => `${Math.round(x * 10) / 10} ${Math.round(y(value) * 10) / 10}`;
  const close = (): void => {
    if (upper) {
      area += `M${upper}L${lower.toReversed().join('L')}z`;
      edges += `M${upper}M${lower.join('L')}`;
    }
    upper = '';
    lower = [];
  };
  for (let i = 0; i < band.time.length; i++) {
    const low = band.low[i]!;
    const high = band.high[i]!;
    if (Number.isNaN(low) || Number.isNaN(high)) {
      close();
      continue;
    }
    const x = scale.x(band.time[i]!);
    upper += `${upper ? 'L' : ''}${point(x, high)}`;
    lower.push(point(x, low));
  }
  close();
  return { area, edges };
}

function laneShapes(
  p: Placed<Lane>,
  model: TrendModel,
  scale: TimeScale,
  ticks: readonly TimeTick[],
  tokens: ChartTokens,
): readonly Shape[] {
  const { lane, top, bottom } = p;
  const under = path(layer.edge, `M0 ${bottom - 0.5}H${model.frame.width}`, { stroke: tokens.colour.line, lineWidth: 1 });
  switch (lane.kind) {
    case 'labels':
      return [...labelBars(model.labels, scale, p, tokens), under];
    case 'detections':
      return [...detectionBoxes(model.detections, scale, p, tokens), under];
    case 'split':
      return [...partBars(model.parts, scale, p, tokens), under];
    case 'heat': {
      if (!lane.contribution || !lane.score) return [under];
      const map = heatMap(
        lane.contribution,
        lane.score,
        model.threshold ?? lane.score.max.reduce((a, b) => (b > a ? b : a), 0),
        lane.rows,
        scale,
        p,
        tokens,
      );
      return [...map, ...heatLegend(scale.left + 10, bottom - 14, tokens), under];
    }
    default: {
      const ground = rect(
        layer.ground,
        { x: scale.left, y: top, width: scale.right - scale.left, height: lane.height },
        { fill: tokens.colour.plot },
      );
      const grid = uprights(
        layer.grid,
        ticks.map((t) => scale.x(t.time)),
        top,
        bottom,
        { stroke: tokens.colour.grid, lineWidth: 1 },
      );
      const marks = laneMarks(model.labels, model.detections, lane.kind === 'signal' ? lane.channels : null, scale, p, tokens);
      const own =
        lane.kind === 'score' ? thresholdLines(lane, model, scale, top, tokens) : damagedShapes(lane, scale, bottom, tokens);
      const key = lane.kind === 'score' && lane.review ? reviewKey(lane.review, scale.left + 10, top + 11, tokens) : [];
      return [ground, ...marks, ...grid, ...own, ...key, under];
    }
  }
}

function thresholdLines(lane: ScoreLane, model: TrendModel, scale: TimeScale, top: number, tokens: ChartTokens): readonly Shape[] {
  const { y } = laneScale(lane, top);
  const at = (value: number | null, width: number, dash: number[], z: number): readonly Shape[] =>
    value === null || value > scoreLimits(lane)[1] || value < 0
      ? []
      : [
          {
            type: 'line',
            z,
            silent: true,
            shape: { x1: scale.left, x2: scale.right, y1: crisp(y(value)), y2: crisp(y(value)) },
            style: { stroke: tokens.colour.threshold, lineWidth: width, lineDash: dash },
          },
        ];
  const own = lane.limits
    ? limitLine(lane.limits, scale, y, scoreLimits(lane)[1], tokens.colour.threshold)
    : at(model.threshold, 1.5, [6, 3], layer.mark);
  return [...at(model.ghost, 1, [1, 3], layer.edge), ...own];
}

function damagedShapes(lane: SignalLane, scale: TimeScale, bottom: number, tokens: ChartTokens): readonly Shape[] {
  return lane.damaged.flatMap((range) => {
    const from = Math.max(scale.left, scale.x(range.start));
    const to = Math.min(scale.right, scale.x(range.end));
    if (to <= from) return [];
    const box = { x: from + 0.5, y: bottom - 9, width: Math.max(3, to - from) - 1, height: 6 };
    return [
      rect(layer.mark, box, { fill: tokens.colour.plot, stroke: tokens.colour['quality-bad'], lineWidth: 1 }),
      text(tokens, Math.max(from + 3, scale.left + 3), bottom - 17, 'damaged on disk', { fill: tokens.colour['text-2'] }),
    ];
  });
}

function axisShapes(
  ticks: readonly TimeTick[],
  model: TrendModel,
  scale: TimeScale,
  top: number,
  tokens: ChartTokens,
): readonly Shape[] {
  const colour = tokens.colour;
  const shapes: Shape[] = [];
  const dated = ticks.some((t) => t.date);
  shapes.push(
    path(layer.grid, ticks.map((t) => `M${crisp(scale.x(t.time))} ${top}v${t.major ? 7 : 4}`).join('') || 'M0 0', {
      stroke: colour.axis,
      lineWidth: 1,
    }),
  );
  for (const tick of ticks) {
    const x = scale.x(tick.time);
    const half = (tick.text.length * 6.1) / 2;
    if (x - half > scale.left - 4 && x + half < scale.right + 6) {
      shapes.push(text(tokens, x, top + 12, tick.text, { fill: colour['text-3'], align: 'center' }));
    }
    if (tick.date && x < scale.right - 56)
      shapes.push(text(tokens, x + 3, top + 24, tick.date, { fill: colour['text-2'], strong: true }));
  }
  // Without a midnight in sight, the clock times alone would not say which day it is.
  if (!dated && /:/.test(ticks[0]?.text ?? '')) {
    const day = stamp(model.range.start, model.zone, 'day');
    shapes.push(text(tokens, scale.left + 2, top + 24, day, { fill: colour['text-2'], strong: true }));
  }
  return shapes;
}
