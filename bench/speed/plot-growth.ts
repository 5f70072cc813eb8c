import type { GrowthPoint } from './page-growth';
import { growthMethods, growthSweeps, type Axis } from './plan-growth';

const [WIDTH, HEIGHT] = [760, 380];
const FRAME = { left: 64, right: 150, top: 16, bottom: 44 };
/** Least room between two names at the ends of lines. */
const NAME_STEP = 15;
/** One for each method, told apart by those who confuse red and green (after Wong 2011); readable on white and on dark grey. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b58900', '#56a0d3', '#8a6fd1', '#808080'];

/** Log-log plot of one axis as SVG, for light and dark pages. */
export function growthPlot(points: readonly GrowthPoint[], axis: Axis): string {
  const own = points.filter((point) => point.axis === axis);
  const x = scale(
    own.map(({ value }) => value),
    FRAME.left,
    WIDTH - FRAME.right,
  );
  const y = scale(
    own.map(({ cpuMs }) => cpuMs / 1000),
    HEIGHT - FRAME.bottom,
    FRAME.top,
  );
  const lines = growthMethods.flatMap(({ id, title }, i) => {
    const curve = own.filter(({ method }) => method === id).map(({ value, cpuMs }) => [x.at(value), y.at(cpuMs / 1000)] as const);
    return curve.length > 0 ? [{ title, colour: COLOURS[i]!, curve }] : [];
  });
  const names = spreadOut(lines.map(({ curve }) => curve.at(-1)![1]));
  const drawn = lines.map(({ title, colour, curve }, i) => {
    const [endX, endY] = curve.at(-1)!;
    const nameX = WIDTH - FRAME.right + 14;
    return [
      `<polyline points="${curve.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...curve.map(([a, b]) => `<circle cx="${a.toFixed(1)}" cy="${b.toFixed(1)}" r="3" fill="${colour}"/>`),
      `<path d="M${endX.toFixed(1)} ${endY.toFixed(1)}L${nameX - 4} ${names[i]!.toFixed(1)}" stroke="${colour}" stroke-width=".7" stroke-dasharray="2 2"/>`,
      `<text x="${nameX}" y="${(names[i]! + 4).toFixed(1)}" fill="${colour}">${title}</text>`,
    ].join('');
  });
  const grid = [
    ...x.ticks.map(
      (tick) =>
        `<path class="grid" d="M${x.at(tick)} ${FRAME.top}V${HEIGHT - FRAME.bottom}"/><text class="axis" x="${x.at(tick)}" y="${HEIGHT - FRAME.bottom + 18}" text-anchor="middle">${tick.toLocaleString('en')}</text>`,
    ),
    ...y.ticks.map(
      (tick) =>
        `<path class="grid" d="M${FRAME.left} ${y.at(tick)}H${WIDTH - FRAME.right}"/><text class="axis" x="${FRAME.left - 8}" y="${y.at(tick) + 4}" text-anchor="end">${tick} s</text>`,
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">
<style>svg{background:#fff}.axis{fill:#333}.grid{stroke:#ddd}@media(prefers-color-scheme:dark){svg{background:#1b1d22}.axis{fill:#ccc}.grid{stroke:#3a3d44}}</style>
${grid.join('\n')}
${drawn.join('\n')}
<text class="axis" x="${(FRAME.left + WIDTH - FRAME.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${growthSweeps[axis].title}</text>
</svg>
`;
}

/** Logarithmic, from the power of ten below the values to their largest; ticks at powers of ten. */
function scale(values: readonly number[], from: number, to: number) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.log10(Math.max(...values));
  const at = (value: number): number => Number((from + ((Math.log10(value) - low) / (high - low)) * (to - from)).toFixed(1));
  const ticks = Array.from({ length: Math.floor(high) - low + 1 }, (_, i) => Number((10 ** (low + i)).toPrecision(1)));
  return { at, ticks };
}

/** Places moved apart, in their order, inside the frame. */
function spreadOut(places: readonly number[]): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]!);
  const result = [...places];
  let lowest = FRAME.top;
  for (const i of order) lowest = (result[i] = Math.max(places[i]!, lowest)) + NAME_STEP;
  let highest = HEIGHT - FRAME.bottom;
  for (const i of order.toReversed()) highest = (result[i] = Math.min(result[i]!, highest)) - NAME_STEP;
  return result;
}
