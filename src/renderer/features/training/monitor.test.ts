import { expect, it } from 'vitest';
import type { EpochRecord } from '../../../core/detectors/detector';
import { adversarialLanes, isAdversarial } from './adversarial';
import { stageTitle } from './job-words';
import { laneOption } from './lane-chart';
import { networksOf } from './networks';
import { notesOf } from './notes';
import { windowPath } from '../../charts/window-path';
import { tagWindows } from './sample-lines';

const record = (stage: string, step: number, losses: Record<string, number> = {}, note?: string): EpochRecord => ({
  ...{ stage, step, losses, learningRate: 0.001, gradientNorm: 1 },
  ...(note !== undefined && { note }),
});

it('takes the networks without a block apart from the one that scores', () => {
  const networks = networksOf([
    record('vae', 10),
    record('lstm', 10),
    record('vae 1', 10),
    record('vae 2', 10),
    record('vae 2', 20),
  ]);
  expect(networks.map(({ fold, records }) => [fold, records.map(({ stage, step }) => `${stage} ${step}`)])).toEqual([
    [0, ['vae 10', 'lstm 10']],
    [1, ['vae 10']],
    [2, ['vae 10', 'vae 20']],
  ]);
  expect(networksOf([record('gan', 25)])).toHaveLength(1);
  expect(stageTitle('lstm 3')).toBe('how windows follow, without block 3');
});

it('makes one note of what is said in a row, and another of what is said again or otherwise', () => {
  const notes = notesOf([
    record('gan', 25),
    record('gan', 50, {}, 'collapsed: 0.05 times the data'),
    record('gan', 75, {}, 'collapsed: 0.03 times the data'),
    record('gan', 100, {}, 'sure of everything (1e-3)'),
    record('gan', 125),
    record('gan', 150, {}, 'sure of everything (2e-4)'),
  ]);
  expect(notes.map(({ from, to, text }) => [from, to, text])).toEqual([
    [50, 75, 'collapsed: 0.03 times the data'],
    [100, 100, 'sure of everything (1e-3)'],
    [150, 150, 'sure of everything (2e-4)'],
  ]);
});

it('shows the two networks of a GAN in lanes of their own, and the level at which nothing is told apart', () => {
  const losses = { validation: 0.4, spread: 0.8, real: 0.6, generated: 0.4, accuracy: 0.7, discriminator: 3.2, generator: -1.5 };
  const records = [record('gan', 25, losses), record('gan', 50, { ...losses, validation: 0.3 }), record('gan', 75, losses)];
  expect(isAdversarial(records)).toBe(true);
  expect(isAdversarial([record('vae', 1, { kl: 1 })])).toBe(false);
  const lanes = adversarialLanes(records, 'mim-gan');
  const lane = (key: string) => lanes.find((one) => one.key === key)!;
  expect(lane('energy').best).toEqual([50, 0.3]);
  expect([lane('accuracy').low, lane('accuracy').high]).toEqual([0, 1]);
  // By hand: 2·√e = 2 · 1.64872.
  expect(lane('loss').references![0]!.value).toBeCloseTo(3.29744, 5);
  expect(adversarialLanes(records, 'mad-gan').find(({ key }) => key === 'loss')!.references![0]!.value).toBeCloseTo(1.386294, 6);
  // Every recorded quantity is drawn somewhere.
  expect(lanes.flatMap(({ lines }) => lines.map(({ points }) => points[0]![1])).sort()).toEqual(Object.values(losses).sort());
});

it('draws marks where something was said, and an axis that holds every level line', () => {
  const option = laneOption(
    {
      lines: [{ name: 'spread', colour: 'signal-4', points: [[25, 0.2]] }],
      low: 0,
      references: [{ value: 1, text: 'as the data' }],
    },
    100,
    [{ from: 25, to: 50 }],
    (name) => name,
  );
  const { min, max } = option.yAxis as { min: number; max: number };
  expect(min).toBe(0);
  expect(max).toBeGreaterThan(1);
  expect((option.xAxis as { max: number }).max).toBe(100);
  const [frame] = option.series as { markLine: { data: { xAxis?: number; yAxis?: number }[] }; markArea: { data: unknown[] } }[];
  expect(frame!.markLine.data.map(({ xAxis, yAxis }) => xAxis ?? yAxis)).toEqual([1, 25]);
  expect(frame!.markArea.data).toEqual([[{ xAxis: 25 }, { xAxis: 50 }]]);
});

it('gives each tag its windows on one scale, real and generated', () => {
  // Two tags, two samples: row-major [a0, b0, a1, b1].
  const rows = tagWindows({ channels: 2, real: [[0, 10, 1, 20]], generated: [[-1, 5, 2, 30]] }, ['flow', 'pressure', 'level']);
  expect(rows).toEqual([
    { tag: 'flow', low: -1, high: 2, real: [[0, 1]], generated: [[-1, 2]] },
    { tag: 'pressure', low: 5, high: 30, real: [[10, 20]], generated: [[5, 30]] },
  ]);
  expect(windowPath([-1, 2], -1, 2, 100, 40)).toBe('M0.0 40.0L100.0 0.0');
  expect(windowPath([3, 3], 3, 3, 100, 40)).toBe('M0.0 20.0L100.0 20.0');
});
