import type { Handlers } from '../../contract/methods';
import type { Report } from '../../core/report/model';
import { createCompare } from './compare-service';
import type { ServiceContext } from './context';
import { driftOf } from './drift';
import type { Evaluations } from './evaluations';
import type { Insights } from './insights';
import { fileNameOf } from './project-list';
import type { Referees } from './referees';
import type { RunColumns } from './run-columns';
import { exportReport, pageOf } from './report-files';
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
  const { session, settings, queries, clock, options } = context;
  const compare = createCompare(context);
  const build = async (runId: string): Promise<Report> =>
    reportOf(session.current(), runId, evaluations, referees, sheets, insights, columns, compare, {
      createdAt: clock(),
      timeZone: settings.get().timeZone,
      appVersion: options.version,
      drift: await driftOf(session.current(), queries, evaluations, runId),
    });

  return {
    'report.preview': async ({ runId }) => ({ html: pageOf(await build(runId)) }),
    'report.export': async ({ runId, formats }) => {
      const report = await build(runId);
      const exported = await exportReport(context, report, fileNameOf(report.title), formats);
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
