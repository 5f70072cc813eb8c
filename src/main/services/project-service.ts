import { constants } from 'node:fs';
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Handlers } from '../../contract/methods';
import type { ProjectRuns, ProjectState, ProjectSummary } from '../../contract/types';
import { FaultlineError } from '../../core/errors';
import { reasonOf } from '../atomic-file';
import { openProject, openReader, summary, type ProjectReader, type ProjectStore } from '../store';
import type { ServiceContext } from './context';
import type { PendingImports } from './import-service';
import { createProjectList, fileNameOf, idOfFile, nameOfFile } from './project-list';
import { projectState, stagesOf, toModelSummary, toRunSummary } from './project-state';
import { openSample } from './sample';

type ProjectHandlers = Pick<Handlers, Extract<keyof Handlers, `project.${string}`>>;

export function projectService(context: ServiceContext, pending: PendingImports): ProjectHandlers {
  const { session, files, clock } = context;
  const list = createProjectList(context.options.dataDir, clock);

  const enter = (store: ProjectStore): ProjectState => {
    list.opened(store.file);
    session.replace(store);
    return projectState(store);
  };
  const open = (file: string, readOnly = false): ProjectState => {
    const before = session.peek();
    if (before && resolve(before.file) === resolve(file)) return projectState(before);
    refuseWhileBusy(context);
    return enter(openProject(file, readOnly ? { readOnly, now: clock } : { now: clock }));
  };
  const create = async (file: string, name: string): Promise<ProjectState> => {
    refuseWhileBusy(context);
    await mkdir(list.folder, { recursive: true });
    return enter(openProject(file, { create: true, name, now: clock }));
  };
  const summaries = (): readonly ProjectSummary[] => list.files().map(({ file }) => summaryOf(file, session.peek()));
  const fileOf = (id: string): string => {
    const found = summaries().find((project) => project.id === id);
    if (!found) {
      throw new FaultlineError('project/not-found', 'This project is no longer on the list. Open its file instead.', { id });
    }
    return found.file;
  };

  return {
    'project.list': async () => summaries(),
    'project.create': ({ name }) => create(list.freePath(name), name),
    'project.open': async (given) => {
      if ('id' in given) return open(fileOf(given.id), given.readOnly);
      const file = files.resolve(given.fileToken);
      const exists = (await stat(file.path).catch(() => undefined)) !== undefined;
      if (!exists && file.create) return create(file.path, nameOfFile(file.path));
      if (!exists) throw new FaultlineError('file/not-found', `"${file.name}" does not exist.`);
      return open(file.temporary ? await takeIn(file.path, list.freePath(nameOfFile(file.name))) : file.path);
    },
    'project.openSample': async () => {
      const before = session.peek();
      if (before?.sample === true) return projectState(before);
      refuseWhileBusy(context);
      await mkdir(list.folder, { recursive: true });
      return openSample(context, pending, join(list.folder, 'sample-pump-train.faultline'), enter);
    },
    'project.state': async () => {
      const store = session.peek();
      return store ? projectState(store) : null;
    },
    'project.rename': async ({ name }) => {
      session.current().rename(name);
      session.changed();
      return projectState(session.current());
    },
    'project.saveAs': async ({ name }) => {
      refuseWhileBusy(context);
      const file = list.freePath(name);
      await mkdir(list.folder, { recursive: true });
      await session.current().copyTo(file, { name });
      return open(file);
    },
    'project.duplicate': async ({ id }) => {
      const source = fileOf(id);
      const shown = summaryOf(source, session.peek());
      const name = `${shown.name} (copy)`;
      const target = list.freePath(name);
      const current = session.peek();
      if (current && resolve(current.file) === resolve(source)) {
        await current.copyTo(target, { name });
      } else {
        const other = openProject(source, { readOnly: true, now: clock });
        try {
          await other.copyTo(target, { name });
        } finally {
          other.close();
        }
      }
      list.opened(target);
      return summaryOf(target, current);
    },
    'project.export': async () => {
      const store = session.current();
      const name = `${fileNameOf(store.name)}.faultline`;
      const path = join(await files.temporaryFolder(), `${clock()}-${name}`);
      await store.copyTo(path, { replace: true });
      return {
        fileToken: files.add(path, name, { temporary: true }),
        name,
        format: 'faultline',
        bytes: (await stat(path)).size,
      };
    },
    'project.add': async ({ fileToken }) => {
      const { path, name, temporary } = files.resolve(fileToken);
      const file = temporary ? await takeIn(path, list.freePath(nameOfFile(name))) : path;
      const shown = summaryOf(file, session.peek());
      if (shown.state === 'missing') throw new FaultlineError('project/not-found', `There is no project "${name}".`);
      list.opened(file);
      return shown;
    },
    'project.runs': async ({ id }) => {
      const file = fileOf(id);
      const shown = summaryOf(file, session.peek());
      if (shown.problem !== '') {
        throw new FaultlineError('project/not-found', `"${shown.name}" cannot be read: ${shown.problem}`, { id });
      }
      const reader = openReader(file);
      try {
        return runsOf(reader, id, shown.name);
      } finally {
        reader.close();
      }
    },
    'project.forget': async ({ id }) => {
      list.forget(fileOf(id));
      return null;
    },
    'project.close': async () => {
      refuseWhileBusy(context);
      session.replace(undefined);
      return null;
    },
  };
}

function runsOf(reader: ProjectReader, projectId: string, name: string): ProjectRuns {
  return {
    projectId,
    name,
    datasets: reader.datasets.list().map((dataset) => ({ id: dataset.id, name: dataset.name })),
    models: reader.models.list().map(toModelSummary),
    runs: reader.runs.list().map(toRunSummary),
  };
}

/** @throws FaultlineError 'project/busy': a job writes into the project that is open. */
function refuseWhileBusy(context: ServiceContext): void {
  if (context.jobs.busy()) {
    throw new FaultlineError('project/busy', 'A job is running in this project. Wait for it or cancel it first.');
  }
}

/** An upload lies in a folder that is emptied on close: the project moves to the projects folder. */
async function takeIn(upload: string, target: string): Promise<string> {
  try {
    await mkdir(resolve(target, '..'), { recursive: true });
    await copyFile(upload, target, constants.COPYFILE_EXCL);
    return target;
  } catch (cause) {
    throw new FaultlineError('file/write-failed', `"${basename(target)}" could not be stored: ${reasonOf(cause)}.`, {}, { cause });
  }
}

/** The list's line of a file; the open project's stages and name come from the project itself. */
function summaryOf(file: string, current: ProjectStore | undefined): ProjectSummary {
  // A project copied by hand has the id of its original: on the list the file is what counts.
  const line = { ...summary(file), id: idOfFile(file) };
  if (!current || resolve(current.file) !== resolve(file)) return line;
  return { ...line, name: current.name, state: 'ok', problem: '', stages: stagesOf(current) };
}
