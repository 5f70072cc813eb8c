import type { ComponentsInsight, Exceeded, GraphInsight, Insight, RunInsight, ShapesInsight, WindowSpan } from '../insight/insight';
import { tagParts } from '../insight/insight';
import { loadingText, statistics } from '../insight/words';
import { countOf, formatCount, formatNumber, formatPercent, timeFormatter } from './format';
import { graphDrawing, shapesDrawing } from './insight-drawing';
import type { Block, ReportInput, Section, TableBlock } from './model';

/** Rows of a table of tags. */
const mostTags = 30;
/** Components whose loadings are written, and tags of one. */
const mostComponents = 8;
const mostParts = 6;

/** What the model learned; empty where its detector shows nothing. */
export function insightSection({ insight, timeZone }: ReportInput): Section[] {
  if (!insight) return [];
  const drawing =
    insight.insight.kind === 'graph'
      ? graphDrawing(insight.insight)
      : insight.insight.kind === 'shapes'
        ? shapesDrawing(insight.insight)
        : null;
  const [first, ...rest] = insightBlocks(insight, timeFormatter(timeZone).time);
  return [
    {
      title: 'Inside the model',
      blocks: [
        first!,
        ...(drawing
          ? [
              {
                kind: 'figure',
                title: insight.insight.kind === 'graph' ? 'Sensor graph' : 'Discords and motifs',
                drawing: drawing.drawing,
                caption: drawing.caption,
                facts: [],
              } as const,
            ]
          : []),
        ...rest,
      ],
    },
  ];
}

/**
 * An insight in words and tables, as reports and the command line write it: a paragraph first.
 *
 * @param write - a time, in the zone that is written.
 */
export function insightBlocks({ insight, labelsChanged }: RunInsight, write: (ms: number) => string): Block[] {
  const changed = labelsChanged ? ' Labels changed since training: what is said of the training rows is about those of today.' : '';
  return [{ kind: 'paragraph', text: wordsOf(insight) + changed }, ...tablesOf(insight, write)];
}

function wordsOf(insight: Insight): string {
  switch (insight.kind) {
    case 'graph':
      return (
        `The learned sensor graph: each of the ${formatCount(insight.tags.length)} tags is forecast from its own past and from the tags ` +
        'that were learned to be most alike. Shares are means over rows that did not train; they say what the model uses, not what causes what.'
      );
    case 'shapes':
      return (
        `Discords are the windows of ${formatCount(insight.window)} samples in the scored data that are furthest from all ` +
        `${insight.past ? 'of the training data and what came before' : 'of the training data'}; motifs the windows of the training data ` +
        'that repeat best. Distances are z-normalised and Euclidean: level and size are taken out' +
        `${insight.tags.length > 1 ? '; of several tags the root mean square' : ''}. No two discords, windows of a motif or motifs share a row; ` +
        'a motif holds all windows within twice the distance of its pair.'
      );
    case 'components':
      return (
        `${formatCount(insight.kept)} of ${formatCount(insight.explained.length)} principal components are kept, fitted to ` +
        `${countOf(insight.rows, 'training window')} of ${countOf(insight.window, 'row')}; they explain ` +
        `${formatPercent(insight.explained.slice(0, insight.kept).reduce((sum, share) => sum + share, 0))} of the variance. T² says ` +
        `${statistics.t2.meaning}, Q ${statistics.q.meaning}.`
      );
  }
}

function tablesOf(insight: Insight, write: (ms: number) => string): TableBlock[] {
  switch (insight.kind) {
    case 'graph':
      return [graphTable(insight)];
    case 'shapes':
      return [discordTable(insight, write), motifTable(insight, write)];
    case 'components':
      return [limitTable(insight), loadingTable(insight)];
  }
}

function graphTable({ tags, own, edges }: GraphInsight): TableBlock {
  const takes = tags.map((_, tag) => edges.filter((edge) => edge.tag === tag));
  return {
    kind: 'table',
    title: 'What each tag is forecast from',
    columns: [
      { title: 'Tag', weight: 24, strong: true },
      { title: 'Own past', weight: 12, align: 'right' },
      { title: 'Other tags, the strongest first', weight: 64, keep: true },
    ],
    rows: tags.slice(0, mostTags).map((tag, t) => [
      tag,
      formatPercent(own[t]!),
      takes[t]!.slice(0, 4)
        .map(({ from, weight }) => `${tags[from]} ${formatPercent(weight)}`)
        .join(', ') || 'none',
    ]),
    note: tags.length > mostTags ? `The first ${mostTags} of ${formatCount(tags.length)} tags; the JSON file holds all.` : '',
  };
}

const spanText = (span: WindowSpan, write: (ms: number) => string): string => (span ? write(span.start) : 'time not known');

function discordTable({ discords, tags }: ShapesInsight, write: (ms: number) => string): TableBlock {
  return {
    kind: 'table',
    title: 'Discords',
    columns: [
      { title: 'No.', weight: 6, align: 'right' },
      { title: 'Begins', weight: 24, strong: true },
      { title: 'Distance', weight: 12, align: 'right' },
      { title: 'Tag, its distance', weight: 24 },
      { title: 'Most similar window', weight: 34 },
    ],
    rows: discords.map(({ span, distance, tags: [first] }, i) => [
      String(i + 1),
      write(span.start),
      formatNumber(distance),
      first ? `${tags[first.tag]} ${formatNumber(first.distance)}` : '',
      first ? `${spanText(first.nearest, write)}${first.among === 'scored' ? ', before it' : ''}` : '',
    ]),
    note: discords.length === 0 ? 'Every window has one that is exactly like it.' : '',
  };
}

function motifTable({ motifs, remembered, searched }: ShapesInsight, write: (ms: number) => string): TableBlock {
  const where = searched < remembered ? `the last ${formatCount(searched)} of ${formatCount(remembered)}` : formatCount(searched);
  return {
    kind: 'table',
    title: 'Motifs',
    columns: [
      { title: 'No.', weight: 6, align: 'right' },
      { title: 'Begins', weight: 24, strong: true },
      { title: 'Distance', weight: 12, align: 'right' },
      { title: 'Most similar', weight: 34 },
      { title: 'Windows', weight: 12, align: 'right' },
    ],
    rows: motifs.map(({ windows, distance, count }, i) => [
      String(i + 1),
      spanText(windows[0] ?? null, write),
      formatNumber(distance),
      spanText(windows[1] ?? null, write),
      formatCount(count),
    ]),
    note: motifs.length === 0 ? 'No window of the training data repeats.' : `Sought in ${where} remembered rows.`,
  };
}

const rateText = ({ over, of }: Exceeded): string =>
  of === 0 ? 'no window' : `${formatPercent(over / of)} (${formatCount(over)} of ${formatCount(of)})`;

function limitTable({ limits, confidence }: ComponentsInsight): TableBlock {
  return {
    kind: 'table',
    title: `Control limits at a confidence of ${formatPercent(confidence)}`,
    columns: [
      { title: 'Statistic', weight: 12, strong: true },
      { title: 'Limit', weight: 12, align: 'right' },
      { title: 'Above, training rows', weight: 22, align: 'right' },
      { title: 'Above, all scored rows', weight: 22, align: 'right' },
      { title: 'Computed from', weight: 40 },
    ],
    rows: limits.map(({ id, value, training, scored, from }) => [
      statistics[id].name,
      formatNumber(value),
      rateText(training),
      rateText(scored),
      from,
    ]),
    note:
      `${formatPercent(1 - confidence)} of normal windows are expected above each. ` +
      'New normal rows exceed the limits more often than the training rows, which they were computed from.',
  };
}

function loadingTable({ loadings, explained, tags, window, kept }: ComponentsInsight): TableBlock {
  let sum = 0;
  return {
    kind: 'table',
    title: 'Components',
    columns: [
      { title: 'No.', weight: 6, align: 'right' },
      { title: 'Explains', weight: 12, align: 'right' },
      { title: 'Together', weight: 12, align: 'right' },
      { title: 'Tags with the largest part', weight: 70, keep: true },
    ],
    rows: loadings.slice(0, mostComponents).map((own, i) => {
      sum += explained[i]!;
      const parts = tagParts(own, tags.length)
        .map((part, tag) => ({ part, tag }))
        .sort((a, b) => b.part.share - a.part.share || a.tag - b.tag);
      return [
        String(i + 1),
        formatPercent(explained[i]!),
        formatPercent(sum),
        parts
          .slice(0, mostParts)
          .map(({ part, tag }) => `${tags[tag]} ${loadingText(part, window)}`)
          .join(', '),
      ];
    }),
    note:
      (kept > mostComponents ? `The first ${mostComponents} of ${formatCount(kept)} kept components. ` : '') +
      (window === 1
        ? 'Loadings of standardised tags: those with one sign move together.'
        : 'Share of each tag over the rows of a window; + and −: on one side for the whole window, ~: it swings.'),
  };
}
