import type { Estimate, RefereeReport, RefereeRow } from '../../src/core/referee/report';

/** A value with its interval. */
const refereeEstimate = (value: number, low: number, high: number): Estimate => ({ value: { value }, interval: { low, high } });
/** A method with what the texts need. */
export const refereeRow = (id: string, title: string, vusPr: Estimate, caught = 3): RefereeRow => ({
  id,
  title,
  vusPr,
  caught,
  labels: 7,
  falseEventsPerDay: { value: 0.25 },
  medianDelayMs: { value: null, reason: 'no labelled anomaly was caught' },
  f1: { value: 0.5 },
  aucRoc: { value: 0.75 },
});
const range = refereeRow('moving-range', 'Moving range', refereeEstimate(0.3, 0.2, 0.41));
/** Numbers chosen for the texts and the layout; no score stands behind them. */
export const refereeSample: RefereeReport = {
  part: 'test part',
  events: 7,
  detector: refereeRow('detector', 'MIM-GAN', refereeEstimate(0.41, 0.3, 0.52), 6),
  best: range,
  rows: [
    range,
    refereeRow('constant', 'Constant', refereeEstimate(0.1, 0.1, 0.1)),
    refereeRow('random', 'Random', refereeEstimate(0.1, 0.09, 0.11), 2.44),
    refereeRow('all-ones', 'Everything anomalous', refereeEstimate(0.1, 0.1, 0.1), 7),
  ],
  difference: { metric: 'VUS-PR', ...refereeEstimate(0.11, 0.02, 0.19), events: 7, resamples: 1000 },
  standing: 'ahead',
  verdict: 'MIM-GAN beats the best one-liner (moving range) by +0.11 VUS-PR (95 % interval 0.02 to 0.19, 7 events).',
  checks: [
    { id: 'scaler', title: 'Scaler fitted on train rows', state: 'failed', text: 'The scaler is that of all rows.' },
    { id: 'test-was-seen', title: 'Test part looked at once', state: 'passed', text: 'Nothing was shown before.' },
  ],
  oracle: { f1: { value: 0.8 }, threshold: 3 },
  engine: 'cpu',
};
