import type { EventTable } from './model';

/**
 * Events as CSV (RFC 4180: comma, CRLF, quotes doubled), one line of names first. Texts that a spreadsheet would take for a formula get
 * an apostrophe in front; numbers never do, so −1.5 stays a number.
 *
 * @see OWASP, "CSV Injection".
 */
export function renderCsv(table: EventTable): string {
  return [table.columns, ...table.rows].map((row) => row.map(csvCell).join(',') + '\r\n').join('');
}

/** One cell of a CSV file. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
