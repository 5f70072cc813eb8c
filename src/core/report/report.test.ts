import { describe, expect, it } from 'vitest';
import { reportSample } from '../../../test/reference/report-sample';
import type { Label } from '../labels/label';
import { buildReport } from './build';
import { csvCell, renderCsv } from './csv';
import { eventFigureCap, planFigures } from './figures';
import { renderHtml } from './html';
import { renderJson } from './json';
import type { ReportInput } from './model';
import { keyNumbers, summarySentences, trustSentences } from './summary';

const { input, figures } = reportSample();
const report = buildReport(input, figures);
const html = renderHtml(report);

describe('summary', () => {
  it('says what was found, and in five numbers', () => {
    expect(input.test).toMatchObject({ labels: 3, caught: 3, falseEvents: 1 });
    const [first, second] = summarySentences(input);
    expect(first).toBe(
      'From 12 Apr 2026 to 12 May 2026 the detector found all three labelled anomalies, and raised one event that matches no label.',
    );
    expect(second).toContain('The strongest event, E-03, began on 22 Apr 2026');
    expect(keyNumbers(input).map(({ value, unit }) => [value, unit])[0]).toEqual(['3', 'of 3']);
    expect(keyNumbers(input)).toHaveLength(5);
  });

  it('counts false events where there is too little normal time for a rate', () => {
    const short = { ...input, test: { ...input.test, days: 0.25, falseEventsPerDay: { value: 4 } } };
    expect(keyNumbers(short)[1]).toMatchObject({ value: '1', unit: '', note: expect.stringContaining('too short for a rate') });
    expect(keyNumbers(input)[1]!.unit).toBe('/day');
  });

  it('puts every outcome into a whole sentence', () => {
    const outcome = (labels: number, caught: number, events: number, falseEvents: number): string =>
      summarySentences({ ...input, events: [], test: { ...input.test, labels, caught, events, falseEvents } })[0]!.replace(
        /^.*the detector /,
        '',
      );
    expect(outcome(1, 1, 1, 0)).toBe('found the one labelled anomaly and nothing else.');
    expect(outcome(1, 0, 0, 0)).toBe('did not find the one labelled anomaly: it raised no event.');
    expect(outcome(12, 0, 2, 2)).toBe('found none of the 12 labelled anomalies, and raised two events that match no label.');
    expect(outcome(5, 4, 5, 1)).toBe('found four of the five labelled anomalies, and raised one event that matches no label.');
  });

  it('names what was not found', () => {
    const missed = {
      ...input,
      test: { ...input.test, caught: 2 },
      events: input.events.filter(({ matches }) => !matches.includes('label-3')),
    };
    const text = summarySentences(missed).join(' ');
    expect(text).toContain('found two of the three labelled anomalies');
    expect(text).toContain('Not found: L-05 of 1 May');
  });

  it('does not pretend where nothing is labelled', () => {
    const none = reportSample({}, { kind: 'quantile', q: 0.999 });
    const bare: ReportInput = {
      ...none.input,
      labels: [],
      test: {
        ...none.input.test,
        labels: 0,
        caught: 0,
        medianDelayMs: { value: null, reason: 'no labelled anomaly with scores in this part' },
      },
    };
    expect(summarySentences(bare)[0]).toContain('how many of them are real is not known');
    expect(keyNumbers(bare)[0]).toMatchObject({ value: '–' });
    expect(keyNumbers(bare)[2]).toEqual({
      value: '–',
      unit: '',
      note: 'median time from start of a labelled anomaly to its event: no labelled anomaly with scores in this part',
    });
    expect(trustSentences(bare).join(' ')).toContain('No label was needed for it.');
  });

  it('says how far the numbers carry', () => {
    const text = trustSentences(input).join(' ');
    // Clopper and Pearson for 3 of 3: 0.025^(1/3) = 0.292.
    expect(text).toContain('the 95 % interval of the share found is 0.29 to 1.00');
    expect(text).toContain('It rests on two labelled anomalies.');
    expect(trustSentences({ ...input, stale: ['Labels changed since calibration'] })[0]).toBe('Labels changed since calibration.');
  });
});

describe('figures', () => {
  it('are one overview and one for each event', () => {
    const plan = planFigures(input);
    const test = input.events.filter(({ part }) => part === 'test');
    expect(plan.map(({ id }) => id)).toEqual(['overview', ...test.map(({ name }) => name)]);
    for (const { range } of plan) expect(range.end).toBeGreaterThan(range.start);
    expect(report.sections.flatMap(({ blocks }) => blocks).filter(({ kind }) => kind === 'figure')).toHaveLength(plan.length);
  });

  it('are capped, and the report says where the rest is', () => {
    const event = input.events.find(({ part }) => part === 'test')!;
    const many = Array.from({ length: 30 }, (_, i) => ({ ...event, name: `E-${i}`, peakScore: i }));
    const crowded = { ...input, events: many };
    expect(planFigures(crowded)).toHaveLength(1 + eventFigureCap);
    expect(JSON.stringify(buildReport(crowded, []).sections)).toContain(
      'The 12 events with the highest scores are drawn here; all 30 are',
    );
  });

  it('say so when they cannot be drawn', () => {
    expect(renderHtml(buildReport(input, []))).toContain('Not drawn: there are no samples in this period.');
  });
});

describe('HTML', () => {
  it('is one file without script or anything to fetch', () => {
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    expect(html).not.toMatch(/<script|javascript:|<link|<iframe|<img|@import|\son\w+=/i);
    expect(html.match(/https?:\/\/[^"'\s<]*/g) ?? []).toEqual([]);
    expect(html.match(/<svg /g)).toHaveLength(figures.length);
  });

  it('escapes every text that comes from outside', () => {
    const evil = '"><script>alert(1)</script>\'&';
    const hostile = reportSample({ title: evil, runTitle: evil });
    const labels: Label[] = hostile.input.labels.map((label) => ({ ...label, comment: evil }));
    const page = renderHtml(
      buildReport(
        {
          ...hostile.input,
          labels,
          dataset: {
            ...hostile.input.dataset,
            sourceName: evil,
            name: evil,
            channels: hostile.input.dataset.channels.map((channel) => ({ ...channel, description: evil, unit: evil })),
          },
          events: hostile.input.events.map((event) => ({ ...event, comment: evil, review: evil })),
        },
        hostile.figures,
      ),
    );
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
    // In the style sheet (running head) a closing tag would end the sheet.
    const style = page.slice(page.indexOf('<style>'), page.indexOf('</style>'));
    expect(style).not.toMatch(/[<>]script/);
    expect(page.split('</style>')).toHaveLength(2);
  });

  it('shows each metric as it stands in the block, so that formats agree', () => {
    const cells = report.sections.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === 'table' ? block.rows.flat() : [])),
    );
    expect(cells.length).toBeGreaterThan(60);
    const text = html.replace(/<span class="keep">|<\/span>/g, '');
    const escaped = (cell: string): string =>
      cell
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;');
    for (const cell of cells) expect(text).toContain(escaped(cell));
  });
});

describe('CSV', () => {
  it('follows RFC 4180', () => {
    expect([csvCell('a,b'), csvCell('say "x"'), csvCell('two\nlines'), csvCell(1.5), csvCell('')]).toEqual([
      '"a,b"',
      '"say ""x"""',
      '"two\nlines"',
      '1.5',
      '',
    ]);
    const lines = renderCsv(report.table).split('\r\n');
    expect(lines).toHaveLength(input.events.length + 2);
    expect(lines[0]).toBe(
      'event,part,start_utc,end_utc,start_local,end_local,duration_s,peak_utc,peak_score,threshold,labels,state,tags,comment,hidden_by',
    );
    expect(lines[3]).toContain('Bearing was replaced on 24 April <MOC 118>.');
  });

  it('disarms formulas in texts and leaves numbers alone', () => {
    expect(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'].map((text) => csvCell(text))).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@SUM(A1)",
      "'\tx",
    ]);
    expect(csvCell(-1.5)).toBe('-1.5');
    expect(csvCell('=HYPERLINK("http://x","y")')).toBe('"\'=HYPERLINK(""http://x"",""y"")"');
  });
});

describe('JSON', () => {
  const data = JSON.parse(renderJson(report)) as {
    formatVersion: number;
    threshold: { value: number; method: string };
    events: { peakScore: number; start: string }[];
    metrics: { test: Record<string, unknown> & { reasons: Record<string, string> } };
    dataset: { sha256: string };
  };
  it('has the numbers unrounded and times in UTC', () => {
    expect(data.formatVersion).toBe(1);
    expect(data.threshold).toMatchObject({ value: input.threshold.value, method: 'f1' });
    expect(data.events.map(({ peakScore }) => peakScore)).toEqual(input.events.map(({ peakScore }) => peakScore));
    expect(data.events[0]!.start).toBe(new Date(input.events[0]!.start).toISOString());
    expect(data.metrics.test.f1).toBe(input.test.f1.value);
    expect(data.dataset.sha256).toBe(input.dataset.sha256);
  });
  it('has null and a reason for what is not defined', () => {
    const bare = { ...input, test: { ...input.test, vusPr: { value: null, reason: 'no labelled anomaly' } as const } };
    const { metrics } = JSON.parse(renderJson(buildReport(bare, figures))) as typeof data;
    expect(metrics.test.vusPr).toBeNull();
    expect(metrics.test.reasons).toEqual({ vusPr: 'no labelled anomaly' });
  });
});

it('is the same report for the same input', () => {
  expect(renderHtml(buildReport(input, figures))).toBe(html);
});
