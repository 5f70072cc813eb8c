import { describe, expect, it } from 'vitest';
import { classPattern, drawPath, hatchPath, rectPath } from './patterns';

/** Records what is drawn. */
function pen(): { calls: string[]; moveTo(x: number, y: number): void; lineTo(x: number, y: number): void; closePath(): void } {
  const calls: string[] = [];
  return {
    calls,
    moveTo: (x, y) => void calls.push(`M${x},${y}`),
    lineTo: (x, y) => void calls.push(`L${x},${y}`),
    closePath: () => void calls.push('z'),
  };
}

describe('path data', () => {
  it('is drawn command by command', () => {
    const p = pen();
    drawPath(p, 'M1 2h3v4H0V0L5.5 -6zM7 8v1');
    expect(p.calls).toEqual(['M1,2', 'L4,2', 'L4,6', 'L0,6', 'L0,0', 'L5.5,-6', 'z', 'M7,8', 'L7,9']);
  });
  it('of a box goes round it', () => {
    const p = pen();
    drawPath(p, rectPath({ x: 1, y: 2, width: 10, height: 5 }));
    expect(p.calls).toEqual(['M1,2', 'L11,2', 'L11,7', 'L1,7', 'z']);
  });
  it('of a hatch stays inside its box', () => {
    const box = { x: 10, y: 20, width: 30, height: 8 };
    for (const rise of [1, -1] as const) {
      const p = pen();
      drawPath(p, hatchPath(box, 6, rise));
      // (30 + 8) / 6 strokes from 3 on: at 3, 9, 15, 21, 27, 33.
      expect(p.calls).toHaveLength(12);
      for (const call of p.calls) {
        const [x, y] = call.slice(1).split(',').map(Number) as [number, number];
        expect(x).toBeGreaterThanOrEqual(10);
        expect(x).toBeLessThanOrEqual(40);
        expect(y).toBeGreaterThanOrEqual(20);
        expect(y).toBeLessThanOrEqual(28);
      }
    }
  });
});

it('gives every class its own pattern, so that colour is not the only code', () => {
  const box = { x: 0, y: 0, width: 40, height: 14 };
  const paths = (['anomaly', 'normal', 'mode-change', 'instrument', 'ignore'] as const).map((name) => classPattern(name, box).path);
  expect(new Set(paths).size).toBe(5);
});
