import { explainingClasses, ofClass, overlaps, unionIntervals, type Interval } from '../labels/interval';
import type { Label } from '../labels/label';
import type { CompareEvent } from './comparison';
import type { JudgedRows, JudgedRun } from './judged';
import { kindsOfRows } from './judged';
import { rowKinds } from '../thresholds/rows';
import { lowerBound } from '../series/search';

/**
 * What each method made of each labelled anomaly, in order of time, then of each time in which any of them found something false:
 * false events of different methods that overlap are one line.
 *
 * @param shown - the run of each row whose events are shown, with the row's letter.
 */
export function eventTable(
  shown: readonly { readonly letter: string; readonly judged: JudgedRun }[],
  rows: JudgedRows,
): CompareEvent[] {
  const kinds = kindsOfRows(rows);
  const has = (interval: Interval, kind: number): boolean => {
    const { timestamps } = rows;
    for (let i = lowerBound(timestamps, interval.start); i < timestamps.length && timestamps[i]! <= interval.end; i++) {
      if (kinds[i] === kind) return true;
    }
    return false;
  };
  const anomalies = ofClass(rows.labels, 'anomaly')
    .filter((label) => has(label, rowKinds.anomaly))
    .toSorted((a, b) => a.start - b.start || a.end - b.end);
  const explained = ofClass(rows.labels, ...explainingClasses);
  const isFalse = (event: Interval): boolean =>
    ![...anomalies, ...explained].some((label) => overlaps(label, event)) && has(event, rowKinds.normal);

  const labelled = anomalies.map((label): CompareEvent => {
    const { start, end, id } = label;
    return {
      start,
      end,
      labelId: id,
      name: rows.names.get(id)!,
      text: textOf(label),
      found: shown.map((row) => foundOf(row, label, 'missed')),
    };
  });
  const wrong = shown.map(({ letter, judged }) => ({ letter, judged: { ...judged, events: judged.events.filter(isFalse) } }));
  const times = unionIntervals(wrong.flatMap(({ judged }) => judged.events));
  const digits = Math.max(2, String(times.length).length);
  const unlabelled = times.map(({ start, end }, i): CompareEvent => {
    const name = `F-${String(i + 1).padStart(digits, '0')}`;
    return { start, end, labelId: null, name, text: 'no label', found: wrong.map((row) => foundOf(row, { start, end }, 'none')) };
  });
  return [...labelled, ...unlabelled];
}

/** The first event of a method that overlaps, and the time to it. */
function foundOf(
  { letter, judged }: { readonly letter: string; readonly judged: JudgedRun },
  time: Interval,
  otherwise: 'missed' | 'none',
): CompareEvent['found'][number] {
  const event = judged.events.find((candidate) => overlaps(candidate, time));
  const { runId } = judged.run.member;
  if (!event) return { letter, state: otherwise, delayMs: null, runId, eventId: null };
  return otherwise === 'missed'
    ? { letter, state: 'caught', delayMs: Math.max(0, event.start - time.start), runId, eventId: event.id }
    : { letter, state: 'false', delayMs: null, runId, eventId: event.id };
}

function textOf(label: Label): string {
  return label.comment || 'labelled anomaly';
}
