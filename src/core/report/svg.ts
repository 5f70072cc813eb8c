import type { Colour } from './colours';
import { hatchLines, type Drawing, type Mark } from './drawing';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand in HTML and SVG, in content and in attributes. Control characters are dropped. */
export function escapeMarkup(text: string): string {
  return text.replace(/\p{Cc}/gu, (c) => (c === '\n' || c === '\t' ? c : '')).replace(/[&<>"']/g, (c) => entities[c]!);
}

/** A drawing as inline SVG. Colours are classes (`s-` stroke, `f-` fill), so that the page decides on light or dark. */
export function renderSvg(drawing: Drawing): string {
  const { width, height, marks, alternative } = drawing;
  return (
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeMarkup(alternative)}">` +
    marks.map(renderMark).join('') +
    '</svg>'
  );
}

function renderMark(mark: Mark): string {
  switch (mark.kind) {
    case 'line':
      return `<polyline points="${points(mark.points)}" ${stroke(mark.stroke, mark.width)}${dash(mark.dash)}/>`;
    case 'area':
      return `<polygon points="${points(mark.points)}" class="f-${mark.fill}"/>`;
    case 'rect': {
      const classes = `f-${mark.fill ?? 'none'}${mark.stroke ? ` s-${mark.stroke}` : ''}`;
      const edge = mark.stroke ? ` stroke-width="${mark.strokeWidth ?? 1}"` : '';
      return `<rect x="${n(mark.x)}" y="${n(mark.y)}" width="${n(mark.w)}" height="${n(mark.h)}" class="${classes}"${edge}/>`;
    }
    case 'hatch': {
      const d = hatchLines(mark).map(([x1, y1, x2, y2]) => `M${n(x1!)} ${n(y1!)}L${n(x2!)} ${n(y2!)}`);
      return `<path d="${d.join('')}" ${stroke(mark.stroke, 0.75)}/>`;
    }
    case 'text': {
      const style = `${mark.anchor === 'end' ? ' text-anchor="end"' : ''}${mark.strong ? ' font-weight="600"' : ''}`;
      return `<text x="${n(mark.x)}" y="${n(mark.y)}" font-size="${mark.size}" class="f-${mark.fill}"${style}>${escapeMarkup(mark.text)}</text>`;
    }
  }
}

function stroke(colour: Colour, width: number): string {
  return `class="f-none s-${colour}" stroke-width="${width}"`;
}

function dash(lengths: readonly [number, number] | undefined): string {
  return lengths ? ` stroke-dasharray="${lengths.join(' ')}"` : '';
}

function points(list: readonly number[]): string {
  let text = '';
  for (let i = 0; i < list.length; i += 2) text += `${i === 0 ? '' : ' '}${n(list[i]!)},${n(list[i + 1]!)}`;
  return text;
}

/** A tenth of a pixel is finer than any printer. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
