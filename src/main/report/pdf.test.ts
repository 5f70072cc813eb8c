import PDFDocument from 'pdfkit';
import { expect, it } from 'vitest';
import { reportSample } from '../../../test/reference/report-sample';
import { buildReport } from '../../core/report/build';
import { embeddedFonts, subsetOf } from './fonts';
import { renderPdf } from './pdf';
import { TextWriter } from './pdf-text';

const { input, figures } = reportSample();
const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const pages = (pdf: string): number => pdf.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
/** Text as PDF writes it outside content streams: UTF-16 with a byte order mark when it is not plain. */
const written = (pdf: string, text: string): boolean =>
  pdf.includes(`(${text})`) || pdf.includes(Buffer.from(`\ufeff${text}`, 'utf16le').swap16().toString('latin1'));

it('is a PDF of several pages with an outline, the same for the same report', async () => {
  const report = buildReport(input, figures);
  const bytes = await renderPdf(report);
  const pdf = latin(bytes);
  expect(pdf.startsWith('%PDF-1.')).toBe(true);
  expect(pdf.trimEnd().endsWith('%%EOF')).toBe(true);
  expect(pages(pdf)).toBeGreaterThan(4);
  for (const { title } of report.sections) expect(written(pdf, title)).toBe(true);
  // Inter is inside, and nothing relies on a font of the reader's machine.
  expect(pdf).toMatch(/\/FontFile[23] /);
  expect(pdf).not.toMatch(/\/BaseFont \/(Helvetica|Times|Courier)/);
  expect(Buffer.compare(bytes, await renderPdf(report))).toBe(0);
});

it('goes on over page breaks with a long table and a text without spaces', async () => {
  const event = input.events.at(-1)!;
  const many = Array.from({ length: 150 }, (_, i) => ({ ...event, name: `E-${i}`, comment: 'x'.repeat(3000), peakScore: i }));
  const few = pages(latin(await renderPdf(buildReport(input, figures))));
  const crowded = pages(latin(await renderPdf(buildReport({ ...input, events: many }, []))));
  expect(crowded).toBeGreaterThan(few + 2);
});

it('writes Latin, Greek and Cyrillic, and notes what no typeface of ours has', async () => {
  expect([...'aÜžθЖ水'].map((c) => subsetOf(c.codePointAt(0)!))).toEqual([
    'latin',
    'latin',
    'latin-ext',
    'greek',
    'cyrillic',
    null,
  ]);
  const writer = new TextWriter(new PDFDocument({ size: 'A4' }));
  const style = { size: 12, colour: 'text' } as const;
  // A run of another script adds its own width; the unknown character is as wide as the "?" in its place.
  expect(writer.width('aθЖ', style)).toBeCloseTo(writer.width('a', style) + writer.width('θ', style) + writer.width('Ж', style), 3);
  expect([...writer.missing]).toEqual([]);
  expect(writer.width('水', style)).toBeCloseTo(writer.width('?', style), 6);
  expect([...writer.missing]).toEqual(['水']);
  // In the range of the Latin file, but not in the file: written as its plain twin, not as an empty box.
  expect(writer.width('P\u20111', style)).toBeCloseTo(writer.width('P-1', style), 6);
  expect(writer.width('x ≥ 3', style)).toBeCloseTo(writer.width('x >= 3', style), 6);
  expect([...writer.missing]).toEqual(['水']);
  // The report ends with a sentence about it, so its file is longer than that of a title in a known script.
  const bytes = (title: string): Promise<Uint8Array> => renderPdf({ ...buildReport({ ...input, title }, []), sections: [] });
  expect((await bytes('水')).length).toBeGreaterThan((await bytes('?')).length);
});

it('breaks lines at spaces, and words only where they are wider than a line', () => {
  const writer = new TextWriter(new PDFDocument({ size: 'A4' }));
  const style = { size: 12, colour: 'text' } as const;
  const room = writer.width('two words', style) + 1;
  expect(writer.wrap('two words two words', style, room)).toEqual(['two words', 'two words']);
  const pieces = writer.wrap('abcdefghijklmnopqrstuvwxyz', style, room);
  expect(pieces.join('')).toBe('abcdefghijklmnopqrstuvwxyz');
  for (const piece of pieces) expect(writer.width(piece, style)).toBeLessThanOrEqual(room);
});

it('embeds only the writing systems that a text needs', () => {
  expect(embeddedFonts('plain text')).toHaveLength(2);
  const greek = embeddedFonts('θ');
  expect(greek).toHaveLength(4);
  expect(greek.every(({ base64 }) => Buffer.from(base64, 'base64').subarray(0, 4).toString() === 'wOF2')).toBe(true);
});
