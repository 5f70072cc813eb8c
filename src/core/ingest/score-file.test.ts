import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../errors';
import { readTruth } from '../labels/truth-file';
import { readScores } from './score-file';

const failsWith = (work: () => unknown, code: ErrorCode, text: RegExp): void => {
  expect(work).toThrow(expect.objectContaining({ code, message: expect.stringMatching(text) as string }) as Error);
};

describe('scores of any program', () => {
  it('keeps all 64 bits', () => {
    const { score } = readScores('index,score\n0,0.1\n1,0.10000000000000002\n2,1e-300\n3,-inf\n');
    expect([...score]).toEqual([0.1, 0.10000000000000002, 1e-300, -Infinity]);
    expect(score[1]! > score[0]!).toBe(true);
  });

  it('reads times, numbers from 0 and from 1, and a column alone', () => {
    const timed = readScores('timestamp,score,threshold\n2024-01-01 00:00:00,1,\n2024-01-01 00:05:00,,2.5\n');
    expect(timed).toMatchObject({ rowNumbersFrom: undefined, threshold: 2.5, timeFormat: 'iso' });
    expect(timed.timestamps[1]! - timed.timestamps[0]!).toBe(300_000);
    expect([...timed.score]).toEqual([1, NaN]);
    expect(readScores('timestamp,score\n0,5\n1,6\n').rowNumbersFrom).toBe(0);
    expect(readScores('index,score\n1,5\n2,6\n').rowNumbersFrom).toBe(1);
    expect([...readScores('0,5\n1,6\n').score]).toEqual([5, 6]);
    expect(readScores('score\n5\n6\n')).toMatchObject({ rowNumbersFrom: 0, column: -1, threshold: undefined });
    expect([...readScores('0.25\n0.5\n').score]).toEqual([0.25, 0.5]);
    expect([...readScores(',anomaly_score,label\n0,5,0\n1,6,1\n').score]).toEqual([5, 6]);
    expect([...readScores('time;score\n01.02.2024 00:00;0,25\n13.02.2024 00:00;1,5\n').score]).toEqual([0.25, 1.5]);
    expect(readScores('\ufefftime\tscore\r\n1704067200\t3\r\n1704067260\t4\r\n').timeFormat).toBe('epoch-s');
  });

  it('says in which line what is wrong', () => {
    failsWith(() => readScores('index,score\n0,1\n1,high\n'), 'threshold/no-scores', /Line 3: "high" is not a number/);
    failsWith(() => readScores('time,value\n2024-01-01,1\n'), 'threshold/no-scores', /no column "score"; it has time, value/);
    failsWith(() => readScores('index,score\n0,\n1,nan\n'), 'threshold/no-scores', /No row/);
    failsWith(() => readScores('index,score\n0,1\n2,1\n'), 'import/bad-timestamp', /Line 3: row number "2" does not follow; 1/);
    failsWith(
      () => readScores('time,score\n2024-01-02,1\n2024-01-01,1\n'),
      'import/bad-timestamp',
      /Line 3.*before the row before/,
    );
    failsWith(
      () => readScores('time,score\n2024-01-02,1\n2024-01-02,1\n'),
      'import/bad-timestamp',
      /Line 3.*is the time of the row before/,
    );
    failsWith(() => readScores('time,score\n2024-01-01,1\n2024-01-02,1\nlater,1\n'), 'import/bad-timestamp', /Line 4: "later"/);
    failsWith(() => readScores('time,score\n7,1\n9,1\n'), 'import/bad-timestamp', /neither a time nor the row number 0 or 1/);
    failsWith(
      () => readScores('index,score\n1000000000,1\n1000000001,1\n'),
      'import/bad-timestamp',
      /Line 2: row numbers begin with 0 or 1/,
    );
    failsWith(() => readScores(''), 'import/empty', /empty/);
    failsWith(() => readScores('index,score\n'), 'import/empty', /no data/);
  });
});

describe('labels for them', () => {
  const timed = readScores('timestamp,score\n2024-01-01 00:00,1\n2024-01-01 00:01,2\n2024-01-01 00:02,3\n2024-01-01 00:03,4\n');
  const numbered = readScores('index,score,label\n1,1,0\n2,2,1\n3,3,1\n4,4,0\n');
  const options = { scoresName: 'a.csv', labelColumn: undefined, own: false };
  const minutes = (text: string, over: Partial<typeof options> = {}): number[][] =>
    readTruth(text, timed, { ...options, ...over }).map(({ start, end }) =>
      [start, end].map((t) => (t - timed.timestamps[0]!) / 60_000),
    );
  const rows = (text: string, over: { labelColumn?: string; own?: boolean } = {}): number[][] =>
    readTruth(text, numbered, { ...options, ...over }).map(({ start, end }) => [start / 1000, end / 1000]);

  it('finds out what the file holds', () => {
    expect(minutes('start,end\n2024-01-01 00:01,2024-01-01 00:02\n')).toEqual([[1, 2]]);
    expect(minutes('{"x/a.csv": [["2024-01-01 00:01:00", "2024-01-01 00:03:00"]]}')).toEqual([[1, 3]]);
    expect(
      minutes('timestamp,is_anomaly\n2024-01-01 00:00,0\n2024-01-01 00:01,1\n2024-01-01 00:02,0\n2024-01-01 00:03,1\n'),
    ).toEqual([
      [1, 1],
      [3, 3],
    ]);
    // Rows that have a label and no score do not count; times decide, not order.
    expect(
      minutes('time,label\n2023-12-31 23:59,1\n2024-01-01 00:00,1\n2024-01-01 00:01,0\n2024-01-01 00:02,0\n2024-01-01 00:03,1\n'),
    ).toEqual([
      [0, 0],
      [3, 3],
    ]);
    expect(minutes('label\n0\n0\n1\n1\n')).toEqual([[2, 3]]);
    expect(rows('start,end\n2,3\n')).toEqual([[2, 3]]);
    expect(rows('1,0\n2,1\n3,1\n4,1\n')).toEqual([[2, 4]]);
    expect(rows('', { own: true })).toEqual([[2, 3]]);
  });

  it('takes the column that is named', () => {
    const text = 'index,label,fault\n1,0,1\n2,0,0\n3,0,0\n4,0,1\n';
    expect(rows(text)).toEqual([]);
    expect(rows(text, { labelColumn: 'Fault' })).toEqual([
      [1, 1],
      [4, 4],
    ]);
    failsWith(
      () => rows(text, { labelColumn: 'other' }),
      'labels/no-column',
      /no column "other"; the file has index, label, fault/,
    );
  });

  it('never takes what a program found for the truth', () => {
    const written = readScores('timestamp,score,threshold,anomaly\n2024-01-01 00:00,1,2,0\n2024-01-01 00:01,3,2,1\n');
    failsWith(
      () => readTruth('', written, { ...options, own: true }),
      'labels/no-column',
      /neither intervals .* nor a 0\/1 column/,
    );
  });

  it('refuses labels that do not fit', () => {
    failsWith(() => rows('label\n0\n1\n'), 'metrics/mismatch', /4 rows and the file of labels 2/);
    failsWith(
      () => minutes('time,label\n2024-01-01 00:00,1\n2024-01-01 00:01,0\n2024-01-01 00:03,0\n'),
      'metrics/mismatch',
      /Line 4 of the scores: the file of labels has no row at 2024-01-01 00:02:00/,
    );
    failsWith(
      () => minutes('start,end\n2025-01-01,2025-01-02\n'),
      'metrics/mismatch',
      /No labelled anomaly has a row with a score/,
    );
    failsWith(() => rows('start,end\n20,30\n'), 'metrics/mismatch', /scores go from 1 to 4, the labels from 20 to 30/);
    failsWith(() => rows('index,label\n1,0\n2,2\n3,0\n4,0\n'), 'labels/unreadable', /Line 3: the label "2" is neither 0 nor 1/);
    failsWith(() => rows('index,temperature\n1,0\n2,1\n3,0\n4,0\n'), 'labels/no-column', /it has index, temperature/);
  });
});
