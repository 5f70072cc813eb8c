import { describe, expect, it } from 'vitest';
import { parseLabels, type LabelFileOptions } from './parse';

const options: LabelFileOptions = { fileName: 'labels.csv', dataFileName: 'machine.csv' };
const utc = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);

describe('parseLabels from CSV', () => {
  it('reads names in any order, classes and comments', () => {
    const text =
      'comment,end,start,class\n"Cavitation, loud",2026-04-02 22:58,2026-04-02 18:00,anomaly\nfrozen,2026-03-27 18:10,2026-03-27 07:12,Instrument\n';
    expect(parseLabels(text, options)).toEqual([
      {
        start: utc('2026-03-27 07:12'),
        end: utc('2026-03-27 18:10'),
        class: 'instrument',
        comment: 'frozen',
        channels: [],
        origin: 'labels.csv',
      },
      {
        start: utc('2026-04-02 18:00'),
        end: utc('2026-04-02 22:58'),
        class: 'anomaly',
        comment: 'Cavitation, loud',
        channels: [],
        origin: 'labels.csv',
      },
    ]);
  });

  it('reads two columns without names, in the zone of the data', () => {
    // Berlin is two hours ahead of UTC in May.
    const labels = parseLabels('18.05.2026 14:00;18.05.2026 15:00\n', { ...options, timeZone: 'Europe/Berlin' });
    expect(labels).toMatchObject([{ start: utc('2026-05-18 12:00'), end: utc('2026-05-18 13:00'), class: 'anomaly', comment: '' }]);
  });

  it('keeps a class it does not know as the comment of an anomaly', () => {
    expect(parseLabels('start,end,class,comment\n1700000000,1700000060,cavitation,loud\n', options)).toMatchObject([
      { start: 1_700_000_000_000, end: 1_700_000_060_000, class: 'anomaly', comment: 'cavitation: loud' },
    ]);
  });

  it('gives no label for a file with names only', () => {
    expect(parseLabels('start,end\n', options)).toEqual([]);
  });

  it.each([
    ['start,end\n2026-01-01,2026-01-02\n2026-01-05,2026-01-04\n', 'labels/bad-interval', 3],
    ['start,end\n2026-01-01,2026-01-02\n2026-01-05,tomorrow\n', 'labels/unreadable', 3],
    ['', 'labels/unreadable', undefined],
    ['01/02/2026,01/03/2026\n', 'labels/unreadable', undefined],
  ])('refuses %j', (text, code, line) => {
    expect(() => parseLabels(text, options)).toThrow(
      expect.objectContaining({ code, ...(line === undefined ? {} : { details: expect.objectContaining({ line }) }) }),
    );
  });

  it("settles day and month by the data's own format", () => {
    expect(parseLabels('01/02/2026,01/03/2026\n', { ...options, timeFormat: 'mdy' })).toMatchObject([
      { start: utc('2026-01-02 00:00') },
    ]);
  });
});

describe('parseLabels from benchmark windows', () => {
  const json = JSON.stringify({
    'realKnownCause/other.csv': [],
    'realKnownCause/machine.csv': [['2013-12-15 07:00:00.000000', '2013-12-30 09:00:00.000000'], '2014-01-01 00:00:00'],
    __proto__: 1,
  });

  it('takes the entry that ends with the name of the data file', () => {
    expect(parseLabels(json, { fileName: 'windows.json', dataFileName: 'C:\\data\\machine.csv' })).toMatchObject([
      { start: utc('2013-12-15 07:00:00'), end: utc('2013-12-30 09:00:00'), origin: 'windows.json' },
      { start: utc('2014-01-01 00:00:00'), end: utc('2014-01-01 00:00:00') },
    ]);
  });

  it('lists what there is when the entry is missing; the end of a name is not the name', () => {
    expect(() => parseLabels(json, { fileName: 'w.json', dataFileName: 'chine.csv' })).toThrow(
      expect.objectContaining({
        code: 'labels/no-entry',
        details: expect.objectContaining({ entries: ['realKnownCause/other.csv', 'realKnownCause/machine.csv'] }),
      }),
    );
  });

  it.each(['{', '{"machine.csv": 5}', '{"machine.csv": [["2013-12-15"]]}', '{"machine.csv": [["x", "y"]]}'])(
    'refuses %s',
    (text) => {
      expect(() => parseLabels(text, { fileName: 'w.json', dataFileName: 'machine.csv' })).toThrow(
        expect.objectContaining({ code: 'labels/unreadable' }),
      );
    },
  );

  it('refuses a window that ends before it starts', () => {
    expect(() =>
      parseLabels('{"machine.csv": [["2014-01-02", "2014-01-01"]]}', { fileName: 'w.json', dataFileName: 'machine.csv' }),
    ).toThrow(expect.objectContaining({ code: 'labels/bad-interval' }));
  });
});
