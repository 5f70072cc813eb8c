import type { ReportFormat } from '../../../contract/types';

/** What each format is for. */
export const reportFormats: readonly { readonly format: ReportFormat; readonly title: string; readonly use: string }[] = [
  { format: 'html', title: 'HTML', use: 'one file, opens offline in any browser' },
  { format: 'pdf', title: 'PDF', use: 'A4, to print and to file' },
  { format: 'csv', title: 'CSV', use: 'the event table for a spreadsheet' },
  { format: 'json', title: 'JSON', use: 'every number, for other programs' },
];
