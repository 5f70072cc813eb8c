import type PDFDocument from 'pdfkit';
import { colours, type Colour } from '../../core/report/colours';
import { fontFile, subsetOf, type Subset, type Weight } from './fonts';

export interface TextStyle {
  readonly size: number;
  readonly colour: Colour;
  readonly weight?: Weight;
  /** Digits of equal width, for columns of numbers; makes hyphens wide as well, so not for tags and dates. */
  readonly tabular?: boolean;
}

function numerals(style: TextStyle): { features?: ['tnum'] } {
  return style.tabular ? { features: ['tnum'] } : {};
}

/** Stands for a character that no font file has. */
const substitute = '?';

/** Characters that are written as a plainer one of the same meaning, because the font files lack them. */
const plainer: Readonly<Record<string, string>> = {
  '\u2010': '-',
  '\u2011': '-',
  '\u2007': '\u00a0',
  '\u2009': '\u00a0',
  '\u202f': '\u00a0',
  '≥': '>=',
  '≤': '<=',
  '≈': '~',
  '→': '->',
  '\u2126': '\u03a9',
};

/** A number stays with its unit: "65 %", "1 h 30 min" breaks before the 30 alone. */
const withUnits = (text: string): string => text.replace(/(\d) (?=(?:%|(?:d|h|min|s|ms|[kMGT]?B)(?![\p{L}\d])))/gu, '$1\u00a0');

/** The part of pdfkit's font object that tells whether a character can be drawn; its types leave it out. */
interface OpenFont {
  readonly _font?: { readonly font?: { hasGlyphForCodePoint?(codePoint: number): boolean } };
}

/**
 * Writes text in Inter, which comes as one file for each writing system: a text is cut into runs by the file that has its characters.
 * A character that none has is written as "?" and counted, so that the report can say so.
 */
export class TextWriter {
  /** Characters that could not be written. */
  readonly missing = new Set<string>();
  private readonly registered = new Set<string>();
  private readonly widths = new Map<string, number>();
  private readonly drawable = new Map<number, Subset | null>();

  constructor(private readonly doc: InstanceType<typeof PDFDocument>) {}

  /** Width of one line. */
  width(text: string, style: TextStyle): number {
    const key = `${style.size}|${style.weight ?? 400}|${style.tabular ?? false}|${text}`;
    const known = this.widths.get(key);
    if (known !== undefined) return known;
    let sum = 0;
    for (const run of this.runs(text)) {
      this.select(run.subset, style);
      sum += this.doc.widthOfString(run.text, numerals(style));
    }
    this.widths.set(key, sum);
    return sum;
  }

  /** One line. @param y - baseline. */
  line(text: string, x: number, y: number, style: TextStyle, anchor: 'start' | 'end' = 'start'): void {
    let at = anchor === 'end' ? x - this.width(text, style) : x;
    for (const run of this.runs(text)) {
      this.select(run.subset, style);
      this.doc.fillColor(colours[style.colour][0]);
      this.doc.text(run.text, at, y, { lineBreak: false, baseline: 'alphabetic', ...numerals(style) });
      at += this.doc.widthOfString(run.text, numerals(style));
    }
  }

  /** Lines no wider than `room`. Breaks at spaces, and inside a word only where it is wider than a line (hashes, long tags). */
  wrap(text: string, style: TextStyle, room: number): string[] {
    return withUnits(text)
      .split('\n')
      .flatMap((paragraph) => this.wrapParagraph(paragraph, style, room));
  }

  /** Width of the longest piece that `wrap` does not break. */
  widest(text: string, style: TextStyle): number {
    return Math.max(
      ...withUnits(text)
        .split(/[ \n]/)
        .map((piece) => this.width(piece, style)),
    );
  }

  private wrapParagraph(text: string, style: TextStyle, room: number): string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (this.width(longer, style) <= room) {
        line = longer;
        continue;
      }
      if (line !== '') lines.push(line);
      line = word;
      while (this.width(line, style) > room && line.length > 1) {
        let fits = 1;
        while (fits < line.length && this.width(line.slice(0, fits + 1), style) <= room) fits++;
        lines.push(line.slice(0, fits));
        line = line.slice(fits);
      }
    }
    lines.push(line);
    return lines;
  }

  private runs(text: string): { subset: Subset; text: string }[] {
    const runs: { subset: Subset; text: string }[] = [];
    for (const given of text.replace(/\p{Cc}/gu, ' ').normalize('NFC')) {
      // A surrogate pair stays one character; a plainer one may be two.
      for (const character of plainer[given] ?? given) {
        const subset = this.subsetWith(character.codePointAt(0)!);
        if (!subset) this.missing.add(character);
        const last = runs.at(-1);
        const wanted = subset ?? 'latin';
        const shown = subset ? character : substitute;
        if (last?.subset === wanted) last.text += shown;
        else runs.push({ subset: wanted, text: shown });
      }
    }
    return runs;
  }

  /** The file that can draw a character: its range says so, and the glyph is really there. */
  private subsetWith(codePoint: number): Subset | null {
    const known = this.drawable.get(codePoint);
    if (known !== undefined) return known;
    let subset = subsetOf(codePoint);
    if (subset) {
      this.select(subset, { size: 10, colour: 'text' });
      const font = (this.doc as unknown as OpenFont)._font?.font;
      if (font?.hasGlyphForCodePoint?.(codePoint) === false) subset = null;
    }
    this.drawable.set(codePoint, subset);
    return subset;
  }

  private select(subset: Subset, { size, weight = 400 }: TextStyle): void {
    const name = `${subset}-${weight}`;
    if (!this.registered.has(name)) {
      this.doc.registerFont(name, fontFile(subset, weight));
      this.registered.add(name);
    }
    this.doc.font(name).fontSize(size);
  }
}
