import { shareInterval } from '../metrics/binomial';
import { fewestDaysOfRate } from '../metrics/days';
import { rowTimesText } from '../ingest/row-times';
import type { Evaluation } from '../metrics/evaluation';
import { ofClass, overlaps } from '../labels/interval';
import { describeObjective } from '../thresholds/objective';
import { contractStateSentence, contractTerms } from './contract-section';
import { mainEvents, mainPart, mainRange, period } from './figures';
import {
  countOf,
  formatDays,
  formatDuration,
  formatLength,
  formatNumber,
  formatPercent,
  formatScore,
  timeFormatter,
} from './format';
import type { KeyNumber, ReportInput, Term } from './model';
import { usesLabels } from './rule-facts';
import { refereeSentences } from './referee-section';
import { inWords, labelNames, listed, metricReason, metricText } from './words';

export function mainEvaluation(input: ReportInput): Evaluation {
  return mainPart(input) === 'test' ? input.test : input.calibration;
}

/** Two to five sentences that a manager reads. */
export function summarySentences(input: ReportInput): string[] {
  const found = mainEvaluation(input);
  const clock = timeFormatter(input.timeZone);
  const when = `From ${period(mainRange(input), clock)}`;
  const sentences: string[] = [];
  if (mainPart(input) === 'calibration') {
    sentences.push(
      'The data end before a test part, so these are results of the calibration part, which also chose the threshold.',
    );
  }
  if (found.labels === 0) {
    sentences.push(
      `${when} the detector raised ${countOf(found.events, 'event')}. No anomaly is labelled in this time, so how many of them are real is not known.`,
    );
  } else {
    sentences.push(`${when} the detector ${foundText(found)}${extraText(found)}.`);
  }
  const strongest = mainEvents(input).toSorted((a, b) => b.peakScore - a.peakScore)[0];
  if (strongest) {
    const top = strongest.channels[0];
    sentences.push(
      `The strongest event, ${strongest.name}, began on ${clock.time(strongest.start)} and lasted ${formatLength(strongest)}; ` +
        `its score rose to ${formatScore(strongest.peakScore)} over a threshold of ${formatScore(input.threshold.value)}` +
        (top && input.model.preparation.channels.length > 1 ? `, ${formatPercent(top.share)} of it from ${top.channel}.` : '.'),
    );
  }
  const missed = missedLabels(input);
  if (missed.length > 0) sentences.push(`Not found: ${listed(missed.slice(0, 5))}${missed.length > 5 ? ' and others' : ''}.`);
  const contract = contractStateSentence(input);
  if (contract) sentences.push(contract);
  return sentences;
}

function foundText({ labels, caught }: Evaluation): string {
  if (labels === 1) return caught === 1 ? 'found the one labelled anomaly' : 'did not find the one labelled anomaly';
  if (caught === labels) return `found all ${inWords(labels)} labelled anomalies`;
  return `found ${caught === 0 ? 'none' : inWords(caught)} of the ${inWords(labels)} labelled anomalies`;
}

function extraText({ events, falseEvents }: Evaluation): string {
  if (events === 0) return ': it raised no event';
  if (falseEvents === 0) return ' and nothing else';
  return falseEvents === 1
    ? ', and raised one event that matches no label'
    : `, and raised ${inWords(falseEvents)} events that match no label`;
}

/** Names and starts of labelled anomalies of the main part that no event overlaps. */
function missedLabels(input: ReportInput): string[] {
  const range = mainRange(input);
  const clock = timeFormatter(input.timeZone);
  const names = labelNames(input.labels);
  return ofClass(input.labels, 'anomaly')
    .filter((label) => overlaps(label, { start: range.start, end: range.end - 1 }))
    .filter((label) => !input.events.some((event) => overlaps(event, label)))
    .map((label) => `${names.get(label.id)} of ${clock.short(label.start)}`);
}

/** Per day, or their number where the part has too little normal time for a rate. */
function falseEventsOf(found: Evaluation): KeyNumber {
  const { days, falseEvents, falseEventsPerDay: rate, falseEventsPerDayUpper: upper } = found;
  const time = formatDays(days).replaceAll(' ', '\u00a0');
  if (days > 0 && days < fewestDaysOfRate) {
    return {
      value: String(falseEvents),
      unit: '',
      note: `events without a label, in ${time} of normal time: too short for a rate`,
    };
  }
  const limit = upper.value === null ? '' : `, 95\u00a0% limit\u00a0${formatNumber(upper.value)}, in ${time}`;
  const reason = metricReason(rate);
  return {
    value: metricText(rate, formatNumber),
    unit: rate.value === null ? '' : '/day',
    note: `events without a label${limit}${reason ? `: ${reason}` : ''}`,
  };
}

/** The five numbers. A number that cannot be computed is a dash with its reason. */
export function keyNumbers(input: ReportInput): KeyNumber[] {
  const found = mainEvaluation(input);
  const quality = input.dataset.quality;
  const real = quality.cells > 0 ? quality.values / quality.cells : null;
  const note = (usual: string, reason: string): string => (reason ? `${usual}: ${reason}` : usual);
  return [
    found.labels > 0
      ? { value: String(found.caught), unit: `of ${found.labels}`, note: 'labelled anomalies found' }
      : { value: '–', unit: '', note: 'labelled anomalies found: none is labelled in this part' },
    falseEventsOf(found),
    {
      value: metricText(found.medianDelayMs, formatDuration),
      unit: '',
      note: note('median time from start of a labelled anomaly to its event', metricReason(found.medianDelayMs)),
    },
    {
      value: metricText(found.timeInEvents, (share) => formatPercent(share).replace(/ %$/, '')),
      unit: found.timeInEvents.value === null ? '' : '%',
      note: note(`of the time is in one of ${countOf(found.events, 'event')}`, metricReason(found.timeInEvents)),
    },
    {
      value: real === null ? '–' : formatPercent(real).replace(/ %$/, ''),
      unit: real === null ? '' : '%',
      note: 'of cells of the file have a value; the rest is missing, bad or unreadable',
    },
  ];
}

/** What was asked of the threshold, and whether the test part kept it: the contract where there is one. */
export function aimTerms(input: ReportInput): Term[] {
  const { objective } = input.threshold;
  const found = mainEvaluation(input);
  if (input.contract) return contractTerms(input);
  const terms: Term[] = [];
  if (objective.kind === 'events-per-day' || objective.kind === 'recall' || objective.kind === 'delay') {
    const rate = found.falseEventsPerDay.value;
    terms.push({
      mark: rate === null ? 'unknown' : rate <= objective.limit ? 'kept' : 'broken',
      text: `At most ${objective.limit} false events a day: ${metricText(found.falseEventsPerDay, (v) => `${formatNumber(v)} a day`)}.`,
    });
  }
  if (found.labels > 0) {
    terms.push({
      mark: found.caught === found.labels ? 'kept' : 'broken',
      text: `Every labelled anomaly found: ${found.caught} of ${found.labels}.`,
    });
  } else {
    terms.push({ mark: 'unknown', text: 'Every labelled anomaly found: none is labelled in this part.' });
  }
  return terms;
}

/** Fewer labelled anomalies than this are few. */
const fewLabels = 10;

/** What limits the report, in sentences drawn from its own numbers. */
export function trustSentences(input: ReportInput): string[] {
  const found = mainEvaluation(input);
  const sentences: string[] = [...input.stale, ...refereeSentences(input)];
  if (found.labels > 0 && found.labels < fewLabels) {
    const { low, high } = shareInterval(found.caught, found.labels);
    const few = found.labels === 1 ? 'One labelled anomaly is' : `${capital(inWords(found.labels))} labelled anomalies are`;
    sentences.push(`${few} few: the 95 % interval of the share found is ${low.toFixed(2)} to ${high.toFixed(2)}.`);
  }
  if (found.f1.value !== null && found.allOnesF1.value !== null && found.prevalence.value !== null) {
    sentences.push(
      `F1 per sample is ${formatNumber(found.f1.value)}; calling every sample anomalous would have ${formatNumber(found.allOnesF1.value)}, ` +
        `because ${formatPercent(found.prevalence.value)} of the samples are labelled as anomalies.`,
    );
  }
  sentences.push(originSentence(input));
  const { rowTimes } = input.dataset.quality;
  if (rowTimes) {
    sentences.push(
      `The file holds no times: they were made from row order, ${rowTimesText(rowTimes)}. Durations, delays and rates per day hold only as far as rows are that far apart.`,
    );
  }
  if (input.earlierThresholds > 0) {
    const { earlierThresholds: count } = input;
    sentences.push(
      `${count === 1 ? 'One threshold was' : `${capital(inWords(count))} thresholds were`} kept for this run before this one, while the figures ` +
        'of its test part could be seen.',
    );
  }
  if (input.model.dataSha256 !== input.dataset.sha256) {
    sentences.push('The detector was trained on other data than those scored here.');
  }
  if (input.model.engine.backend !== 'tensorflow') {
    sentences.push(`The network ran on the ${input.model.engine.backend} engine: ${input.model.engine.reason}`);
  }
  if (input.model.detector.whenItFails) sentences.push(`Known weakness of this detector: ${input.model.detector.whenItFails}`);
  sentences.push('A score is not a probability, and an event is advice to look, not a verdict.');
  return sentences.map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`));
}

function originSentence(input: ReportInput): string {
  const { objective } = input.threshold;
  if (objective.kind === 'manual') return 'The threshold was set by hand; whoever set it may have seen the test part.';
  if (objective.kind === 'carried') {
    return `The threshold ${formatScore(input.threshold.value)} was chosen on earlier data and has seen no label of these. ${input.threshold.from}`;
  }
  const labels = input.calibration.labels;
  const rests = usesLabels(objective)
    ? ` It rests on ${labels === 0 ? 'no labelled anomaly' : labels === 1 ? 'one labelled anomaly' : `${inWords(labels)} labelled anomalies`}.`
    : ' No label was needed for it.';
  return `The threshold ${formatScore(input.threshold.value)} (${describeObjective(objective)}) was chosen ${
    input.earlierThresholds > 0 ? 'on the calibration part' : 'before the test part was looked at'
  }.${rests}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
