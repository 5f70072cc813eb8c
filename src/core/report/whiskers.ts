import type { Comparison } from '../compare/comparison';
import type { Estimate } from '../referee/report';
import { textWidth, type Drawing, type Mark } from './drawing';

/** Pixels: the width of all figures, a row, and the axis from 0 to 1. */
const frame = { width: 690, row: 24, top: 8, left: 250, right: 640, foot: 26 };
const textSize = 11;
const axisSize = 10;

/**
 * VUS-PR of each method as a dot with its 95 % interval, the referee in grey, and a dashed line at the best one-liner. Null without any
 * value.
 */
export function whiskers({ rows, referee }: Comparison): Drawing | null {
  const lines = [
    ...rows.map(({ letter, title, vusPr }) => ({ name: `${letter}  ${title}`, vusPr, own: true })),
    ...referee.map(({ title, vusPr }) => ({ name: title, vusPr, own: false })),
  ].filter(({ vusPr }) => vusPr.value.value !== null);
  if (lines.length === 0) return null;
  const bottom = frame.top + lines.length * frame.row;
  const x = (value: number): number => frame.left + value * (frame.right - frame.left);
  const marks: Mark[] = [];
  for (const value of [0, 0.25, 0.5, 0.75, 1]) {
    marks.push({ kind: 'line', points: [x(value), frame.top, x(value), bottom], stroke: 'grid', width: 1 });
    marks.push({
      kind: 'text',
      x: x(value) - textWidth(String(value), axisSize) / 2,
      y: bottom + 16,
      text: String(value),
      size: axisSize,
      fill: 'text-3',
    });
  }
  marks.push({ kind: 'line', points: [frame.left, bottom, frame.right, bottom], stroke: 'axis', width: 1 });
  const oneLiner = referee[0]?.vusPr.value.value ?? null;
  if (oneLiner !== null) {
    marks.push({
      kind: 'line',
      points: [x(oneLiner), frame.top, x(oneLiner), bottom],
      stroke: 'text-3',
      width: 1,
      dash: [4, 3],
    });
  }
  lines.forEach(({ name, vusPr, own }, i) => {
    const y = frame.top + (i + 0.5) * frame.row;
    marks.push({ kind: 'text', x: 0, y: y + 4, text: fitted(name), size: textSize, fill: own ? 'text' : 'text-3' });
    marks.push(...whisker(vusPr, x, y, own ? 'signal' : 'text-3'));
    marks.push({
      kind: 'text',
      x: frame.width,
      y: y + 4,
      text: vusPr.value.value!.toFixed(3),
      size: textSize,
      fill: own ? 'text' : 'text-3',
      anchor: 'end',
    });
  });
  return {
    width: frame.width,
    height: bottom + frame.foot,
    marks,
    alternative: lines.map(({ name, vusPr }) => `${name}: VUS-PR ${vusPr.value.value!.toFixed(3)}`).join('; '),
  };
}

function whisker({ value, interval }: Estimate, x: (value: number) => number, y: number, stroke: 'signal' | 'text-3'): Mark[] {
  const marks: Mark[] = [];
  if (interval.low !== null) {
    const [low, high] = [x(interval.low), x(interval.high)];
    marks.push({ kind: 'line', points: [low, y, high, y], stroke, width: 1.5 });
    for (const end of [low, high]) marks.push({ kind: 'line', points: [end, y - 4, end, y + 4], stroke, width: 1.5 });
  }
  marks.push({ kind: 'rect', x: x(value.value!) - 3, y: y - 3, w: 6, h: 6, fill: stroke });
  return marks;
}

/** Cut where it would run into the axis. */
function fitted(name: string): string {
  if (textWidth(name, textSize) <= frame.left - 12) return name;
  const most = Math.floor((frame.left - 12) / textWidth('x', textSize));
  return `${name.slice(0, most - 1)}…`;
}
