import type { Handlers } from '../../contract/methods';
import { refusal } from '../../core/compare/compare';
import type { CompareMember, Comparison } from '../../core/compare/comparison';
import { FaultlineError } from '../../core/errors';
import { comparisonReport } from '../../core/report/compare-report';
import type { ProjectStore } from '../store';
import type { ServiceContext } from './context';
import { createProjectList, fileNameOf, idOfFile, nameOfFile } from './project-list';
import { exportReport } from './report-files';

type CompareHandlers = Pick<
  Handlers,
  'compare.runs' | 'comparison.list' | 'comparison.save' | 'comparison.remove' | 'comparison.export'
>;

const usualBuckets = 1200;
const offTheList = 'A project of this comparison is no longer on the list of projects. Open its file once, then compare again.';

/** Compares runs of the open project with each other and with those of projects on the list; one alone stands beside the referee. */
export type Compare = (
  store: ProjectStore,
  members: readonly CompareMember[],
  options: { readonly common: boolean; readonly buckets?: number | undefined },
) => Promise<Comparison>;

export function createCompare({ options, clock, queries, settings }: ServiceContext): Compare {
  const list = createProjectList(options.dataDir, clock);
  return async (store, members, { common, buckets = usualBuckets }) => {
    const own = ownMembers(store, members);
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
  const { session, clock, settings, options } = context;
  const compare = createCompare(context);
  const compareSome = async (members: readonly CompareMember[], choices: Parameters<Compare>[2]): Promise<Comparison> => {
    const store = session.current();
    if (ownMembers(store, members).length < 2) {
      throw new FaultlineError('comparison/refused', 'A comparison needs two different runs or more.', {});
    }
    return compare(store, members, choices);
  };
  return {
    'compare.runs': ({ members, common = false, buckets }) => compareSome(members, { common, buckets }),
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
      const comparison = await compareSome(members, { common });
      if (comparison.refused !== null) throw new FaultlineError('comparison/refused', comparison.refused, {});
      const report = comparisonReport(comparison, {
        title: store.name,
        createdAt: clock(),
        timeZone: settings.get().timeZone,
        appVersion: options.version,
      });
      return exportReport(context, report, `${fileNameOf(report.title)}-comparison`, formats);
    },
  };
}

/** Each run once; runs of the open project by null, whatever id they were named by. */
function ownMembers(store: ProjectStore, members: readonly CompareMember[]): CompareMember[] {
  const here = idOfFile(store.file);
  const own = members.map(({ projectId, runId }) => ({ projectId: projectId === here ? null : projectId, runId }));
  return [...new Map(own.map((member) => [`${member.projectId ?? ''} ${member.runId}`, member])).values()];
}
