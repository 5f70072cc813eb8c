import { FaultlineError } from '../../core/errors';
import { renderCsv } from '../../core/report/csv';
import { renderHtml } from '../../core/report/html';
import { renderJson } from '../../core/report/json';
import type { Report } from '../../core/report/model';
import { embeddedFonts } from './fonts';
import { renderPdf } from './pdf';

export const reportFormats = ['html', 'pdf', 'csv', 'json'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** The HTML report with its typeface inside. */
export function renderReportHtml(report: Report): string {
  return renderHtml(
    report,
    embeddedFonts(JSON.stringify([report.title, report.subtitle, report.head, report.foot, report.sections])),
  );
}

/**
 * A report as the bytes of a file; texts are UTF-8.
 *
 * @throws FaultlineError 'report/unknown-format'.
 */
export async function renderReport(report: Report, format: string): Promise<Uint8Array> {
  switch (format) {
    case 'html':
      return Buffer.from(renderReportHtml(report), 'utf8');
    case 'pdf':
      return renderPdf(report);
    case 'csv':
      return Buffer.from(renderCsv(report.table), 'utf8');
    case 'json':
      return Buffer.from(renderJson(report), 'utf8');
    default:
      throw new FaultlineError('report/unknown-format', `There is no report format "${format}". Use ${reportFormats.join(', ')}.`, {
        format,
      });
  }
}
