import { describeObjective } from '../thresholds/objective';
import { modeName } from '../thresholds/modes';
import type { Objective } from '../thresholds/threshold';
import { countOf, formatDuration, formatPercent, formatScore } from './format';
import type { Fact, ReportInput } from './model';

/** Objectives that look at the labels of the calibration part. */
export function usesLabels({ kind }: Objective): boolean {
  return !['quantile', 'pot', 'conformal', 'manual', 'carried'].includes(kind);
}

/** The threshold with where it is from, and the whole way from score to event with what each rule hid. */
export function ruleFacts(input: ReportInput): Fact[] {
  const { threshold } = input;
  const { value, objective, mergeGapMs, minDurationMs, deadTimeMs = 0 } = threshold;
  return [
    { name: 'Threshold', text: `${formatScore(value)}: ${describeObjective(objective)}` },
    { name: 'Where it is from', text: threshold.from },
    ...(labelFree(objective) ? [{ name: 'Labels', text: 'none was needed: it comes from scores of normal data alone' }] : []),
    {
      name: 'From score to event',
      text: [
        `samples with score >= ${formatScore(value)}${threshold.modes ? ', or the threshold of their operating mode' : ''}`,
        ...hysteresisText(threshold.hysteresis ?? 0),
        `runs at most ${formatDuration(mergeGapMs)} apart are one event`,
        `events shorter than ${formatDuration(minDurationMs)} are dropped`,
      ].join('; '),
    },
    ...modeFacts(input),
    ...(deadTimeMs > 0
      ? [
          {
            name: 'Dead time',
            text:
              `an event that begins within ${formatDuration(deadTimeMs)} after the end of the one before is hidden; ` +
              hiddenText(input, ({ by }) => by === 'dead-time'),
          },
        ]
      : []),
    ...(threshold.suppress ?? []).map(({ channel, minShare, reason }) => ({
      name: 'Suppression rule',
      text:
        `events of which ${channel} has at least ${formatPercent(minShare)} are hidden${reason ? ` (${reason})` : ''}; ` +
        hiddenText(input, (event) => event.by === 'suppression' && event.channel === channel && event.reason === reason),
    })),
  ];
}

function labelFree({ kind }: Objective): boolean {
  return kind === 'quantile' || kind === 'pot' || kind === 'conformal';
}

function hysteresisText(hysteresis: number): string[] {
  return hysteresis > 0 ? [`an event goes on while the score is no more than ${formatScore(hysteresis)} below it`] : [];
}

function modeFacts({ threshold, dataset }: ReportInput): Fact[] {
  const { modes, value } = threshold;
  if (!modes) return [];
  const unit = dataset.channels.find(({ name }) => name === modes.channel)?.unit;
  const texts = modes.values.map(
    (own, mode) =>
      `${modeName(modes, mode, unit)}: ${own === null ? `${formatScore(value)} (pooled, too few rows of its own)` : formatScore(own)}`,
  );
  return [{ name: 'Operating modes', text: `${texts.join('; ')}; without a value of ${modes.channel}: ${formatScore(value)}` }];
}

function hiddenText({ hidden }: ReportInput, which: (event: ReportInput['hidden'][number]) => boolean): string {
  const count = hidden.filter(which).length;
  return count === 0 ? 'it hid no event' : `it hid ${countOf(count, 'event')} in all parts`;
}
