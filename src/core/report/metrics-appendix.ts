import { sheetNotes, sheetReasons, sheetTable, sheetWarning, type SheetGroup } from '../metrics/sheet-table';
import { countOf } from './format';
import type { Block, ReportInput, Section, TableBlock } from './model';
import { metricText } from './words';

/** Longer lists of names say nothing that the dashes do not. */
const mostNames = 6;

/** Every metric of the test part beside a random score, as the screen and `evaluate` show them; empty without a sheet. */
export function metricsAppendix({ sheet }: ReportInput): Section[] {
  if (!sheet) return [];
  const groups = sheetTable(sheet);
  const warning = sheetWarning(sheet);
  const reasons = sheetReasons(groups).map(
    ({ reason, names }) =>
      `Not computable, ${reason} (${names.length > mostNames ? countOf(names.length, 'figure') : names.join(', ')}).`,
  );
  const small = (text: string): Block => ({ kind: 'paragraph', text, small: true });
  return [
    {
      title: 'All metrics',
      blocks: [
        small(`Protocol: ${sheet.protocol}.`),
        ...(warning ? [{ kind: 'paragraph', text: warning } as const] : []),
        ...groups.map(groupTable),
        ...[...sheetNotes(sheet), ...reasons].map(small),
      ],
    },
  ];
}

function groupTable({ title, rows }: SheetGroup): TableBlock {
  return {
    kind: 'table',
    title,
    columns: [
      { title: 'Metric', weight: 32, strong: true },
      { title: 'Test', weight: 14, align: 'right' },
      { title: 'Random score', weight: 16, align: 'right' },
      { title: 'Meaning', weight: 58 },
    ],
    rows: rows.map(({ name, figure, random, write, meaning, bound }) => [
      // What belongs to the row above stays set in; a plain space would be lost.
      name.replace(/^ +/, '\u00a0\u00a0'),
      metricText(figure, write),
      random === null ? '' : metricText(random, write),
      bound ? `not a result: ${meaning}` : meaning,
    ]),
    grey: rows.flatMap(({ bound }, r) => (bound ? [r] : [])),
    note: '',
  };
}
