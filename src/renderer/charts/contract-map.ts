import { cellStates, type ContractMap } from '../../core/budget/contract';
import type { Box } from './patterns';
import { layer, path, rects, text, type Shape } from './shapes';
import type { ChartTokens } from './tokens';
import type { TrendOption } from './trend';
import { niceTicks, tickText } from './xy';

/** Free space around the cells, so that they stand beside the histogram at the same height. */
export const mapMargin = { left: 52, right: 14, top: 10, bottom: 28 } as const;

export interface Place {
  readonly column: number;
  readonly row: number;
}

/** Pixels of thresholds and durations. Cells have one size, however the grid is spaced; between their middles it is linear. */
export interface MapScale {
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly x: (value: number) => number;
  readonly y: (durationMs: number) => number;
  readonly value: (x: number) => number;
  readonly duration: (y: number) => number;
  /** The cell at a pixel; null outside. */
  readonly at: (x: number, y: number) => Place | null;
  readonly box: (place: Place) => Box;
}

export function mapScale(map: ContractMap, width: number, height: number): MapScale {
  const plotWidth = Math.max(1, width - mapMargin.left - mapMargin.right);
  const plotHeight = Math.max(1, height - mapMargin.top - mapMargin.bottom);
  const cellWidth = plotWidth / map.values.length;
  const cellHeight = plotHeight / map.durations.length;
  const bottom = height - mapMargin.bottom;
  const column = (x: number): number => (x - mapMargin.left) / cellWidth;
  const row = (y: number): number => (bottom - y) / cellHeight;
  return {
    cellWidth,
    cellHeight,
    x: (value) => mapMargin.left + (positionOf(map.values, value) + 0.5) * cellWidth,
    y: (ms) => bottom - (positionOf(map.durations, ms) + 0.5) * cellHeight,
    value: (x) => valueAt(map.values, column(x) - 0.5),
    duration: (y) => valueAt(map.durations, row(y) - 0.5),
    at: (x, y) => {
      const place = { column: Math.floor(column(x)), row: Math.floor(row(y)) };
      const inside = place.column >= 0 && place.column < map.values.length && place.row >= 0 && place.row < map.durations.length;
      return inside ? place : null;
    },
    box: (place) => ({
      x: mapMargin.left + place.column * cellWidth,
      y: bottom - (place.row + 1) * cellHeight,
      width: cellWidth,
      height: cellHeight,
    }),
  };
}

/** Where a value lies among ascending grid values, as a position between −0.5 and n − 0.5. */
function positionOf(grid: readonly number[], value: number): number {
  const n = grid.length;
  if (n < 2) return 0;
  let k = 0;
  while (k < n - 2 && grid[k + 1]! <= value) k++;
  const step = grid[k + 1]! - grid[k]!;
  return Math.min(n - 0.5, Math.max(-0.5, k + (step > 0 ? (value - grid[k]!) / step : 0)));
}
function valueAt(grid: readonly number[], position: number): number {
  const n = grid.length;
  if (n < 2) return grid[0] ?? 0;
  const clamped = Math.min(n - 1, Math.max(0, position));
  const k = Math.min(n - 2, Math.floor(clamped));
  return grid[k]! + (clamped - k) * (grid[k + 1]! - grid[k]!);
}

/**
 * What a cell says, as words.
 *
 * @param name - of a label of the map.
 * @param short - the part has too little normal time for the promise, however few events there are.
 */
export function cellWords(map: ContractMap, { column, row }: Place, name: (labelId: string) => string, short = false): string {
  const at = row * map.values.length + column;
  const label = map.labels[map.labelOf[at]!];
  const named = label === undefined ? '' : name(label);
  switch (map.cells[at]) {
    case cellStates.holds:
      return 'contract holds';
    case cellStates.falseEvents:
      // Also where the count itself would do, but a stricter threshold already failed: then this one would be found by looking.
      return short ? 'too little normal time to be sure' : 'too many false events to be sure';
    case cellStates.misses:
      return named ? `misses ${named}` : 'misses a label';
    default:
      return named ? `${named} found too late` : 'found too late';
  }
}

/** State of a setting on the map: of the cell it lies in; null beyond the map. */
export function stateAt(map: ContractMap, value: number, minDurationMs: number): number | null {
  const { values, durations } = map;
  const half = (grid: readonly number[], at: number): number => ((grid[at + 1] ?? grid[at]!) - grid[at]!) / 2;
  if (value < values[0]! - half(values, 0) || minDurationMs > durations.at(-1)!) return null;
  const nearest = (grid: readonly number[], x: number): number =>
    grid.reduce((best, v, k) => (Math.abs(v - x) < Math.abs(grid[best]! - x) ? k : best), 0);
  // Above the highest threshold nothing was tried; within half a cell it still is that cell.
  const last = values.length - 1;
  if (value > values[last]! + (last > 0 ? (values[last]! - values[last - 1]!) / 2 : 0)) return null;
  return map.cells[nearest(durations, minDurationMs) * values.length + nearest(values, value)]!;
}

/** Where a name has room: middle of a run of cells, in cells, and how many cells are free there along the run and across it. */
export interface WordPlace {
  readonly column: number;
  readonly row: number;
  readonly along: number;
  readonly across: number;
}
/** A name written on a region of equal words: lying along its longest row, or standing along its longest column. */
export interface RegionWord {
  readonly words: string;
  readonly lying: WordPlace;
  readonly standing: WordPlace;
}

/** The largest connected region of each wording: where its name goes. Neighbours are cells that share a side. */
export function regionWords(map: ContractMap, name: (labelId: string) => string, short = false): readonly RegionWord[] {
  const columns = map.values.length;
  const wording = Array.from(map.cells, (_, at) =>
    cellWords(map, { column: at % columns, row: Math.floor(at / columns) }, name, short),
  );
  const seen = new Uint8Array(wording.length);
  const largest = new Map<string, readonly number[]>();
  for (let start = 0; start < wording.length; start++) {
    if (seen[start]) continue;
    const region: number[] = [];
    const open = [start];
    seen[start] = 1;
    while (open.length) {
      const at = open.pop()!;
      region.push(at);
      const column = at % columns;
      const near = [column > 0 ? at - 1 : -1, column < columns - 1 ? at + 1 : -1, at - columns, at + columns];
      for (const next of near) {
        if (next < 0 || next >= wording.length || seen[next] || wording[next] !== wording[start]) continue;
        seen[next] = 1;
        open.push(next);
      }
    }
    if (region.length > (largest.get(wording[start]!)?.length ?? 0)) largest.set(wording[start]!, region);
  }
  return [...largest].map(([words, region]) => {
    const cells = region.map((at) => ({ a: at % columns, b: Math.floor(at / columns) }));
    const lying = longestRun(cells);
    const standing = longestRun(cells.map(({ a, b }) => ({ a: b, b: a })));
    return {
      words,
      lying: { column: lying.a, row: lying.b, along: lying.along, across: lying.across },
      standing: { column: standing.b, row: standing.a, along: standing.along, across: standing.across },
    };
  });
}

/** The middle of the longest run of cells along `a`, of equal ones that nearest to the middle of the region; and its room along `b`. */
function longestRun(cells: readonly { readonly a: number; readonly b: number }[]): {
  readonly a: number;
  readonly b: number;
  readonly along: number;
  readonly across: number;
} {
  const key = (a: number, b: number): number => a * 100_000 + b;
  const inside = new Set(cells.map(({ a, b }) => key(a, b)));
  const middle = cells.reduce((sum, { b }) => sum + b, 0) / cells.length;
  let best = { a: 0, b: 0, along: 0, across: 0 };
  let bestFit = -Infinity;
  for (const { a, b } of cells) {
    if (inside.has(key(a - 1, b))) continue;
    let along = 1;
    while (inside.has(key(a + along, b))) along++;
    const fit = along - Math.abs(b - middle) / 1000;
    if (fit <= bestFit) continue;
    bestFit = fit;
    const centre = a + Math.floor((along - 1) / 2);
    let low = b;
    let high = b;
    while (inside.has(key(centre, low - 1))) low--;
    while (inside.has(key(centre, high + 1))) high++;
    best = { a: a + (along - 1) / 2, b, along, across: high - low + 1 };
  }
  return best;
}

/** Boxes of one state, cells of a row joined. */
function runs(map: ContractMap, scale: MapScale, state: number): readonly Box[] {
  const columns = map.values.length;
  const boxes: Box[] = [];
  for (let row = 0; row < map.durations.length; row++) {
    for (let column = 0; column < columns; column++) {
      if (map.cells[row * columns + column] !== state) continue;
      const from = column;
      while (column + 1 < columns && map.cells[row * columns + column + 1] === state) column++;
      const first = scale.box({ column: from, row });
      boxes.push({ ...first, width: (column - from + 1) * scale.cellWidth });
    }
  }
  return boxes;
}

/** Diagonal strokes that go on from box to box: x + y (or x − y) is a multiple of the spacing. */
function alignedHatch({ x, y, width, height }: Box, spacing: number, rise: 1 | -1): string {
  const at = (n: number): number => Math.round(n * 10) / 10;
  const from = rise === 1 ? x + y : x - y - height;
  let d = '';
  for (let m = Math.ceil(from / spacing); m * spacing <= from + width + height; m++) {
    const c = m * spacing - from;
    const u0 = Math.max(0, c - height);
    const u1 = Math.min(width, c);
    const v = (u: number): number => (rise === 1 ? c - u : height - (c - u));
    d += `M${at(x + u0)} ${at(y + v(u0))}L${at(x + u1)} ${at(y + v(u1))}`;
  }
  return d;
}

/** The largest unit in which all durations are short numbers (at most one half); never mixed on one axis. */
export function durationUnit(durations: readonly number[]): { readonly ms: number; readonly name: string } {
  const units = [
    { ms: 86_400_000, name: 'd' },
    { ms: 3_600_000, name: 'h' },
    { ms: 60_000, name: 'min' },
  ];
  const longest = durations.at(-1) ?? 0;
  const fits = units.find(({ ms }) => longest >= 2 * ms && durations.every((d) => Number.isInteger((2 * d) / ms)));
  return fits ?? (longest >= 120_000 ? units[2]! : { ms: 1000, name: 's' });
}

/** Where a contract holds over threshold and minimum duration; each way to break it has its own tint and its own hatch. */
export function contractMapOption(map: ContractMap, width: number, height: number, tokens: ChartTokens): TrendOption {
  const c = tokens.colour;
  const scale = mapScale(map, width, height);
  const right = width - mapMargin.right;
  const bottom = height - mapMargin.bottom;
  const of = (state: number): readonly Box[] => runs(map, scale, state);
  const hatch = (boxes: readonly Box[], spacing: number, rises: readonly (1 | -1)[], stroke: string): readonly Shape[] => {
    const d = boxes.flatMap((box) => rises.map((rise) => alignedHatch(box, spacing, rise))).join('');
    return d ? [path(layer.band, d, { stroke, lineWidth: 0.7 })] : [];
  };
  const cells = [...map.cells].flatMap((state, at) => {
    if (state !== cellStates.holds) return [];
    const box = scale.box({ column: at % map.values.length, row: Math.floor(at / map.values.length) });
    return [{ x: box.x + 0.75, y: box.y + 0.75, width: box.width - 1.5, height: box.height - 1.5 }];
  });
  const late = of(cellStates.late);
  const misses = of(cellStates.misses);
  const tooMany = of(cellStates.falseEvents);
  const shapes: Shape[] = [
    ...rects(
      layer.ground,
      [{ x: mapMargin.left, y: mapMargin.top, width: right - mapMargin.left, height: bottom - mapMargin.top }],
      {
        fill: c.plot,
      },
    ),
    ...rects(layer.tint, tooMany, { fill: c['detection-tint'] }),
    ...rects(layer.tint, misses, { fill: c['label-anomaly-tint'] }),
    ...hatch(tooMany, 16, [-1], c.line),
    ...hatch(late, 7, [1], c['text-3']),
    ...hatch(misses, 11, [1, -1], c.line),
    ...rects(layer.band, cells, { fill: c['accent-soft'], stroke: c.accent, lineWidth: 0.6 }),
    path(layer.edge, `M${mapMargin.left - 0.5} ${mapMargin.top}V${bottom + 0.5}H${right}`, { stroke: c.axis, lineWidth: 1 }),
  ];
  const unit = durationUnit(map.durations);
  const every = Math.max(1, Math.ceil(15 / scale.cellHeight));
  map.durations.forEach((ms, row) => {
    if (row % every !== 0) return;
    const label = tickText(Math.round((ms / unit.ms) * 100) / 100);
    shapes.push(text(tokens, mapMargin.left - 6, scale.y(ms), label, { fill: c['text-3'], align: 'right' }));
  });
  const [low, high] = [map.values[0] ?? 0, map.values.at(-1) ?? 1];
  for (const tick of niceTicks(low, high, Math.max(2, (right - mapMargin.left) / 56))) {
    const x = scale.x(tick);
    shapes.push(path(layer.edge, `M${Math.round(x) + 0.5} ${bottom}v4`, { stroke: c.axis, lineWidth: 1 }));
    if (x < right - 20) shapes.push(text(tokens, x, bottom + 12, tickText(tick), { fill: c['text-3'], align: 'center' }));
  }
  shapes.push(text(tokens, right, bottom + 12, 'θ', { fill: c['text-3'], align: 'right' }));
  return { animation: false, graphic: shapes } as TrendOption;
}
