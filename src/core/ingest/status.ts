import type { Recipe } from './recipe';

export type StatusQuality = Recipe['statusTexts'][number]['quality'];

/** Texts are compared without case, surrounding space and repeated inner space. */
export function statusKey(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}

/**
 * Historian texts that stand where a number should. Bad: the value is not to be trusted. Masked: the process itself was off.
 * Absent: nothing was there. PI system digital states (AVEVA TagBad documentation) and texts from practice.
 */
export const knownStatusTexts: Recipe['statusTexts'] = [
  ...[
    'Bad',
    'Bad Input',
    'Bad Output',
    'Sample Bad',
    'Bad Data',
    'Bad Value',
    'Bad Quality',
    'Bad Total',
    'I/O Timeout',
    'IO Timeout',
    'Calc Failed',
    'Calc Off',
    'Calc Overflow',
    'Equip Fail',
    'DCS Failed',
    'Scan Off',
    'Scan On',
    'Scan Timeout',
    'Configure',
    'Failed',
    'Error',
    'Execute',
    'Filtered',
    'Trace',
    'Access Denied',
    'Intf Shut',
    'Not Connect',
    'Not Connected',
    'Comm Fail',
    'Comm Failure',
    'Out of Serv',
    'Out of Service',
    'Over Range',
    'Overrange',
    'Under Range',
    'Underrange',
    'Set to Bad',
    'Arc Off-line',
    'Arc Offline',
    'Snapshot Off',
    'ActiveX Err',
    'Digital Error',
    '#VALUE!',
    '#REF!',
    '#DIV/0!',
    '#NUM!',
    '#NAME?',
  ].map((text) => ({ text, quality: 'bad' as const })),
  ...['Shutdown', 'Unit Down', 'GATED'].map((text) => ({ text, quality: 'masked' as const })),
  ...[
    'No Data',
    'No Sample',
    'No Result',
    'No Lab Data',
    'Pt Created',
    '#N/A',
    'N/A',
    'NA',
    'NaN',
    'null',
    'nil',
    'none',
    '-',
    '--',
    '---',
    '?',
  ].map((text) => ({ text, quality: 'absent' as const })),
];

/** Quality by key of a status text; a Map, because texts come from files. */
export function statusMap(texts: Recipe['statusTexts']): ReadonlyMap<string, StatusQuality> {
  return new Map(texts.map((s) => [statusKey(s.text), s.quality]));
}

export const knownStatus: ReadonlyMap<string, StatusQuality> = statusMap(knownStatusTexts);
