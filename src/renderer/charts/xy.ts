import { crisp, layer, path, rects, text, type Shape } from './shapes';
import type { ChartTokens, ColourName } from './tokens';
import type { TrendOption } from './trend';

/** A plain x-y chart: bars, lines and points on linear or logarithmic scales. */
export interface XyModel {
  readonly width: number;
  readonly height: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** Logarithmic y; `y[0]` must be above 0 then. */
  readonly logY?: boolean;
  readonly bars: readonly XyBars[];
  readonly lines: readonly XyLine[];
  readonly points: readonly { readonly x: number; readonly y: number; readonly colour: ColourName }[];
  /** Clouds of small dots. */
  readonly dots?: readonly { readonly colour: ColourName; readonly points: readonly (readonly [number, number])[] }[];
  /** Areas between a lower and an upper line over the same x. */
  readonly bands?: readonly {
    readonly fill: ColourName;
    readonly edge: ColourName;
    readonly points: readonly (readonly [x: number, low: number, high: number])[];
  }[];
  readonly xName: string;
  readonly yName: string;
}
export interface XyBars {
  readonly fill: ColourName;
  readonly stroke?: ColourName;
  readonly bars: readonly { readonly from: number; readonly to: number; readonly y: number }[];
}
export interface XyLine {
  readonly colour: ColourName;
  readonly points: readonly (readonly [number, number])[];
  /** Drawn as a staircase that changes at the next point. */
  readonly step?: boolean;
  readonly dash?: readonly number[];
  readonly name?: string;
}

export const xyMargin = { left: 50, right: 14, top: 10, bottom: 28 } as const;

export interface XyScale {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly value: (x: number) => number;
}

export function xyScale(model: Pick<XyModel, 'width' | 'height' | 'x' | 'y' | 'logY'>): XyScale {
  const f = model.logY ? Math.log10 : (v: number): number => v;
  const [xa, xb] = model.x;
  const [ya, yb] = [f(model.y[0]), f(model.y[1])];
  const plotWidth = Math.max(1, model.width - xyMargin.left - xyMargin.right);
  const plotHeight = Math.max(1, model.height - xyMargin.top - xyMargin.bottom);
  const bottom = model.height - xyMargin.bottom;
  return {
    x: (value) => xyMargin.left + ((value - xa) / (xb - xa || 1)) * plotWidth,
    y: (value) => bottom - ((f(model.logY ? Math.max(value, model.y[0]) : value) - ya) / (yb - ya || 1)) * plotHeight,
    value: (x) => xa + ((x - xyMargin.left) / plotWidth) * (xb - xa),
  };
}

/** Round values inside a range, about `wanted` of them. */
export function niceTicks(low: number, high: number, wanted: number): readonly number[] {
  const span = high - low;
  if (!(span > 0)) return [];
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999) ?? 10 * power;
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) ticks.push(Number((k * step).toPrecision(12)));
  return ticks;
}

/** Powers of ten inside a range. */
export function powerTicks(low: number, high: number): readonly number[] {
  const ticks: number[] = [];
  for (let p = Math.ceil(Math.log10(low) - 1e-9); 10 ** p <= high * 1.001; p++) ticks.push(10 ** p);
  return ticks;
}

export const tickText = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: 6 }).replace('-', '\u2212');

export function xyOption(model: XyModel, tokens: ChartTokens): TrendOption {
  const c = tokens.colour;
  const scale = xyScale(model);
  const left = xyMargin.left;
  const right = model.width - xyMargin.right;
  const bottom = model.height - xyMargin.bottom;
  const shapes: Shape[] = [
    ...rects(layer.ground, [{ x: left, y: xyMargin.top, width: right - left, height: bottom - xyMargin.top }], { fill: c.plot }),
  ];
  const grid = { stroke: c.grid, lineWidth: 1 };
  const yTicks = model.logY ? powerTicks(...model.y) : niceTicks(...model.y, Math.max(2, (bottom - xyMargin.top) / 40));
  for (const tick of yTicks) {
    const y = scale.y(tick);
    shapes.push(path(layer.grid, `M${left} ${crisp(y)}H${right}`, grid));
    shapes.push(text(tokens, left - 6, y, tickText(tick), { fill: c['text-3'], align: 'right' }));
  }
  for (const tick of niceTicks(...model.x, Math.max(2, (right - left) / 56))) {
    const x = scale.x(tick);
    shapes.push(path(layer.grid, `M${crisp(x)} ${xyMargin.top}V${bottom + 3}`, grid));
    if (x < right - model.xName.length * 6.2 - 10)
      shapes.push(text(tokens, x, bottom + 12, tickText(tick), { fill: c['text-3'], align: 'center' }));
  }
  for (const group of model.bars) {
    const boxes = group.bars
      .filter((bar) => bar.y > 0)
      .map((bar) => {
        const y = scale.y(bar.y);
        return {
          x: scale.x(bar.from),
          y,
          width: Math.max(1, scale.x(bar.to) - scale.x(bar.from)),
          height: Math.max(0.5, bottom - y),
        };
      });
    shapes.push(
      ...rects(layer.band, boxes, { fill: c[group.fill], ...(group.stroke ? { stroke: c[group.stroke], lineWidth: 0.75 } : {}) }),
    );
  }
  for (const band of model.bands ?? []) {
    const at = (x: number, y: number): string => `${round(scale.x(x))} ${round(scale.y(y))}`;
    const upper = band.points.map(([x, , high]) => at(x, high)).join('L');
    const lower = band.points.map(([x, low]) => at(x, low));
    if (!upper) continue;
    shapes.push(path(layer.tint, `M${upper}L${lower.toReversed().join('L')}z`, { fill: c[band.fill] }));
    shapes.push(path(layer.band, `M${upper}M${lower.join('L')}`, { stroke: c[band.edge], lineWidth: 0.75 }));
  }
  for (const cloud of model.dots ?? []) {
    const d = cloud.points.map(([x, y]) => `M${round(scale.x(x) - 1.5)} ${round(scale.y(y) - 1.5)}h3v3h-3z`).join('');
    if (d) shapes.push(path(layer.mark, d, { fill: c[cloud.colour] }));
  }
  for (const line of model.lines) {
    const d = line.points.map(([x, y], i) => {
      const to = `${round(scale.x(x))} ${round(scale.y(y))}`;
      return i === 0 ? `M${to}` : line.step ? `H${round(scale.x(x))}L${to}` : `L${to}`;
    });
    if (d.length)
      shapes.push(
        path(layer.mark, d.join(''), {
          stroke: c[line.colour],
          lineWidth: 1.5,
          ...(line.dash ? { lineDash: [...line.dash] } : {}),
        }),
      );
  }
  for (const point of model.points) {
    const [x, y] = [scale.x(point.x), scale.y(point.y)];
    shapes.push(
      path(layer.text, `M${x - 5} ${y}L${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}z`, {
        fill: c[point.colour],
        stroke: c.panel,
        lineWidth: 1.5,
      }),
    );
  }
  shapes.push(path(layer.edge, `M${left - 0.5} ${xyMargin.top}V${bottom + 0.5}H${right}`, { stroke: c.axis, lineWidth: 1 }));
  if (model.xName) shapes.push(text(tokens, right, bottom + 12, model.xName, { fill: c['text-3'], align: 'right' }));
  if (model.yName) shapes.push(text(tokens, left + 6, xyMargin.top + 8, model.yName, { fill: c['text-2'], strong: true }));
  return { animation: false, graphic: shapes } as TrendOption;
}

const round = (n: number): number => Math.round(n * 10) / 10;
