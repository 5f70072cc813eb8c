import type { Report } from './model';

/** The report as JSON, two spaces, fields in a fixed order; see `reportData` for what is in it. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report.data, null, 2)}\n`;
}
