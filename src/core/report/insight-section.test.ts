import { expect, it } from 'vitest';
import type { ComponentsInsight, GraphInsight, Insight, ShapesInsight } from '../insight/insight';
import { insightBlocks, insightSection } from './insight-section';
import type { Block, FigureBlock, ReportInput, TableBlock } from './model';
import { renderHtml } from './html';

const minute = 60_000;
const day = Date.UTC(2026, 4, 20);
const of = (insight: Insight | null, labelsChanged = false): ReportInput =>
  ({ timeZone: 'Europe/Berlin', insight: insight && { insight, labelsChanged, trainedHere: true } }) as ReportInput;
const blocksOf = (insight: Insight): readonly Block[] => {
  const [section] = insightSection(of(insight));
  expect(section!.title).toBe('Inside the model');
  const report = {
    title: '',
    subtitle: '',
    head: ['', ''],
    foot: '',
    createdAt: 0,
    sections: [section!],
    table: { columns: [], rows: [] },
    data: {},
  } as const;
  // Whatever is in it can be laid out.
  expect(renderHtml(report)).toContain('Inside the model');
  return section!.blocks;
};
const tablesOf = (insight: Insight): TableBlock[] => blocksOf(insight).filter((block) => block.kind === 'table');
const figureOf = (insight: Insight): FigureBlock | undefined => blocksOf(insight).find((block) => block.kind === 'figure');

const graph: GraphInsight = {
  kind: 'graph',
  tags: ['TI-1', 'FI-2', 'PI-3'],
  own: [0.5, 0.9, 1],
  edges: [
    { tag: 0, from: 2, weight: 0.3, likeness: 0.8 },
    { tag: 0, from: 1, weight: 0.2, likeness: 0.4 },
    { tag: 1, from: 0, weight: 0.1, likeness: 0.4 },
  ],
};
const shapes: ShapesInsight = {
  ...{ kind: 'shapes', tags: ['a', 'b'], window: 4, remembered: 300, searched: 200, past: false },
  discords: [
    {
      ...{ span: { start: day, end: day + 3 * minute }, distance: 2.5 },
      tags: [
        { tag: 1, distance: 3.5, nearest: null, among: 'training', shape: [-1, 1, -1, 1], nearestShape: [1, 1, -1, -1] },
        { tag: 0, distance: 0.1, nearest: null, among: 'training', shape: [0, 0, 0, 0], nearestShape: [0, 0, 0, 0] },
      ],
    },
  ],
  motifs: [
    {
      ...{
        distance: 0.25,
        count: 7,
        tags: [
          {
            tag: 0,
            shapes: [
              [-1, 1, -1, 1],
              [-1, 1, 1, -1],
            ],
          },
        ],
      },
      windows: [
        { start: day - 60 * minute, end: day - 57 * minute },
        { start: day - 30 * minute, end: day - 27 * minute },
      ],
    },
  ],
};
const components: ComponentsInsight = {
  ...{ kind: 'components', tags: ['a', 'b'], window: 1, rows: 400, kept: 1, explained: [0.8, 0.2], confidence: 0.99 },
  loadings: [[0.8, -0.6]],
  limits: [
    { id: 't2', value: 6.7, from: 'F distribution', training: { over: 4, of: 400 }, scored: { over: 30, of: 1000 } },
    { id: 'q', value: 1.5, from: 'left out', training: { over: 0, of: 400 }, scored: { over: 0, of: 0 } },
  ],
};

it('writes what each tag is forecast from, and draws it', () => {
  expect(tablesOf(graph)[0]!.rows).toEqual([
    ['TI-1', '50 %', 'PI-3 30 %, FI-2 20 %'],
    ['FI-2', '90 %', 'TI-1 10 %'],
    ['PI-3', '100 %', 'none'],
  ]);
  const lines = figureOf(graph)!.drawing!.marks.filter(({ kind }) => kind === 'line');
  // The widest edge is the one with the largest share.
  expect(lines.map((line) => ('width' in line ? line.width : 0))).toEqual([4, 4 * (0.2 / 0.3), 4 * (0.1 / 0.3)]);
});

it('writes discords and motifs in the zone of the report', () => {
  const [discords, motifs] = tablesOf(shapes);
  expect(discords!.rows).toEqual([['1', '20 May 2026 02:00', '2.50', 'b 3.50', 'time not known']]);
  expect(motifs!.rows).toEqual([['1', '20 May 2026 01:00', '0.250', '20 May 2026 01:30', '7']]);
  expect(motifs!.note).toBe('Sought in the last 200 of 300 remembered rows.');
  expect(figureOf(shapes)!.drawing!.marks.filter(({ kind }) => kind === 'text')).toHaveLength(4);
});

it('writes limits with how often they are exceeded, and loadings with their signs', () => {
  const [limits, loadings] = tablesOf(components);
  expect(limits!.rows).toEqual([
    ['T²', '6.70', '1.0 % (4 of 400)', '3.0 % (30 of 1,000)', 'F distribution'],
    ['Q (SPE)', '1.50', '0 % (0 of 400)', 'no window', 'left out'],
  ]);
  expect(loadings!.rows).toEqual([['1', '80 %', '80 %', 'a +0.80, b −0.60']]);
});

it('says when labels changed since training, and is left out where nothing is shown', () => {
  const run = { insight: graph, trainedHere: true };
  const words = (labelsChanged: boolean): string => JSON.stringify(insightBlocks({ ...run, labelsChanged }, String)[0]);
  expect(words(true)).toContain('Labels changed since training');
  expect(words(false)).not.toContain('Labels changed');
  expect(insightSection(of(null))).toEqual([]);
});
