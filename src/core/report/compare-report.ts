import type { Comparison, CompareEvent, CompareRow } from '../compare/comparison';
import type { Estimate, RefereeRow, Standing } from '../referee/report';
import { standingWords } from '../referee/standing';
import { comparisonData, methodTable, type AbsentMethod } from './compare-data';
import { countOf, formatCount, formatDuration, formatNumber, formatScore, timeFormatter, type TimeFormatter } from './format';
import type { Block, FigureBlock, Report, ReportComparison, Section, TableBlock } from './model';
import { tableRowCap } from './sections';
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
        {
          kind: 'terms',
          rows: comparison.conditions.map(({ ok, title: name, text }) => ({
            mark: ok ? 'kept' : 'broken',
            text: `${capital(name)}. ${text}`,
          })),
        },
        { kind: 'paragraph', text: `Times: ${clock.zone(createdAt)}. Report made on ${clock.time(createdAt)}.`, small: true },
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
        ...rows.map((row) => [row.letter, methodName(row), ...figureCells(row), rankText(row)]),
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
  const seconds = (value: number | null): string => (value === null ? '–' : `${formatNumber(value, 3)} s`);
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
      { title: 'Engine', weight: 16 },
    ],
    rows: [
      ...rows.map((row) => [
        row.letter,
        row.title,
        row.againstOneLiner ? againstWords(row.againstOneLiner) : '–',
        String(Number(row.falseEvents.toFixed(1))),
        row.thresholds.map(formatScore).join(', '),
        seconds(row.trainSeconds),
        seconds(row.scoreSeconds),
        `${row.engine.backend} ${row.engine.version}`,
      ]),
      ...referee.map((row) => [
        '',
        row.title,
        '',
        row.falseEvents === undefined ? '–' : String(Number(row.falseEvents.toFixed(1))),
        row.threshold === undefined ? '–' : formatScore(row.threshold),
        ...['', '', ''],
      ]),
    ],
    grey: referee.map((_, r) => rows.length + r),
    note: 'Difference of VUS-PR on the same draws, each by itself at 95 %. Thresholds are from the calibration part, in the unit of each score.',
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

function methodName({ title, projectName, seeds, spread, belowOneLiner }: CompareRow): string {
  const facts = [
    projectName,
    seeds.length > 1 ? `${seeds.length} seeds${spread ? `, std ${formatNumber(spread.vusPrStd, 2)}` : ''}` : '',
    belowOneLiner ? 'below the one-liner' : '',
  ];
  return `${title} (${facts.filter(Boolean).join('; ')})`;
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

function eventBlock({ eventTable, rows }: Comparison, clock: TimeFormatter): TableBlock {
  return {
    kind: 'table',
    title: 'Table 3. Labelled anomalies in order of time, then false events',
    columns: [
      { title: 'Event', weight: 9, strong: true },
      { title: 'Start', weight: 20 },
      { title: 'What it was', weight: 30 },
      ...rows.map(({ letter }) => ({ title: letter, weight: 14, align: 'right' as const })),
    ],
    rows: eventTable
      .slice(0, tableRowCap)
      .map((event) => [
        event.name,
        clock.time(event.start),
        event.text,
        ...rows.map(({ letter }) => foundText(event.found.find((found) => found.letter === letter))),
      ]),
    note:
      eventTable.length === 0
        ? 'No labelled anomaly in the period, and no false event of any method.'
        : 'Time from the start of the label to the event; "missed", "false", or a dash where a method found nothing. False events of several methods that overlap are one line.' +
          (eventTable.length > tableRowCap
            ? ` The first ${tableRowCap} of ${formatCount(eventTable.length)} lines; the JSON file holds all.`
            : '') +
          (rows.some(({ seeds }) => seeds.length > 1)
            ? ' Of a method with several seeds the run nearest to its mean is shown.'
            : ''),
  };
}

function foundText(found: CompareEvent['found'][number] | undefined): string {
  switch (found?.state) {
    case 'caught':
      return found.delayMs ? formatDuration(found.delayMs) : 'at once';
    case 'missed':
    case 'false':
      return found.state;
    default:
      return '–';
  }
}

function pairBlocks({ pairs, rows }: Comparison): Block[] {
  if (pairs.length === 0) return [{ kind: 'paragraph', text: 'There is one method only, so there is no pair.' }];
  return [
    {
      kind: 'table',
      title: 'Table 4. Differences of VUS-PR',
      columns: [
        { title: 'Pair', weight: 12, strong: true },
        { title: 'Difference', weight: 14, align: 'right' },
        { title: '95 % interval', weight: 24, align: 'right' },
        { title: 'What it says', weight: 60 },
      ],
      rows: pairs.map(({ a, b, difference, standing }) => [
        `${a} − ${b}`,
        metricText(difference.value, (value) => signed(value)),
        difference.interval.low === null ? '–' : `${signed(difference.interval.low)} to ${signed(difference.interval.high)}`,
        standingText(a, standing, difference.events),
      ]),
      note: '',
    },
    {
      kind: 'paragraph',
      text:
        (pairs.length < (rows.length * (rows.length - 1)) / 2 ? 'Each method against the best. ' : '') +
        'Both methods of a pair are judged on the same draws of the same labelled anomalies. Each interval is a 95 % one by itself, not corrected for the number of pairs.',
      small: true,
    },
  ];
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(3);
  // What is written as nothing has no direction.
  const sign = Number(text) === 0 ? '' : value < 0 ? '−' : '+';
  return sign + text;
}

function standingText(a: string, standing: Standing, events: number): string {
  const sample = countOf(events, 'event');
  switch (standing) {
    case 'ahead':
      return `${a} is ahead (${sample})`;
    case 'behind':
      return `${a} is behind (${sample})`;
    case 'no-difference':
      return `no significant difference with ${sample}`;
    case 'cannot-tell':
      return `too few to tell apart with ${sample}`;
  }
}

function settingBlocks({ settings, rows }: Comparison): Block[] {
  const differing = settings.filter(({ differs }) => differs);
  const table = (title: string, shown: Comparison['settings']): TableBlock => ({
    kind: 'table',
    title,
    columns: [{ title: 'Setting', weight: 24, strong: true }, ...rows.map(({ letter }) => ({ title: letter, weight: 30 }))],
    rows: shown.map(({ name, values }) => [name, ...values.map((value) => value ?? '–')]),
    note: '',
  });
  const equal = settings.filter(({ differs }) => !differs);
  return [
    differing.length > 0
      ? table(`Table 5. What differs: ${differing.length} of ${settings.length} settings`, differing)
      : { kind: 'paragraph', text: `All ${settings.length} settings are equal.` },
    ...(equal.length > 0
      ? [
          {
            kind: 'paragraph' as const,
            text: `Equal: ${equal.map(({ name, values }) => `${name} ${values[0] ?? '–'}`).join('; ')}.`,
            small: true,
          },
        ]
      : []),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
