import type { Comparison, CompareEvent } from '../compare/comparison';
import type { Standing } from '../referee/report';
import { countOf, formatCount, formatDuration, signed, type TimeFormatter } from './format';
import type { Block, TableBlock } from './model';
import { tableRowCap } from './sections';
import { metricText } from './words';

/** What each method made of each labelled anomaly, and of its false events. */
export function eventBlock({ eventTable, rows }: Comparison, clock: TimeFormatter): TableBlock {
  return {
    kind: 'table',
    title: 'Table 3. Labelled anomalies in order of time, then false events',
    columns: [
      { title: 'Event', weight: 9, strong: true },
      { title: 'Start', weight: 20, keep: true },
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

/** Every pair of methods, judged on the same draws. */
export function pairBlocks({ pairs, rows }: Comparison): Block[] {
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

/** Settings that differ side by side; the equal ones in a sentence. */
export function settingBlocks({ settings, rows }: Comparison): Block[] {
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
