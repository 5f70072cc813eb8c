import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Handlers } from '../../contract/methods';
import type { ExportedFile, ReportFormat } from '../../contract/types';
import { FaultlineError } from '../../core/errors';
import { renderCsv } from '../../core/report/csv';
import { renderHtml } from '../../core/report/html';
import { renderJson } from '../../core/report/json';
import type { Report } from '../../core/report/model';
import { reasonOf } from '../atomic-file';
import type { ServiceContext } from './context';
import type { Evaluations } from './evaluations';
import { fileNameOf } from './project-list';
import { reportFonts } from './report-fonts';
import { reportOf } from './report-input';

export function reportService(
  context: ServiceContext,
  evaluations: Evaluations,
): Pick<Handlers, 'report.preview' | 'report.export'> {
  const { session, files, settings, clock, options } = context;
  const build = (runId: string): Promise<Report> =>
    reportOf(session.current(), runId, evaluations, {
      createdAt: clock(),
      timeZone: settings.get().timeZone,
      appVersion: options.version,
    });

  return {
    'report.preview': async ({ runId }) => ({ html: renderHtml(await build(runId), await reportFonts()) }),
    'report.export': async ({ runId, formats }) => {
      const report = await build(runId);
      const folder = await files.temporaryFolder();
      const name = fileNameOf(report.title);
      const exported: ExportedFile[] = [];
      // All formats from one report value, so that they cannot disagree.
      for (const format of new Set(formats)) {
        const path = join(folder, `${report.createdAt}-${exported.length}-${name}.${format}`);
        await write(path, format, report);
        const fileToken = files.add(path, `${name}.${format}`, { temporary: true });
        exported.push({ fileToken, name: `${name}.${format}`, format, bytes: (await stat(path)).size });
      }
      return exported;
    },
  };
}

/** @throws FaultlineError 'file/write-failed'. */
async function write(path: string, format: ReportFormat, report: Report): Promise<void> {
  const content = await contentOf(format, report);
  try {
    await writeFile(path, content, { mode: 0o600 });
  } catch (cause) {
    throw new FaultlineError('file/write-failed', `The ${format} report could not be written: ${reasonOf(cause)}.`, {}, { cause });
  }
}

async function contentOf(format: ReportFormat, report: Report): Promise<string | Uint8Array> {
  switch (format) {
    case 'html':
      return renderHtml(report, await reportFonts());
    case 'csv':
      return renderCsv(report.table);
    case 'json':
      return renderJson(report);
    case 'pdf':
      throw new FaultlineError('report/unknown-format', 'PDF is not part of this build.');
  }
}
