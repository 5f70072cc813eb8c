import type { Finding } from '../ingest/recipe';
import { rowTimesText } from '../ingest/row-times';
import { countOf, formatCount, formatNumber, formatPercent } from './format';
import type { Fact, ReportInput, Section } from './model';
import { tableRowCap } from './sections';

/** What the file held, and what of it could not be used. */
export function dataSection(input: ReportInput): Section {
  const { dataset } = input;
  const { quality } = dataset;
  const finding = (name: string, found: Finding, what: string): Fact => {
    const lines = found.first.slice(0, 5).map(({ line }) => formatCount(line));
    const where = lines.length === 0 ? '' : `, first in line ${lines.join(', ')}`;
    return { name, text: `${countOf(found.count, what)}${where}` };
  };
  return {
    title: 'Data and their quality',
    blocks: [
      {
        kind: 'facts',
        rows: [
          { name: 'File', text: `${dataset.sourceName}, sha256 ${dataset.sha256}` },
          {
            name: 'Rows',
            text: `${formatCount(quality.rows)} taken of ${formatCount(quality.fileRows)} in the file`,
          },
          ...(quality.rowTimes
            ? [{ name: 'Times', text: `made from row order, ${rowTimesText(quality.rowTimes)}; the file holds none` }]
            : []),
          {
            name: 'Cells',
            text: `${formatCount(quality.values)} with a value of ${formatCount(quality.cells)}${
              quality.cells > 0 ? ` (${formatPercent(quality.values / quality.cells)})` : ''
            }`,
          },
          finding('Missing', quality.missing, 'empty cell'),
          finding('Status texts', quality.status, 'cell'),
          finding('Unreadable', quality.unreadable, 'cell'),
          finding('Unreadable times', quality.badTime, 'row'),
          finding('Repeated times', quality.repeated, 'row'),
          finding('Out of order', quality.outOfOrder, 'row'),
          finding('Uneven rows', quality.ragged, 'row'),
          finding('Clock changes', quality.clockChange, 'row'),
        ],
      },
      {
        kind: 'table',
        title: 'Tags',
        columns: [
          { title: 'Tag', weight: 28, strong: true },
          { title: 'Unit', weight: 10 },
          { title: 'Values', weight: 15, align: 'right' },
          { title: 'Missing', weight: 12, align: 'right' },
          { title: 'Bad', weight: 10, align: 'right' },
          { title: 'Lowest', weight: 14, align: 'right' },
          { title: 'Mean', weight: 14, align: 'right' },
          { title: 'Highest', weight: 14, align: 'right' },
          { title: 'Std', weight: 12, align: 'right' },
        ],
        rows: dataset.channels
          .slice(0, tableRowCap)
          .map(({ name, unit, stats }) => [
            name,
            unit || 'none',
            formatCount(stats.count),
            formatCount(stats.missing),
            formatCount(stats.bad),
            ...[stats.min, stats.mean, stats.max, stats.std].map((v) => (v === null ? '–' : formatNumber(v))),
          ]),
        note: dataset.channels.length > tableRowCap ? `The first ${tableRowCap} of ${dataset.channels.length} tags.` : '',
      },
    ],
  };
}

/** What is needed to get the same numbers again. */
export function engineSection(input: ReportInput): Section {
  const { model } = input;
  return {
    title: 'Engine and versions',
    blocks: [
      {
        kind: 'facts',
        rows: [
          { name: 'Faultline', text: input.appVersion },
          {
            name: 'Engine',
            text: `${model.engine.backend} ${model.engine.version}, ${countOf(model.engine.threads, 'thread')}. ${model.engine.reason}`,
          },
          { name: 'Seed', text: String(model.seed) },
          { name: 'Trained on', text: `sha256 ${model.dataSha256}` },
          ...Object.entries(model.versions).map(([name, text]) => ({ name, text })),
        ],
      },
      {
        kind: 'paragraph',
        small: true,
        text: 'The same data, labels, parameters, seed, engine and number of threads give the same scores, threshold and events.',
      },
    ],
  };
}
