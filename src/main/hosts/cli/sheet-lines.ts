import type { Figure, MetricSheet } from '../../../core/metrics/sheet';
import { formatCount, formatDuration, formatNumber, formatScore } from '../../../core/report/format';
import { table } from './text';

const text = (figure: Figure, format: (value: number) => string = formatNumber): string =>
  typeof figure === 'number' ? format(figure) : '–';

const duration = (seconds: number): string => formatDuration(seconds * 1000);
const percent = (share: number): string => `${formatNumber(share * 100)} %`;

/** A sheet for people: each figure, beside it what a random score reaches, and once each reason why a figure is missing. */
export function sheetLines(sheet: MetricSheet): string[] {
  const { point, pointAdjusted, paK, range, event, vus, affiliation, nab, paperWindow, oracle, operational, random } = sheet;
  const row = (name: string, figure: Figure, peer: Figure | string = '', format?: (value: number) => string): string[] => [
    name,
    text(figure, format),
    typeof peer === 'string' ? peer : text(peer),
  ];
  const rows = [
    row('VUS-PR', vus.pr),
    row('VUS-ROC', vus.roc),
    row('AUC-ROC', point.aucRoc, '0.500'),
    row('Average precision', point.aucPr, point.prevalence),
    [],
    row('Event precision', event.precision),
    row('Event recall', event.recall),
    row('Event F1', event.f1),
    row('False events a day', operational.falseEventsPerDay),
    row('  95 % upper limit', operational.upperLimit),
    row('Median delay', operational.medianDelaySeconds, '', duration),
    row('Median lead before the end of a label', operational.medianLeadSeconds, '', duration),
    row('Time in events', operational.timeInAlarm, '', percent),
    row('Minutes with chatter', operational.chatter, '', percent),
    row('Periods of 10 min in flood', operational.floodShare, '', percent),
    [],
    row('Point precision', point.precision, point.prevalence),
    row('Point recall', point.recall),
    row('Point F1', point.f1, point.f1OfRandom),
    row('  of "all anomalous"', point.f1OfAllOnes),
    [],
    row('Point-adjusted precision', pointAdjusted.precision, pointAdjusted.precisionOfRandom),
    row('Point-adjusted recall', pointAdjusted.recall, pointAdjusted.recallOfRandom),
    row('Point-adjusted F1', pointAdjusted.f1, pointAdjusted.f1OfRandom),
    row('PA%K, area over K', paK.area, paK.areaOfRandom),
    ...Object.entries(paK.f1At).map(([k, f1]) => row(`PA%${k} F1`, f1, paK.f1AtOfRandom[k])),
    row('Affiliation precision', affiliation.precision, affiliation.precisionOfRandom),
    row('Affiliation recall', affiliation.recall, affiliation.recallOfRandom),
    row('Affiliation F1', affiliation.f1, affiliation.f1OfRandom),
    row(`Range precision (${range.bias})`, range.precision),
    row(`Range recall (${range.bias}, alpha ${range.alpha})`, range.recall),
    row('Range F1', range.f1),
    row('Composite F1', event.compositeF1),
    row('NAB standard', nab.standard),
    row('NAB low FP', nab.lowFp),
    row('NAB low FN', nab.lowFn),
    [],
    row(`Paper's protocol, ${formatCount(paperWindow.length)} rows: F1 (oracle)`, paperWindow.f1, paperWindow.f1OfRandom),
    row('  without widening (oracle)', paperWindow.f1Unwidened),
    row('  AUC-ROC of windows', paperWindow.auc, '0.500'),
    row('  labels hit', paperWindow.hits, '', formatCount),
    row('  false episodes', paperWindow.falseEpisodes, '', formatCount),
    row('Best F1 of all thresholds (oracle)', oracle.f1),
    row('  at threshold', oracle.threshold, '', formatScore),
  ];
  const reasons = new Set<string>();
  collectReasons(sheet, reasons);
  return [
    `Scores: ${sheet.protocol}`,
    `${formatCount(sheet.rows)} rows count, labelled anomalies ${formatCount(sheet.labels)}, events ${text(sheet.events, formatCount)}, ` +
      `false ${text(operational.falseEvents, formatCount)}, buffer ${formatCount(vus.buffer)} rows`,
    '',
    ...table(['Metric', 'Value', 'Random'], rows, new Set([1, 2])),
    '',
    `Random: a random score with as many samples above its threshold; mean of ${random.draws} draws, seed ${random.seed}.`,
    'Oracle: threshold chosen with these very labels; a bound, not a result.',
    ...[...reasons].map((reason) => `–: ${reason}`),
  ];
}

function collectReasons(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if ('reason' in value && typeof value.reason === 'string') into.add(value.reason);
  else for (const inner of Object.values(value)) collectReasons(inner, into);
}
