import { describe, expect, it } from 'vitest';
import { createProgressMeter } from './progress';

const report = (stage: string, done: number) => ({ stage, done, total: 100, unit: 'steps' });

describe('progress meter', () => {
  it('gives rate and remaining time once it has measured a span', () => {
    let now = 0;
    const meter = createProgressMeter(() => now);
    expect(meter(report('train', 0))).toMatchObject({ rate: 0, remainingMs: null });
    now = 1000;
    // By hand: 20 steps in 1 s, 80 left: 4 s.
    expect(meter(report('train', 20))).toMatchObject({ rate: 20, remainingMs: 4000 });
    now = 2000;
    // By hand: 10 steps in the next second: 20 + 0.2 (10 - 20) = 18 a second; 70 left: 70/18 s.
    const third = meter(report('train', 30));
    expect(third.rate).toBeCloseTo(18, 10);
    expect(third.remainingMs).toBeCloseTo(70_000 / 18, 6);
  });

  it('never goes back within a stage and starts afresh in the next', () => {
    let now = 0;
    const meter = createProgressMeter(() => now);
    meter(report('a', 50));
    now = 1000;
    expect(meter(report('a', 40)).done).toBe(50);
    expect(meter(report('b', 0))).toMatchObject({ stage: 'b', done: 0, rate: 0, remainingMs: null });
  });
});
