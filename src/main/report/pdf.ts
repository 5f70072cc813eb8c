import PDFDocument from 'pdfkit';
import { colours, type Colour } from '../../core/report/colours';
import type { Block, Fact, FigureBlock, KeyNumber, Report, TableBlock, TableColumn } from '../../core/report/model';
import { cellPadding, columnsOf } from './pdf-columns';
import { paintDrawing } from './pdf-drawing';
import { lead, styles, termStyle } from './pdf-styles';
import { TextWriter, type TextStyle } from './pdf-text';

/** Everything is laid out in CSS pixels, as in the HTML report; a point is 4/3 pixel. */
const pixel = 0.75;
const page = { width: 595.28 / pixel, height: 841.89 / pixel };
const margin = { left: 52, right: 52, top: 78, bottom: 72 };
const column = page.width - margin.left - margin.right;
const bottom = page.height - margin.bottom;
/** Width of the names of facts. */
const factNames = 140;

/**
 * The report as PDF (A4, vector figures, bundled typeface, page numbers, outline). Takes the same blocks as the HTML report, so every
 * number in it is the same text.
 */
export function renderPdf(report: Report): Promise<Uint8Array> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    autoFirstPage: false,
    lang: 'en',
    displayTitle: true,
    info: {
      Title: `${report.title}: ${report.subtitle}`,
      Creator: 'Faultline',
      Producer: 'Faultline',
      // The report's own time, so that the same report gives the same file.
      CreationDate: new Date(report.createdAt),
    },
  });
  const chunks: Uint8Array[] = [];
  const written = new Promise<Uint8Array>((resolve, reject) => {
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  new PdfReport(doc, report).write();
  doc.end();
  return written;
}

class PdfReport {
  private readonly writer: TextWriter;
  private y = 0;

  constructor(
    private readonly doc: InstanceType<typeof PDFDocument>,
    private readonly report: Report,
  ) {
    this.writer = new TextWriter(doc);
  }

  write(): void {
    this.addPage();
    this.lines(this.report.title, styles.title);
    this.lines(this.report.subtitle, styles.second);
    for (const section of this.report.sections) {
      this.space(16, section.blocks[0]?.kind === 'figure' ? 460 : 110);
      this.doc.outline.addItem(section.title);
      this.lines(section.title, styles.section);
      this.y += 4;
      section.blocks.forEach((block) => this.block(block));
    }
    if (this.writer.missing.size > 0) {
      this.space(12, 40);
      const count = this.writer.missing.size;
      this.lines(
        `${count} ${count === 1 ? 'character is' : 'characters are'} not in the built-in typeface and written as "?"; the HTML report has them.`,
        styles.small,
      );
    }
    this.heads();
  }

  private addPage(): void {
    this.doc.addPage();
    this.doc.scale(pixel);
    this.y = margin.top;
  }

  /** A gap before something that needs `needed` pixels; a new page when they are not left. */
  private space(gap: number, needed: number): void {
    if (this.y === margin.top) return;
    this.y += gap;
    if (this.y + needed > bottom) this.addPage();
  }

  /** Wrapped text over the column, going on to a new page when it must. */
  private lines(text: string, style: TextStyle, x = margin.left, width = column): void {
    for (const line of this.writer.wrap(text, style, width)) {
      if (this.y + lead(style) > bottom) this.addPage();
      this.writer.line(line, x, this.y + style.size, style);
      this.y += lead(style);
    }
  }

  private block(block: Block): void {
    switch (block.kind) {
      case 'heading':
        this.space(14, 70);
        return this.lines(block.text, styles.heading);
      case 'paragraph':
        this.space(2, 40);
        this.lines(block.text, block.small ? styles.small : styles.body);
        this.y += 4;
        return;
      case 'numbers':
        return this.numbers(block.items);
      case 'facts':
        return this.facts(block.rows);
      case 'terms':
        return this.pairs(
          block.rows.map(({ mark, text }) => ({ name: mark, text, style: termStyle(mark) })),
          78,
        );
      case 'figure':
        return this.figure(block);
      case 'table':
        return this.table(block);
    }
  }

  private pairs(rows: readonly { name: string; text: string; style: TextStyle }[], nameWidth: number): void {
    this.y += 2;
    for (const { name, text, style } of rows) {
      const names = this.writer.wrap(name, style, nameWidth - 10);
      const texts = this.writer.wrap(text, styles.cell, column - nameWidth);
      const height = Math.max(names.length, texts.length) * 17 + 2;
      if (this.y + height > bottom) this.addPage();
      names.forEach((line, i) => this.writer.line(line, margin.left, this.y + 12 + i * 17, style));
      texts.forEach((line, i) => this.writer.line(line, margin.left + nameWidth, this.y + 12 + i * 17, styles.cell));
      this.y += height;
    }
    this.y += 6;
  }

  private numbers(items: readonly KeyNumber[]): void {
    const width = column / items.length;
    const room = width - 20;
    const cells = items.map(({ value, unit, note }) => {
      const unitStyle: TextStyle = { size: 12, colour: 'text-2' };
      const unitWidth = unit ? this.writer.width(` ${unit}`, unitStyle) : 0;
      // A long duration is made smaller rather than broken.
      const wide = this.writer.width(value, styles.figure) + unitWidth;
      const size = Math.min(styles.figure.size, Math.floor((styles.figure.size * room) / wide));
      return { value, unit, unitStyle, style: { ...styles.figure, size }, notes: this.writer.wrap(note, styles.micro, room) };
    });
    const height = 48 + Math.max(...cells.map(({ notes }) => notes.length)) * 14;
    this.space(8, height);
    cells.forEach(({ value, unit, unitStyle, style, notes }, i) => {
      const x = margin.left + i * width + 10;
      this.writer.line(value, x, this.y + 28, style);
      if (unit) this.writer.line(` ${unit}`, x + this.writer.width(value, style), this.y + 28, unitStyle);
      notes.forEach((line, k) => this.writer.line(line, x, this.y + 47 + k * 14, styles.micro));
      if (i > 0) this.rule(margin.left + i * width, this.y, margin.left + i * width, this.y + height, 'line');
    });
    this.doc.rect(margin.left, this.y, column, height).lineWidth(1).stroke(colours.line[0]);
    this.y += height + 4;
  }

  private figure({ title, drawing, caption, facts }: FigureBlock): void {
    const captions = this.writer.wrap(caption, styles.small, column);
    const scale = drawing ? column / drawing.width : 1;
    const factLines = facts.reduce((sum, { text }) => sum + this.writer.wrap(text, styles.cell, column - factNames).length, 0);
    const height = (drawing ? drawing.height * scale : 0) + 24 + captions.length * lead(styles.small) + 8 + factLines * 19 + 8;
    this.space(16, height);
    this.lines(title, styles.heading);
    this.y += 4;
    if (drawing) {
      this.doc.save();
      this.doc.translate(margin.left, this.y).scale(scale);
      paintDrawing(this.doc, this.writer, drawing, 0, 0);
      this.doc.restore();
      this.y += drawing.height * scale + 4;
    }
    this.lines(caption, styles.small);
    this.y += 4;
    if (facts.length > 0) this.facts(facts);
  }

  private facts(rows: readonly Fact[]): void {
    this.pairs(
      rows.map(({ name, text }) => ({ name, text, style: styles.cellName })),
      factNames,
    );
  }

  private table(table: TableBlock): void {
    const styleOf = ({ strong, align }: TableColumn): TextStyle => ({
      ...(strong ? styles.cellStrong : styles.cell),
      tabular: align === 'right',
    });
    const { widths, oneLine } = columnsOf(table, column, (i, r, whole) => {
      const spec = table.columns[i]!;
      return r < 0
        ? this.writer.widest(spec.title, styles.head)
        : this.writer.widest(keepTogether(table.rows[r]![i]!, spec, whole), styleOf(spec));
    });
    let left = margin.left;
    const columns = table.columns.map((spec, i) => {
      const cell = { ...spec, left, width: widths[i]!, style: styleOf(spec) };
      left += cell.width;
      return cell;
    });
    const row = (cells: readonly string[], style: (i: number) => TextStyle): { lines: string[][]; height: number } => {
      const lines = cells.map((text, i) => this.writer.wrap(text, style(i), columns[i]!.width - cellPadding));
      return { lines, height: Math.max(...lines.map((l) => l.length)) * 15 + 8 };
    };
    const paint = (lines: readonly string[][], height: number, style: (i: number) => TextStyle): void => {
      lines.forEach((cell, i) => {
        const { left: x, width, align } = columns[i]!;
        cell.forEach((line, k) => {
          const at = align === 'right' ? x + width - 6 : x + 6;
          this.writer.line(line, at, this.y + 15 + k * 15, style(i), align === 'right' ? 'end' : 'start');
        });
      });
      this.y += height;
      this.rule(margin.left, this.y, margin.left + column, this.y, 'line');
    };
    const head = row(
      columns.map(({ title }) => title),
      () => styles.head,
    );
    const paintHead = (): void => {
      this.doc.rect(margin.left, this.y, column, head.height).fill(colours.sunken[0]);
      paint(head.lines, head.height, () => styles.head);
    };
    const cellStyle = (i: number): TextStyle => columns[i]!.style;
    const rows = table.rows.map((cells) =>
      row(
        cells.map((text, i) => keepTogether(text, columns[i]!, oneLine)),
        cellStyle,
      ),
    );
    this.space(16, 28 + head.height + (rows[0]?.height ?? 0) + (rows[1]?.height ?? 0));
    this.lines(table.title, styles.heading);
    this.y += 4;
    if (rows.length > 0) paintHead();
    const greyStyle = (i: number): TextStyle => ({ ...columns[i]!.style, colour: 'text-3', weight: 400 });
    for (const [r, { lines, height }] of rows.entries()) {
      // The last row does not go to the next page alone.
      const last = r > 0 && r === rows.length - 2 ? rows[r + 1]!.height : 0;
      if (this.y + height + last > bottom) {
        this.addPage();
        paintHead();
      }
      paint(lines, height, table.grey?.includes(r) ? greyStyle : cellStyle);
    }
    if (table.note) {
      this.y += 4;
      this.lines(table.note, styles.small);
    }
    this.y += 4;
  }

  private rule(x1: number, y1: number, x2: number, y2: number, colour: Colour): void {
    this.doc.moveTo(x1, y1).lineTo(x2, y2).lineWidth(1).stroke(colours[colour][0]);
  }

  /** Running head and foot, when the number of pages is known. */
  private heads(): void {
    const { start, count } = this.doc.bufferedPageRange();
    const right = margin.left + column;
    for (let i = 0; i < count; i++) {
      this.doc.switchToPage(start + i);
      const fit = (text: string): string => {
        const [first = '', ...rest] = this.writer.wrap(text, styles.micro, column - 180);
        return rest.length > 0 ? `${first}…` : first;
      };
      this.writer.line(fit(this.report.head[0]), margin.left, 52, styles.micro);
      this.writer.line(this.report.head[1], right, 52, styles.micro, 'end');
      this.rule(margin.left, 62, right, 62, 'line-strong');
      const foot = page.height - 54;
      this.rule(margin.left, foot, right, foot, 'line-strong');
      this.writer.line(fit(this.report.foot), margin.left, foot + 18, styles.micro);
      this.writer.line(`Page ${i + 1} of ${count}`, right, foot + 18, styles.micro, 'end');
    }
  }
}

/** In columns of names with numbers, and in those of figures that have the room for a line, it may break after a comma only. */
function keepTogether(text: string, { keep, align }: TableColumn, oneLine: boolean): string {
  return keep || (oneLine && align === 'right') ? text.replace(/(?<!,) /g, '\u00a0') : text;
}
