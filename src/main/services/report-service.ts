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
import type { ComputeClient } from '../compute/client';
import { embeddedFonts } from '../report/fonts';
import { createCompare } from './compare-service';
import type { ServiceContext } from './context';
import { driftOf } from './drift';
import type { Evaluations } from './evaluations';
import type { Insights } from './insights';
import { fileNameOf } from './project-list';
import type { Referees } from './referees';
import type { RunColumns } from './run-columns';
import { reportOf } from './report-input';
import type { Sheets } from './sheets';

export function reportService(
  context: ServiceContext,
  evaluations: Evaluations,
  referees: Referees,
  sheets: Sheets,
  insights: Insights,
  columns: RunColumns,
): Pick<Handlers, 'report.preview' | 'report.export'> {
  const { session, files, settings, queries, clock, options } = context;
  const compare = createCompare(context);
  const build = async (runId: string): Promise<Report> =>
    reportOf(session.current(), runId, evaluations, referees, sheets, insights, columns, compare, {
      createdAt: clock(),
      timeZone: settings.get().timeZone,
      appVersion: options.version,
      drift: await driftOf(session.current(), queries, runId),
    });

  return {
    'report.preview': async ({ runId }) => ({ html: page(await build(runId)) }),
    'report.export': async ({ runId, formats }) => {
      const report = await build(runId);
      const folder = await files.temporaryFolder();
      const name = fileNameOf(report.title);
      const exported: ExportedFile[] = [];
      // All formats from one report value, so that they cannot disagree.
      for (const format of new Set(formats)) {
        const path = join(folder, `${report.createdAt}-${exported.length}-${name}.${format}`);
        await write(path, format, await contentOf(format, report, queries));
        const fileToken = files.add(path, `${name}.${format}`, { temporary: true });
        exported.push({ fileToken, name: `${name}.${format}`, format, bytes: (await stat(path)).size });
      }
      const store = session.current();
      const threshold = store.runs.get(runId).threshold;
      if (threshold && !store.readOnly) {
        store.setReported(threshold.id);
        session.changed();
      }
      return exported;
    },
  };
}

/** @throws FaultlineError 'file/write-failed'. */
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
      return page(report);
    case 'csv':
      return renderCsv(report.table);
    case 'json':
      return renderJson(report);
    case 'pdf':
      return queries.run('report.pdf', { report });
  }
}

/** With the typeface for the characters it uses. */
function page(report: Report): string {
  return renderHtml(report, embeddedFonts(renderHtml(report)));
}
