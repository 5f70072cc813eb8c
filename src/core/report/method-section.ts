import type { Interval } from '../labels/interval';
import { driftRuleText, driftSentence } from '../drift/report';
import { partSpan } from '../prepare/split';
import { countOf, formatCount, formatDuration, formatNumber, timeFormatter, type TimeFormatter } from './format';
import type { Fact, ReportInput, Section } from './model';
import { paramText } from './param-text';
import { ruleFacts } from './rule-facts';

/** How the results were made, in plain words with every parameter. */
export function methodSection(input: ReportInput): Section {
  const { model } = input;
  const clock = timeFormatter(input.timeZone);
  const { detector } = model;
  const samples = (count: number): string => `${formatCount(count)} samples (${formatDuration(count * input.dataset.stepMs)})`;
  return {
    title: 'Method',
    blocks: [
      { kind: 'paragraph', text: `${detector.title} (${detector.id}). ${detector.summary}` },
      { kind: 'paragraph', text: `Source: ${detector.source}`, small: true },
      { kind: 'heading', text: 'Preparation' },
      { kind: 'paragraph', text: preparationText(input) },
      { kind: 'heading', text: 'Parts and threshold' },
      { kind: 'facts', rows: partFacts(input, clock, samples) },
      {
        kind: 'table',
        title: 'Parameters of the detector',
        columns: [
          { title: 'Parameter', weight: 30, strong: true },
          { title: 'Value', weight: 24 },
          { title: 'Meaning', weight: 66 },
        ],
        rows: Object.entries(detector.params).map(([name, spec]) => {
          const value = model.params[name] ?? spec.default;
          const stepMs = model.preparation.resampleMs || input.dataset.stepMs;
          return [`${spec.title} (${name})`, paramText(spec, value, stepMs), spec.help];
        }),
        note: Object.keys(detector.params).length === 0 ? 'This detector has no parameters.' : '',
      },
    ],
  };
}

function preparationText(input: ReportInput): string {
  const { drift } = input;
  const { preparation, preparationReport: done } = input.model;
  const tags = preparation.channels.length === 1 ? 'one tag' : `${preparation.channels.length} tags`;
  const sentences = [
    `Learned from ${tags}: ${preparation.channels.slice(0, 20).join(', ')}${preparation.channels.length > 20 ? ' and others' : ''}.`,
    preparation.resampleMs > 0
      ? `Resampled to one row every ${formatDuration(preparation.resampleMs)}.`
      : 'Rows were used as they are.',
    `Rows further apart than ${preparation.gapToleranceSteps} usual steps are a gap; no window crosses one.`,
    preparation.maxFillRows > 0
      ? `Holes of up to ${countOf(preparation.maxFillRows, 'row')} were bridged, longer ones cut the data.`
      : 'Missing values were not bridged; they cut the data.',
    'Each tag was scaled by mean and standard deviation of the rows that train.',
    ...(preparation.drift ? [`Slow drift was followed (${driftRuleText(preparation.drift)}).`] : []),
    ...(drift ? [driftSentence(drift, 10)] : []),
  ];
  if (done) {
    sentences.push(
      `${formatCount(done.usedRows)} of ${formatCount(done.rows)} rows were used in ${countOf(done.segments, 'segment')}; ` +
        `${countOf(done.filledCells, 'value')} bridged, ${countOf(done.droppedRows, 'row')} left out.`,
    );
    if (done.flatChannels.length > 0)
      sentences.push(`Without movement while training, hence without weight: ${done.flatChannels.join(', ')}.`);
  }
  return sentences.join(' ');
}

function partFacts(input: ReportInput, clock: TimeFormatter, samples: (count: number) => string): Fact[] {
  const { model, dataset, threshold } = input;
  const part = (name: 'train' | 'calibration' | 'test'): string => {
    const span = partSpan(model.split, name);
    const start = Math.max(span.start, dataset.start);
    const end = Math.min(span.end, dataset.end);
    return end > start ? `${clock.time(start)} to ${clock.time(end)}` : 'no data';
  };
  const guard = dataset.stepMs > 0 ? `${formatDuration(model.split.guardMs)} after the first two parts belong to none` : '';
  return [
    ...(threshold.objective.kind === 'carried'
      ? [
          { name: 'Train part', text: 'earlier data' },
          { name: 'Calibration part', text: earlier(threshold.calibratedOn, clock) },
          { name: 'Test part', text: `${part('test')}, without time that trained the model or chose the threshold` },
        ]
      : [
          { name: 'Train part', text: `${part('train')}, without labelled anomalies and masks` },
          { name: 'Calibration part', text: `${part('calibration')}, chose the threshold` },
          { name: 'Test part', text: `${part('test')}, ${timesSeen(input.earlierThresholds)}` },
        ]),
    { name: 'Guard gap', text: guard },
    ...ruleFacts(input),
    {
      name: 'Training',
      text:
        `${formatNumber(model.trainSeconds)} s, ${formatCount(model.parameterCount)} trained weights, seed ${model.seed}; ` +
        `the first ${samples(model.warmUpRows)} of each segment have no score`,
    },
  ];
}

function timesSeen(earlier: number): string {
  return earlier === 0 ? 'measured once' : `measured with this threshold and seen with ${countOf(earlier, 'threshold')} before it`;
}

function earlier(calibratedOn: Interval | undefined, clock: TimeFormatter): string {
  return calibratedOn ? `earlier data, ${clock.time(calibratedOn.start)} to ${clock.time(calibratedOn.end)}` : 'earlier data';
}
