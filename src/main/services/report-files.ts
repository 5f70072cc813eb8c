import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportedFile, ReportFormat } from '../../contract/types';
import { FaultlineError } from '../../core/errors';
import { renderCsv } from '../../core/report/csv';
import { renderHtml } from '../../core/report/html';
import { renderJson } from '../../core/report/json';
import type { Report } from '../../core/report/model';
import { reasonOf } from '../atomic-file';
import type { ComputeClient } from '../compute/client';
import { embeddedFonts } from '../report/fonts';
import type { ServiceContext } from './context';

/** The report as a page, with the typeface for the characters it uses. */
export function pageOf(report: Report): string {
  return renderHtml(report, embeddedFonts(renderHtml(report)));
}

/**
 * Files of one report in the asked formats, all from one report value, so that they cannot disagree.
 *
 * @param name - of the files, without ending.
 * @throws FaultlineError 'file/write-failed'.
 */
export async function exportReport(
  { files, queries }: Pick<ServiceContext, 'files' | 'queries'>,
  report: Report,
  name: string,
  formats: readonly ReportFormat[],
): Promise<ExportedFile[]> {
  const folder = await files.temporaryFolder();
  const exported: ExportedFile[] = [];
  for (const format of new Set(formats)) {
    const path = join(folder, `${report.createdAt}-${exported.length}-${name}.${format}`);
    await write(path, format, await contentOf(format, report, queries));
    const fileToken = files.add(path, `${name}.${format}`, { temporary: true });
    exported.push({ fileToken, name: `${name}.${format}`, format, bytes: (await stat(path)).size });
  }
  return exported;
}

async function write(path: string, format: ReportFormat, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content, { mode: 0o600 });
  } catch (cause) {
    throw new FaultlineError('file/write-failed', `The ${format} report could not be written: ${reasonOf(cause)}.`, {}, { cause });
  }
}

function contentOf(format: ReportFormat, report: Report, queries: ComputeClient): string | Promise<Uint8Array> {
  switch (format) {
    case 'html':
      return pageOf(report);
    case 'csv':
      return renderCsv(report.table);
    case 'json':
      return renderJson(report);
    case 'pdf':
      return queries.run('report.pdf', { report });
  }
}
