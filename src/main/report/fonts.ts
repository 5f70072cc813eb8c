import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { EmbeddedFont } from '../../core/report/html';

/** The typeface comes in files of one writing system each; those a plant's tags and comments may need, most frequent first. */
const subsets = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'vietnamese', 'greek-ext'] as const;
export type Subset = (typeof subsets)[number];
export type Weight = 400 | 600;

const load = createRequire(import.meta.url);
const ranges = load('@fontsource/inter/unicode.json') as Readonly<Record<Subset, string>>;

interface Span {
  readonly first: number;
  readonly last: number;
}

/** "U+0000-00FF,U+0131" as numbers. */
function parseRange(text: string): Span[] {
  return text.split(',').map((part) => {
    const [first, last = first] = part.trim().replace(/^U\+/i, '').split('-');
    return { first: parseInt(first!, 16), last: parseInt(last!, 16) };
  });
}

const covered = new Map(subsets.map((subset) => [subset, parseRange(ranges[subset])]));

/** The file that has a character, or null when none has. */
export function subsetOf(codePoint: number): Subset | null {
  for (const subset of subsets) {
    if (covered.get(subset)!.some(({ first, last }) => codePoint >= first && codePoint <= last)) return subset;
  }
  return null;
}

/** Path of a font file inside the installed package. */
export function fontFile(subset: Subset, weight: Weight, format: 'woff' | 'woff2' = 'woff'): string {
  return load.resolve(`@fontsource/inter/files/inter-${subset}-${weight}-normal.${format}`);
}

/** The files that a text needs, to be put into an HTML report. */
export function embeddedFonts(text: string): EmbeddedFont[] {
  const needed = new Set<Subset>(['latin']);
  for (const character of new Set(text)) {
    const subset = subsetOf(character.codePointAt(0)!);
    if (subset) needed.add(subset);
  }
  return [...needed].flatMap((subset) =>
    ([400, 600] as const).map((weight) => ({
      weight,
      format: 'woff2' as const,
      range: ranges[subset],
      base64: readFileSync(fontFile(subset, weight, 'woff2')).toString('base64'),
    })),
  );
}
