import { expect, it } from 'vitest';
import { reportSample } from '../../../test/reference/report-sample';
import { isFaultline } from '../../core/errors';
import { buildReport } from '../../core/report/build';
import { renderReport, renderReportHtml, reportFormats } from './render';

const { input, figures } = reportSample();
const report = buildReport(input, figures);

it('writes each format, and tells of one that is none', async () => {
  const starts = { html: '<!doctype html>', pdf: '%PDF-', csv: 'event,part,', json: '{\n  "format": "faultline-report"' };
  for (const format of reportFormats) {
    const bytes = await renderReport(report, format);
    expect(Buffer.from(bytes).subarray(0, 60).toString('utf8').startsWith(starts[format])).toBe(true);
  }
  const error: unknown = await renderReport(report, 'docx').catch((thrown: unknown) => thrown);
  expect(isFaultline(error, 'report/unknown-format')).toBe(true);
});

it('puts the typeface into the HTML page and lets the page load nothing else', () => {
  const html = renderReportHtml(report);
  expect(html).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:");
  expect(html.match(/@font-face/g)!.length).toBeGreaterThanOrEqual(2);
  expect(html.match(/url\((?!data:)/g)).toBeNull();
});
