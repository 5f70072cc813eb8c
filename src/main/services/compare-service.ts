import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Handlers } from '../../contract/methods';
import { refusal } from '../../core/compare/compare';
import type { CompareMember, Comparison } from '../../core/compare/comparison';
import { FaultlineError } from '../../core/errors';
import { comparisonReport } from '../../core/report/compare-report';
import { renderCsv } from '../../core/report/csv';
import { renderHtml } from '../../core/report/html';
import { renderJson } from '../../core/report/json';
import type { Report } from '../../core/report/model';
import { reasonOf } from '../atomic-file';
import { embeddedFonts } from '../report/fonts';
import type { ProjectStore } from '../store';
import type { ServiceContext } from './context';
import { createProjectList, fileNameOf, idOfFile, nameOfFile } from './project-list';

type CompareHandlers = Pick<
  Handlers,
  'compare.runs' | 'comparison.list' | 'comparison.save' | 'comparison.remove' | 'comparison.export'
>;
type Format = 'html' | 'csv' | 'json';

const usualBuckets = 1200;
const offTheList = 'A project of this comparison is no longer on the list of projects. Open its file once, then compare again.';

/** Compares runs of the open project with each other and with those of projects on the list. */
export type Compare = (
  store: ProjectStore,
  members: readonly CompareMember[],
  options: { readonly common: boolean; readonly buckets?: number | undefined },
) => Promise<Comparison>;

export function createCompare({ options, clock, queries, settings }: ServiceContext): Compare {
  const list = createProjectList(options.dataDir, clock);
  return async (store, members, { common, buckets = usualBuckets }) => {
    const own = ownMembers(store, members);
    if (own.length < 2) {
      throw new FaultlineError('comparison/refused', 'A comparison needs two different runs or more.', {});
    }
    // Looked up once: hashing the path of every project on the list for every run would be slow.
    const files = new Map(list.files().map(({ file }) => [idOfFile(file), file]));
    const { timeZone } = settings.get();
    const fileOf = ({ projectId }: CompareMember): string | undefined => (projectId === null ? store.file : files.get(projectId));
    const located = own.flatMap((member) => {
      const file = fileOf(member);
      return file === undefined ? [] : [{ member, file, projectName: member.projectId === null ? store.name : nameOfFile(file) }];
    });
    if (located.length < own.length) return refusal(offTheList, [], false);
    return queries.run('compare.run', { members: located, common, buckets, timeZone });
  };
}

export function compareService(context: ServiceContext): CompareHandlers {
  const { session, clock, settings, options, files } = context;
  const compare = createCompare(context);
  return {
    'compare.runs': ({ members, common = false, buckets }) => compare(session.current(), members, { common, buckets }),
    'comparison.list': async () => session.current().comparisons.list(),
    'comparison.save': async ({ name, members, common }) => {
      const store = session.current();
      const saved = store.comparisons.save(name, ownMembers(store, members), common);
      session.changed();
      return saved;
    },
    'comparison.remove': async ({ id }) => {
      session.current().comparisons.remove(id);
      session.changed();
      return null;
    },
    'comparison.export': async ({ members, common, formats }) => {
      const store = session.current();
      const comparison = await compare(store, members, { common });
      if (comparison.refused !== null) throw new FaultlineError('comparison/refused', comparison.refused, {});
      const report = comparisonReport(comparison, {
        title: store.name,
        createdAt: clock(),
        timeZone: settings.get().timeZone,
        appVersion: options.version,
      });
      const folder = await files.temporaryFolder();
      const name = `${fileNameOf(report.title)}-comparison`;
      // All formats from one report value, so that they cannot disagree.
      return Promise.all(
        [...new Set(formats)].map(async (format) => {
          const path = join(folder, `${report.createdAt}-${name}.${format}`);
          await write(path, format, contentOf(format, report));
          const fileToken = files.add(path, `${name}.${format}`, { temporary: true });
          return { fileToken, name: `${name}.${format}`, format, bytes: (await stat(path)).size };
        }),
      );
    },
  };
}

/** Each run once; runs of the open project by null, whatever id they were named by. */
function ownMembers(store: ProjectStore, members: readonly CompareMember[]): CompareMember[] {
  const here = idOfFile(store.file);
  const own = members.map(({ projectId, runId }) => ({ projectId: projectId === here ? null : projectId, runId }));
  return [...new Map(own.map((member) => [`${member.projectId ?? ''} ${member.runId}`, member])).values()];
}

/** @throws FaultlineError 'file/write-failed'. */
async function write(path: string, format: Format, content: string): Promise<void> {
  try {
    await writeFile(path, content, { mode: 0o600 });
  } catch (cause) {
    throw new FaultlineError(
      'file/write-failed',
      `The ${format} file of the comparison could not be written: ${reasonOf(cause)}.`,
      {},
      { cause },
    );
  }
}

function contentOf(format: Format, report: Report): string {
  switch (format) {
    case 'html':
      return renderHtml(report, embeddedFonts(renderHtml(report)));
    case 'csv':
      return renderCsv(report.table);
    case 'json':
      return renderJson(report);
  }
}
