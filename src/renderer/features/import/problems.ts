import type { ImportPreview } from '../../../contract/types';
import type { Finding, ImportReport } from '../../../core/ingest/recipe';
import { rowTimesText } from '../../../core/ingest/row-times';
import { formatCount, plural } from '../../composables/format';

/** Something about a file that is worth reading before (or after) it is imported. */
export interface Problem {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly first: Finding['first'];
  /** An unknown text that waits for an answer. */
  readonly unknownText?: string;
  /** A choice of the recipe that is in doubt until someone says that it is right. */
  readonly doubtful?: string;
}
export interface ProblemGroups {
  /** Needs an answer, or a look: there is a safe default. */
  readonly ask: readonly Problem[];
  /** Was dealt with and counted. */
  readonly handled: readonly Problem[];
  readonly know: readonly Problem[];
}

const places = (finding: Finding): string => {
  const lines = finding.first.slice(0, 3).map((f) => formatCount(f.line));
  if (lines.length === 0) return '';
  return `${finding.count === 1 ? 'line' : finding.count > lines.length ? 'first in lines' : 'lines'} ${lines.join(', ')}`;
};

/** What was done with everything that was not simply a value, as sentences; findings that did not occur are left out. */
export function handledFindings(report: ImportReport): readonly Problem[] {
  const all: [keyof ImportReport & string, Finding, string, (n: number) => string][] = [
    ['status', report.status, 'Status texts kept as quality, never as numbers', (n) => plural(n, 'cell')],
    ['missing', report.missing, 'Empty cells kept as missing', (n) => plural(n, 'cell')],
    ['unreadable', report.unreadable, 'Texts that are no number, stored as bad', (n) => plural(n, 'cell')],
    ['badTime', report.badTime, 'Rows without a readable time, left out', (n) => plural(n, 'row')],
    ['repeated', report.repeated, 'Repeated times, last row kept', (n) => plural(n, 'row')],
    ['outOfOrder', report.outOfOrder, 'Out of order, sorted by time', (n) => plural(n, 'row')],
    ['ragged', report.ragged, 'Rows with more or fewer cells than the header', (n) => plural(n, 'row')],
    ['clockChange', report.clockChange, 'Times in an hour that the clock skips or repeats', (n) => plural(n, 'row')],
  ];
  const { rowTimes } = report;
  const made = { id: 'rowTimes', title: 'Times made from row order, not measured', first: [] };
  return [
    ...(rowTimes ? [{ ...made, text: sentence(rowTimesText(rowTimes)) }] : []),
    ...all
      .filter(([, finding]) => finding.count > 0)
      .map(([id, finding, title, count]) => ({
        id,
        title,
        text: [count(finding.count), places(finding)].filter(Boolean).join(', '),
        first: finding.first,
      })),
  ];
}

/**
 * Notes of a preview in the three groups of the inspector.
 *
 * @param settled - choices of the recipe that the user made: no longer in doubt.
 */
export function problemsOf(preview: ImportPreview, settled: object = {}): ProblemGroups {
  const unknown = preview.report.unknownTexts.map((u) => ({
    id: `unknown:${u.text}`,
    title: `Unknown text “${u.text}” in ${u.column}`,
    text: `${plural(u.count, 'cell')}, first in line ${formatCount(u.line)}. Stored as bad unless you say what it means.`,
    first: [],
    unknownText: u.text,
  }));
  const doubts = preview.evidence
    .filter((e) => e.doubt && !(e.choice in settled))
    .map((e) => ({
      id: `doubt:${e.choice}`,
      title: choiceTitles[e.choice] ?? e.choice,
      text: sentence(e.text),
      first: [],
      doubtful: e.choice,
    }));
  const repeat = preview.importedBefore.map((name) => ({
    id: `before:${name}`,
    title: 'Imported before',
    text: `This project already has the same file as “${name}”.`,
    first: [],
  }));
  const tagsSeen = preview.evidence.filter(
    (e) => !e.doubt && (e.choice === 'tags' || e.choice === 'valueColumns' || e.choice === 'labelColumn'),
  );
  return {
    ask: [...repeat, ...doubts, ...unknown],
    // The unknown texts are asked about above, one by one.
    handled: handledFindings(preview.report).filter((p) => p.id !== 'unreadable' || unknown.length === 0),
    know: [
      ...tagsSeen.map((e, i) => ({
        id: `know:${i}`,
        title: choiceTitles[e.choice] ?? e.choice,
        text: sentence(e.text),
        first: [],
      })),
      ...(preview.importedBefore.length === 0
        ? [{ id: 'new', title: 'Not imported before', text: 'No dataset of this project has this file’s hash.', first: [] }]
        : []),
    ],
  };
}

const choiceTitles: Readonly<Record<string, string>> = {
  encoding: 'Encoding',
  delimiter: 'Columns',
  headerLine: 'Tag names',
  unitLine: 'Units',
  timeColumn: 'Time column',
  timeFormat: 'Order of day and month',
  timeZone: 'Time zone',
  decimal: 'Decimal mark',
  thousands: 'Thousands',
  statusTexts: 'Status texts',
  valueColumns: 'Columns taken as tags',
  tags: 'Step tags',
  labelColumn: 'Label column',
};

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
