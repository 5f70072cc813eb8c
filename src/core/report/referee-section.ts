import { randomDraws } from '../referee/judge';
import type { Estimate, RefereeCheck, RefereeReport, RefereeRow } from '../referee/report';
import { countOf, formatDuration, formatNumber } from './format';
import type { ReportInput, Section, TableBlock } from './model';
import { metricReason, metricText } from './words';

/** What has to stand beside every result: a table of detector and baselines, the verdict and the checks; empty without a referee. */
export function refereeSection({ referee }: ReportInput): Section[] {
  if (!referee) return [];
  return [
    {
      title: 'How far to trust it: the referee',
      blocks: [
        { kind: 'paragraph', text: referee.verdict },
        baselineTable(referee),
        { kind: 'heading', text: 'Checks' },
        {
          kind: 'facts',
          rows: referee.checks.map((check) => ({ name: check.title, text: `${states[check.state]}. ${check.text}` })),
        },
        { kind: 'paragraph', text: oracleText(referee), small: true },
      ],
    },
  ];
}

/** The verdict, and the checks that failed, for the summary; empty without a referee. */
export function refereeSentences({ referee }: ReportInput): string[] {
  if (!referee) return [];
  return [referee.verdict, ...referee.checks.filter(({ state }) => state === 'failed').map(({ text }) => text)];
}

const states: Readonly<Record<RefereeCheck['state'], string>> = {
  passed: 'Passed',
  warning: 'Warning',
  failed: 'Failed',
  unknown: 'Not known',
};

function baselineTable({ part, detector, best, rows, events }: RefereeReport): TableBlock {
  const others = rows.filter(({ id }) => id === 'random' || id === 'all-ones');
  const shown: RefereeRow[] = [detector, { ...best, title: `Best one-liner: ${best.title}` }, ...others];
  const reason = metricReason(detector.vusPr.value);
  return {
    kind: 'table',
    title: `Detector and baselines on the same rows of the ${part}`,
    columns: [
      { title: 'Method', weight: 32, strong: true },
      { title: 'VUS-PR, 95 % interval', weight: 26, align: 'right' },
      { title: 'Found', weight: 13, align: 'right' },
      { title: 'False a day', weight: 13, align: 'right' },
      { title: 'Median delay', weight: 15, align: 'right' },
      { title: 'F1', weight: 10, align: 'right' },
      { title: 'AUC-ROC', weight: 15, align: 'right' },
    ],
    rows: shown.map((row) => [
      row.title,
      estimateText(row.vusPr),
      row.labels === 0 ? '–' : `${Number.isInteger(row.caught) ? row.caught : row.caught.toFixed(1)} of ${row.labels}`,
      metricText(row.falseEventsPerDay, formatNumber),
      metricText(row.medianDelayMs, formatDuration),
      metricText(row.f1, formatNumber),
      metricText(row.aucRoc, formatNumber),
    ]),
    note:
      `${reason ? `No VUS-PR: ${reason}. ` : `Intervals by bootstrap over ${countOf(events, 'labelled anomaly', 'labelled anomalies')}. `}` +
      'The best of six one-line detectors is chosen on these very rows, in its favour; its threshold is from the calibration part. ' +
      `Random has as many samples above its threshold as the detector: mean of ${randomDraws} draws. ` +
      'Everything anomalous is one event without end: it has no false events and no delay to speak of.',
  };
}

/** "0.412 (0.30 to 0.55)". */
function estimateText({ value, interval }: Estimate): string {
  const text = metricText(value, formatNumber);
  return interval.low === null ? text : `${text} (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})`;
}

function oracleText({ oracle, rows }: RefereeReport): string {
  const oneLiners = rows
    .filter(({ id }) => id !== 'random' && id !== 'all-ones')
    .map(({ title, vusPr }) => `${title} ${metricText(vusPr.value, formatNumber)}`)
    .join(', ');
  const all = `VUS-PR of the one-line detectors: ${oneLiners}.`;
  if (oracle.f1.value === null) return all;
  return `${all} Best F1 that any threshold could have on these very labels: ${formatNumber(oracle.f1.value)}; a bound, nothing that can be deployed.`;
}
