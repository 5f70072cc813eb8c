import type { CompareEvent, CompareRow, Comparison } from '../../../core/compare/comparison';
import type { Estimate, RefereeRow } from '../../../core/referee/report';

/** A comparison made by hand: A and B cannot be told apart, C is sure to be last and below the one-liner. For tests. */
const minute = 60_000;
const start = Date.UTC(2026, 4, 16);

const estimate = (value: number, low: number, high: number): Estimate => ({ value: { value }, interval: { low, high } });

const row = (letter: string, change: Partial<CompareRow>): CompareRow => ({
  letter,
  title: `Method ${letter}`,
  projectName: 'Pump',
  runIds: [`run-${letter}`],
  seeds: [1],
  vusPr: estimate(0.7, 0.6, 0.8),
  spread: null,
  caught: 2,
  labels: 2,
  falseEvents: 1,
  falseEventsPerDay: { value: 0.045 },
  falseEventsPerDayUpper: { value: 0.143 },
  medianDelayMs: { value: 74 * minute },
  f1: { value: 0.851 },
  eventF1: { value: 0.8 },
  aucRoc: { value: 0.902 },
  rank: { from: 1, to: 2 },
  belowOneLiner: false,
  againstOneLiner: null,
  thresholds: [3],
  trainSeconds: 2,
  scoreSeconds: null,
  engine: { backend: 'cpu', version: '1', threads: 1, reason: '' },
  ...change,
});

const referee = (id: string, title: string, value: number): RefereeRow => ({
  id,
  title,
  vusPr: estimate(value, value - 0.05, value + 0.05),
  caught: 1,
  labels: 2,
  falseEventsPerDay: { value: 0.113 },
  medianDelayMs: { value: null, reason: 'only one event was caught' },
  f1: { value: 0.741 },
  aucRoc: { value: 0.838 },
});

const event = (
  at: number,
  labelId: string | null,
  states: Readonly<Record<string, CompareEvent['found'][number]['state']>>,
): CompareEvent => ({
  start: start + at * minute,
  end: start + (at + 30) * minute,
  labelId,
  name: labelId ?? 'false',
  text: labelId ? 'Cavitation' : 'no label',
  found: Object.entries(states).map(([letter, state]) => ({
    letter,
    state,
    delayMs: state === 'caught' ? 18 * minute : null,
    runId: `run-${letter}`,
    eventId: state === 'caught' || state === 'false' ? `event-${letter}` : null,
  })),
});

export const example: Comparison = {
  conditions: [{ id: 'labels', title: 'same labels, v7', ok: true, text: 'All runs are judged by revision 7.' }],
  refused: null,
  commonPossible: false,
  period: { start, end: start + 600 * minute },
  events: 2,
  rows: [
    row('A', { seeds: [1, 2, 3], spread: { vusPrStd: 0.012, f1Std: 0.02, vusPr: [0.69, 0.7, 0.714] } }),
    row('B', { projectName: 'Other pump', vusPr: estimate(0.66, 0.55, 0.75) }),
    row('C', { caught: 1, vusPr: estimate(0.3, 0.2, 0.4), rank: { from: 3, to: 3 }, belowOneLiner: true }),
  ],
  referee: [referee('robust-z', 'Robust z', 0.602), referee('random', 'Random, same event rate', 0.071)],
  pairs: [],
  verdict: 'A is ahead of the best one-liner.',
  eventTable: [
    event(10, 'L-1', { A: 'caught', B: 'caught', C: 'caught' }),
    event(100, 'L-2', { A: 'caught', B: 'caught', C: 'missed' }),
    event(200, null, { A: 'none', B: 'false', C: 'false' }),
    event(300, 'L-3', { A: 'missed', B: 'missed', C: 'missed' }),
  ],
  settings: [],
  scores: [
    {
      letter: 'A',
      runId: 'run-A',
      line: {
        time: Float64Array.of(start, start + 100 * minute, start + 200 * minute, start + 300 * minute),
        min: Float32Array.of(0.1, 0.2, NaN, 0.3),
        max: Float32Array.of(0.5, 1.25, NaN, 0.75),
        raw: false,
      },
    },
  ],
  labels: [{ id: 'l1', start: start + 10 * minute, end: start + 40 * minute, name: 'L-1' }],
};
