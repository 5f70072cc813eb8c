import type { Report } from '../../../core/report/model';
import { renderPdf } from '../../report/pdf';

/** Lays out a report as PDF; it takes seconds for a long one, which main must not spend. */
export function pdfReport({ report }: { readonly report: Report }): Promise<Uint8Array> {
  return renderPdf(report);
}
