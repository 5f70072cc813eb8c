import type { Figure, MetricSheet } from './sheet';

/** The groups of a sheet that hold figures, and what in them is a setting. */
const groups = [
  'point',
  'pointAdjusted',
  'paK',
  'range',
  'event',
  'vus',
  'affiliation',
  'nab',
  'paperWindow',
  'oracle',
  'operational',
] as const;
const settings = new Set(['alpha', 'bias', 'buffer', 'variant', 'probationRows', 'length', 'oracle']);

/** The sheet with every figure null and the reason. */
export function withheldSheet(sheet: MetricSheet, reason: string): MetricSheet {
  const none: Figure = { value: null, reason };
  const blank = (group: object): object =>
    Object.fromEntries(
      Object.entries(group).map(([key, value]: [string, unknown]) => [
        key,
        settings.has(key) ? value : key.startsWith('f1At') ? blank(value as object) : none,
      ]),
    );
  const blanked = Object.fromEntries(groups.map((key) => [key, blank(sheet[key])]));
  return { ...sheet, ...blanked, protocol: `${sheet.protocol}; ${reason}` };
}
