import { describe, expect, it } from 'vitest';
import { reportSample } from '../../../test/reference/report-sample';
import { checkContract } from '../budget/check';
import type { EventContract } from '../budget/contract';
import type { HiddenEvent } from '../events/event';
import { buildReport } from './build';
import { renderCsv } from './csv';
import { renderHtml } from './html';
import type { Block, ReportInput } from './model';

const hour = 3_600_000;
const contract: EventContract = {
  falseEvents: 1,
  days: 3,
  confidence: 0.95,
  mustCatch: ['label-0', 'label-1'],
  withinMs: 3 * hour,
  mode: null,
};
const { input: plain, figures } = reportSample();
const hiddenEvent: HiddenEvent = {
  ...plain.events[0]!,
  by: 'suppression',
  channel: '11-PI-2041.PV',
  reason: 'calibration on Mondays',
};

/** A rate of 0.1 false events a day in the calibration part, and a label that the test part misses. */
function judged(part: 'calibration' | 'later', missed: boolean) {
  const labels = [
    { id: 'label-0', start: 0, end: hour, delayMs: hour },
    { id: 'label-1', start: 10 * hour, end: 12 * hour, delayMs: missed ? null : 2 * hour },
  ];
  return checkContract(contract, { part, normalDays: 30, falseEvents: [{ time: 5, day: 1 }], labels });
}

const input: ReportInput = {
  ...plain,
  threshold: {
    ...plain.threshold,
    contract,
    hysteresis: 0.5,
    deadTimeMs: hour,
    modes: { channel: '11-FV-2043.OP', edges: [10, 40], values: [null, 3.1, 4.2] },
    suppress: [{ channel: '11-PI-2041.PV', minShare: 0.6, reason: 'calibration on Mondays' }],
    calibratedOn: { start: plain.dataset.start, end: plain.dataset.start + hour },
  },
  hidden: [hiddenEvent, { ...hiddenEvent, by: 'dead-time', channel: '', reason: 'began within the dead time' }],
  contract: { calibration: judged('calibration', false), test: judged('later', true) },
  earlierThresholds: 2,
};
const report = buildReport(input, figures);
const text = JSON.stringify(report.sections);
const blocks = (title: string): readonly Block[] => report.sections.find((section) => section.title.endsWith(title))!.blocks;

describe('a report of a threshold with a contract', () => {
  it('prints the contract and every promise of both parts, and begins with what is broken', () => {
    const marks = blocks('Contract').flatMap((block) => (block.kind === 'terms' ? [block.rows.map(({ mark }) => mark)] : []));
    // False events, catch, delay. 4.744 / 30 d = 0.158 a day, allowed 0.333 (Garwood's limit of one event).
    expect(marks).toEqual([
      ['kept', 'broken', 'kept'],
      ['kept', 'kept', 'kept'],
    ]);
    expect(JSON.stringify(blocks('Contract'))).toContain('At most 1 false event in 3 days, sure to 95 %; must catch L-01 and L-02');
    expect(JSON.stringify(blocks('Summary'))).toContain(
      'The contract is broken since 1 Jan 1970: labelled anomalies missed in the test part.',
    );
    const aim = blocks('Summary').find((block) => block.kind === 'terms');
    expect(aim).toMatchObject({ rows: [{ mark: 'kept' }, { mark: 'broken' }, { mark: 'kept' }] });
    expect(renderHtml(report)).toContain('<dt class="broken">broken</dt>');
  });

  it('names a promise that only the calibration part breaks in the summary too', () => {
    const other = { ...input, contract: { calibration: judged('calibration', true), test: judged('later', false) } };
    const summary = buildReport(other, figures).sections.find(({ title }) => title.endsWith('Summary'))!;
    expect(JSON.stringify(summary)).toContain('In the calibration part: Misses label-1');
  });

  it('tells the whole rule with what each part of it hid', () => {
    for (const words of [
      'an event goes on while the score is no more than 0.5000 below it',
      '11-FV-2043.OP < 10 %: ',
      '(pooled, too few rows of its own); 10 to 40 %: 3.100; 11-FV-2043.OP >= 40 %: 4.200',
      'begins within 1 h after the end of the one before is hidden; it hid 1 event in all parts',
      'events of which 11-PI-2041.PV has at least 60 % are hidden (calibration on Mondays); it hid 1 event in all parts',
      'Two thresholds were kept for this run before this one',
    ]) {
      expect(text).toContain(words);
    }
  });

  it('has the same in the data and the table', () => {
    expect(report.data).toMatchObject({
      threshold: {
        hysteresis: 0.5,
        deadTimeMs: hour,
        modes: { edges: [10, 40] },
        suppress: [{ minShare: 0.6 }],
        earlierThresholds: 2,
      },
      hidden: [{ by: 'suppression', tag: '11-PI-2041.PV' }, { by: 'dead-time' }],
      contract: {
        falseEvents: 1,
        days: 3,
        test: { kept: false, brokenSince: '1970-01-01T12:00:00.000Z', terms: [{ kept: true }, { kept: false }, { kept: true }] },
        calibration: { kept: true, brokenSince: null },
      },
    });
    const lines = renderCsv(report.table).trim().split('\r\n');
    expect(lines.slice(-2).map((line) => line.split(',')[0])).toEqual(['H-01', 'H-02']);
    expect(lines.at(-2)).toContain('suppression 11-PI-2041.PV: calibration on Mondays');
  });

  it('says of a carried threshold where it was chosen, and claims no train part in these data', () => {
    const carried: ReportInput = {
      ...input,
      threshold: { ...input.threshold, objective: { kind: 'carried' }, from: 'Carried over from run 5, θ 3.42 of 12 May 2026.' },
    };
    const sections = JSON.stringify(buildReport(carried, figures).sections);
    expect(sections).toContain('was chosen on earlier data and has seen no label of these. Carried over from run 5');
    expect(sections).toContain('without time that trained the model or chose the threshold');
  });

  it('says that a threshold from normal scores needed no label', () => {
    const free: ReportInput = {
      ...plain,
      contract: null,
      threshold: { ...plain.threshold, contract: undefined, objective: { kind: 'conformal', alpha: 0.001 } },
    };
    const sections = JSON.stringify(buildReport(free, figures).sections);
    expect(sections).toContain('none was needed: it comes from scores of normal data alone');
    expect(sections).not.toContain('Contract');
  });
});
