import type PDFDocument from 'pdfkit';
import { colours } from '../../core/report/colours';
import { hatchLines, type Drawing, type Mark } from '../../core/report/drawing';
import type { TextWriter } from './pdf-text';

type Document = InstanceType<typeof PDFDocument>;

/** Paints a drawing with its upper left corner at (x, y), as vectors. */
export function paintDrawing(doc: Document, writer: TextWriter, drawing: Drawing, x: number, y: number): void {
  doc.save();
  doc.translate(x, y);
  for (const mark of drawing.marks) paintMark(doc, writer, mark);
  doc.restore();
}

function paintMark(doc: Document, writer: TextWriter, mark: Mark): void {
  switch (mark.kind) {
    case 'line':
      trace(doc, mark.points);
      if (mark.dash) doc.dash(mark.dash[0], { space: mark.dash[1] });
      doc.lineJoin('round').lineWidth(mark.width).stroke(colours[mark.stroke][0]);
      if (mark.dash) doc.undash();
      break;
    case 'area':
      trace(doc, mark.points);
      doc.closePath().fill(colours[mark.fill][0]);
      break;
    case 'rect':
      doc.rect(mark.x, mark.y, mark.w, mark.h);
      if (mark.stroke) doc.lineWidth(mark.strokeWidth ?? 1);
      if (mark.fill && mark.stroke) doc.fillAndStroke(colours[mark.fill][0], colours[mark.stroke][0]);
      else if (mark.fill) doc.fill(colours[mark.fill][0]);
      else if (mark.stroke) doc.stroke(colours[mark.stroke][0]);
      break;
    case 'hatch':
      for (const [x1, y1, x2, y2] of hatchLines(mark)) doc.moveTo(x1!, y1!).lineTo(x2!, y2!);
      doc.lineWidth(0.75).stroke(colours[mark.stroke][0]);
      break;
    case 'text':
      writer.line(mark.text, mark.x, mark.y, { size: mark.size, colour: mark.fill, weight: mark.strong ? 600 : 400 }, mark.anchor);
      break;
  }
}

function trace(doc: Document, points: readonly number[]): void {
  doc.moveTo(points[0]!, points[1]!);
  for (let i = 2; i < points.length; i += 2) doc.lineTo(points[i]!, points[i + 1]!);
}
