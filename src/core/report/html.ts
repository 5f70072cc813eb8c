import { colours, type Colour } from './colours';
import { layoutCss } from './html-style';
import type { Block, Fact, FigureBlock, Report, Section, TableBlock } from './model';
import { escapeMarkup as e, renderSvg } from './svg';

/** Typeface to put into the page, so that it looks the same everywhere; without it the system's own is used. */
export interface EmbeddedFont {
  readonly weight: number;
  /** woff2 or woff as base64. */
  readonly base64: string;
  readonly format: 'woff2' | 'woff';
  /** CSS unicode-range. */
  readonly range: string;
}

/**
 * The report as one HTML page that opens from disk, offline, without script: nothing is fetched (the policy in its head forbids it), all
 * text is escaped, figures are inline SVG. Light on paper, light or dark on screen as the reader's system wishes.
 */
export function renderHtml(report: Report, fonts: readonly EmbeddedFont[] = []): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:${fonts.length > 0 ? '; font-src data:' : ''}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${e(report.title)}: ${e(report.subtitle)}</title>`,
    `<style>${fonts.map(fontFace).join('')}${colourCss()}${layoutCss}${printCss(report)}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<header class="head"><span>${e(report.head[0])}</span><span>${e(report.head[1])}</span></header>`,
    `<h1>${e(report.title)}</h1>`,
    `<p class="subtitle">${e(report.subtitle)}</p>`,
    ...report.sections.map(renderSection),
    `<footer class="foot">${e(report.foot)}</footer>`,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function fontFace(font: EmbeddedFont): string {
  return (
    `@font-face{font-family:Inter;font-weight:${font.weight};font-display:block;unicode-range:${font.range};` +
    `src:url(data:font/${font.format};base64,${font.base64}) format("${font.format}")}`
  );
}

/** Custom properties for both themes, and the stroke and fill classes of figures. */
function colourCss(): string {
  const names = Object.keys(colours) as Colour[];
  const theme = (index: 0 | 1): string => names.map((name) => `--${name}:${colours[name][index]}`).join(';');
  const classes = names.map((name) => `.f-${name}{fill:var(--${name})}.s-${name}{stroke:var(--${name})}`).join('');
  return (
    `:root{color-scheme:light;${theme(0)}}` +
    `@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${theme(1)}}}` +
    `.f-none{fill:none}${classes}`
  );
}

/** Running head and foot on paper, where the browser knows page margin boxes. */
function printCss(report: Report): string {
  const text = (value: string): string => `"${value.replace(/[\\"<>\n\r]/g, (c) => `\\${c.charCodeAt(0).toString(16)} `)}"`;
  return (
    `@page{size:A4;margin:20mm 14mm 18mm;@top-left{content:${text(report.head[0])}}@top-right{content:${text(report.head[1])}}` +
    `@bottom-left{content:${text(report.foot)}}@bottom-right{content:"Page " counter(page) " of " counter(pages)}` +
    '@top-left{white-space:nowrap}@bottom-left{white-space:nowrap}font:8pt Inter,sans-serif;color:#5A6774}'
  );
}

function renderSection(section: Section): string {
  return ['<section>', `<h2>${e(section.title)}</h2>`, ...section.blocks.map(renderBlock), '</section>'].join('\n');
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h3>${e(block.text)}</h3>`;
    case 'paragraph':
      return `<p${block.small ? ' class="small"' : ''}>${e(block.text)}</p>`;
    case 'numbers': {
      const items = block.items.map(
        ({ value, unit, note }) =>
          `<div><div class="figure">${e(value)}${unit ? `<small> ${e(unit)}</small>` : ''}</div><div class="note">${e(note)}</div></div>`,
      );
      return `<div class="numbers">${items.join('')}</div>`;
    }
    case 'facts':
      return renderFacts(block.rows);
    case 'terms': {
      const rows = block.rows.map(({ mark, text }) => `<dt class="${mark}">${mark}</dt><dd>${e(text)}</dd>`);
      return `<dl class="terms">${rows.join('')}</dl>`;
    }
    case 'figure':
      return renderFigure(block);
    case 'table':
      return renderTable(block);
  }
}

function renderFigure(figure: FigureBlock): string {
  const picture = figure.drawing ? renderSvg(figure.drawing) : '';
  const facts = figure.facts.length > 0 ? renderFacts(figure.facts) : '';
  return `<figure><h3>${e(figure.title)}</h3>${picture}<figcaption>${e(figure.caption)}</figcaption>${facts}</figure>`;
}

function renderFacts(rows: readonly Fact[]): string {
  return `<dl class="facts">${rows.map(({ name, text }) => `<dt>${e(name)}</dt><dd>${e(text)}</dd>`).join('')}</dl>`;
}

function renderTable(table: TableBlock): string {
  const total = table.columns.reduce((sum, { weight }) => sum + weight, 0);
  const style = (i: number): string => {
    const { align, strong } = table.columns[i]!;
    const classes = [align === 'right' ? 'num' : '', strong ? 'strong' : ''].filter(Boolean).join(' ');
    return classes ? ` class="${classes}"` : '';
  };
  const head = table.columns
    .map(
      ({ title, weight }, i) => `<th scope="col"${style(i)} style="width:${((100 * weight) / total).toFixed(1)}%">${e(title)}</th>`,
    )
    .join('');
  const rows = table.rows.map(
    (row, r) =>
      `<tr${table.grey?.includes(r) ? ' class="grey"' : ''}>${row.map((cell, i) => `<td${style(i)}>${table.columns[i]!.keep ? unbroken(cell) : e(cell)}</td>`).join('')}</tr>`,
  );
  const body = rows.length > 0 ? `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>` : '';
  return `<h3>${e(table.title)}</h3>${body}${table.note ? `<p class="small">${e(table.note)}</p>` : ''}`;
}

/** Lines break after commas only, not at the hyphens of tags. */
function unbroken(text: string): string {
  return text
    .split(', ')
    .map((part) => `<span class="keep">${e(part)}</span>`)
    .join(', ');
}
