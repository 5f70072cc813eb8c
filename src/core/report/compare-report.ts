import type { Comparison, CompareRow } from '../compare/comparison';
import type { Estimate, RefereeRow } from '../referee/report';
import { standingWords } from '../referee/standing';
import { eventBlock, pairBlocks, settingBlocks } from './compare-details';
import { comparisonData, methodTable, type AbsentMethod } from './compare-data';
import { countOf, formatDuration, formatNumber, formatScore, formatSeconds, signed, timeFormatter } from './format';
import type { Block, FigureBlock, Report, ReportComparison, Section, TableBlock } from './model';
import { whiskers } from './whiskers';
import { metricText } from './words';

export interface CompareReportChoices {
  /** Name of the project. */
  readonly title: string;
  readonly createdAt: number;
  /** IANA zone in which times are written. */
  readonly timeZone: string;
  readonly appVersion: string;
  /** Detectors that were to be compared and have no line; none when absent. */
  readonly absent?: readonly AbsentMethod[] | undefined;
}

/**
 * A comparison as a report: the table with intervals and ranks, what each method made of each event, all pairs, and the settings side by
 * side. The CSV form holds one line a method, the JSON form everything but the lines of the scores.
 */
export function comparisonReport(comparison: Comparison, choices: CompareReportChoices): Report {
  const { title, createdAt, timeZone, appVersion, absent = [] } = choices;
  const clock = timeFormatter(timeZone);
  const day = clock.iso(createdAt).slice(0, 10);
  const sections: Section[] = [
    {
      title: 'Result',
      blocks: [
        ...comparisonBlocks(comparison, 'Table 1. Methods on the compared part'),
        ...absentBlocks(absent),
        figureOf(comparison),
        costBlock(comparison),
      ],
    },
    { title: 'Event by event', blocks: [eventBlock(comparison, clock)] },
    { title: 'Pairs', blocks: pairBlocks(comparison) },
    { title: 'Settings', blocks: settingBlocks(comparison) },
    {
      title: 'Conditions',
      blocks: [
        { kind: 'paragraph', text: `Times: ${clock.zone(createdAt)}. Report made on ${clock.time(createdAt)}.`, small: true },
        {
          kind: 'terms',
          rows: comparison.conditions.map(({ ok, title: name, text }) => ({
            mark: ok ? 'kept' : 'broken',
            text: `${capital(name)}. ${text}`,
          })),
        },
      ],
    },
  ];
  return {
    title,
    subtitle: `Comparison of ${countOf(comparison.rows.length, 'method')}`,
    head: [`${title}: comparison`, `Faultline report ${day}`],
    foot: `${countOf(comparison.events, 'labelled anomaly', 'labelled anomalies')}, Faultline ${appVersion}`,
    createdAt,
    sections: sections.map((section, i) => ({ ...section, title: `${i + 1} ${section.title}` })),
    table: methodTable(comparison, absent),
    data: comparisonData(comparison, clock),
  };
}

/** The kept comparisons that a run is a part of, in the report of that run; none where there is none. */
export function comparisonSection(comparisons: readonly ReportComparison[]): Section[] {
  if (comparisons.length === 0) return [];
  const several = comparisons.length > 1;
  return [
    {
      title: several ? 'Comparisons' : 'Comparison',
      blocks: comparisons.flatMap(({ name, comparison }): Block[] => [
        { kind: 'heading', text: name },
        ...comparisonBlocks(comparison, 'Methods on the compared part'),
      ]),
    },
  ];
}

/** Verdict and table of methods; also the part of a run's report that tells of a kept comparison. */
export function comparisonBlocks(comparison: Comparison, title: string): Block[] {
  if (comparison.refused !== null) return [{ kind: 'paragraph', text: `Not compared: ${comparison.refused}` }];
  const { rows, referee } = comparison;
  const several = rows.some(({ seeds }) => seeds.length > 1);
  const projects = new Set(rows.map(({ projectName }) => projectName)).size;
  return [
    { kind: 'paragraph', text: comparison.verdict },
    {
      kind: 'table',
      title,
      columns: [
        { title: '', weight: 5, strong: true },
        { title: 'Method', weight: 34 },
        { title: 'VUS-PR', weight: 10, align: 'right' },
        { title: '95 % interval', weight: 17, align: 'right' },
        { title: 'Caught', weight: 13, align: 'right' },
        { title: 'False a day', weight: 12, align: 'right' },
        { title: 'Delay', weight: 17, align: 'right' },
        { title: 'F1', weight: 9, align: 'right' },
        { title: 'AUC', weight: 9, align: 'right' },
        { title: 'Rank', weight: 9, align: 'right' },
      ],
      rows: [
        ...rows.map((row) => [row.letter, methodName(row, projects > 1), ...figureCells(row), rankText(row)]),
        ...referee.map((row) => ['', `${row.title}, referee`, ...figureCells(row), '']),
      ],
      grey: referee.map((_, r) => rows.length + r),
      note: [
        'VUS-PR needs no threshold; the other figures are those of the kept thresholds, not point-adjusted. ' +
          'Intervals: bootstrap over labelled anomalies. Ranks are ranges where the intervals leave them open, each pair by itself.',
        several ? 'Methods with several seeds: means over the seeds, with the standard deviation of VUS-PR between them.' : '',
      ]
        .filter(Boolean)
        .join(' '),
    },
  ];
}

function absentBlocks(absent: readonly AbsentMethod[]): Block[] {
  if (absent.length === 0) return [];
  return [
    { kind: 'terms', rows: absent.map(({ title, reason }) => ({ mark: 'broken', text: `${title} has no line: ${reason}` })) },
  ];
}

/** What each method is worth beside the best one-liner, by which threshold, and what it costs. */
function costBlock({ rows, referee }: Comparison): TableBlock {
  const engineOf = ({ engine }: CompareRow): string => `${engine.backend} ${engine.version}`;
  const engines = [...new Set(rows.map(engineOf))];
  return {
    kind: 'table',
    title: 'Table 2. Against the best one-liner, and cost',
    columns: [
      { title: '', weight: 5, strong: true },
      { title: 'Method', weight: 34 },
      { title: 'Against the one-liner', weight: 38 },
      { title: 'False events', weight: 12, align: 'right' },
      { title: 'Threshold', weight: 16, align: 'right' },
      { title: 'Training', weight: 12, align: 'right' },
      { title: 'Scoring', weight: 12, align: 'right' },
      ...(engines.length > 1 ? [{ title: 'Engine', weight: 16 }] : []),
    ],
    rows: [
      ...rows.map((row) => [
        row.letter,
        row.title,
        row.againstOneLiner ? againstWords(row.againstOneLiner) : '–',
        String(Number(row.falseEvents.toFixed(1))),
        row.thresholds.map(formatScore).join(', '),
        formatSeconds(row.trainSeconds),
        formatSeconds(row.scoreSeconds),
        ...(engines.length > 1 ? [engineOf(row)] : []),
      ]),
      ...referee.map((row) => [
        '',
        row.title,
        '',
        row.falseEvents === undefined ? '–' : String(Number(row.falseEvents.toFixed(1))),
        row.threshold === undefined ? '–' : formatScore(row.threshold),
        ...['', '', ...(engines.length > 1 ? [''] : [])],
      ]),
    ],
    grey: referee.map((_, r) => rows.length + r),
    note:
      'Difference of VUS-PR on the same draws, each by itself at 95 %. Thresholds are from the calibration part, in the unit of each score.' +
      (engines.length === 1 ? ` All trained with ${engines[0]}.` : ''),
  };
}

/** "better: +0.11 (+0.02 to +0.19)". */
function againstWords({ difference, standing }: NonNullable<CompareRow['againstOneLiner']>): string {
  const { value, interval } = difference;
  if (value.value === null) return `cannot tell: ${value.reason}`;
  const inside = interval.low === null ? '' : ` (${signed(interval.low)} to ${signed(interval.high)})`;
  return `${standingWords[standing]}: ${signed(value.value)}${inside}`;
}

function figureOf(comparison: Comparison): FigureBlock {
  const drawing = whiskers(comparison);
  return {
    kind: 'figure',
    title: 'Figure 1. VUS-PR on the compared part',
    drawing,
    caption: drawing
      ? 'Square: value; line: 95 % interval by bootstrap over labelled anomalies (of the random score: its spread between draws). Dashed: the best one-line detector.'
      : 'Not drawn: VUS-PR is not defined without a labelled anomaly beside normal time.',
    facts: [],
  };
}

function methodName({ title, projectName, seeds, spread, belowOneLiner }: CompareRow, withProject: boolean): string {
  const facts = [
    withProject ? projectName : '',
    seeds.length > 1 ? `${seeds.length} seeds${spread ? `, std ${formatNumber(spread.vusPrStd, 2)}` : ''}` : '',
    belowOneLiner ? 'below the one-liner' : '',
  ];
  const known = facts.filter(Boolean).join('; ');
  return known ? `${title} (${known})` : title;
}

function figureCells(row: CompareRow | RefereeRow): string[] {
  return [
    metricText(row.vusPr.value, (value) => value.toFixed(3)),
    intervalText(row.vusPr),
    row.labels === 0 ? '–' : `${Number(row.caught.toFixed(1))} of ${row.labels}`,
    metricText(row.falseEventsPerDay, formatNumber),
    metricText(row.medianDelayMs, formatDuration),
    metricText(row.f1, (value) => value.toFixed(3)),
    metricText(row.aucRoc, (value) => value.toFixed(3)),
  ];
}

function intervalText({ interval }: Estimate): string {
  return interval.low === null ? '–' : `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`;
}

function rankText({ rank }: CompareRow): string {
  return rank.from === rank.to ? String(rank.from) : `${rank.from} to ${rank.to}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
