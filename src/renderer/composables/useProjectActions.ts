import { useRouter } from 'vue-router';
import type { ProjectState } from '../../contract/types';
import { api, type ChosenFile } from '../host/api';
import { useImportStore } from '../stores/import';
import { useProjectStore } from '../stores/project';
import { useUiStore } from '../stores/ui';
import { nextStage, stageRoute } from './stages';

/** What can be done with files and projects, from the home page, the palette, the menus and by dropping a file. */
export interface ProjectActions {
  newFromExport(): Promise<void>;
  addExport(): Promise<void>;
  openFile(): Promise<void>;
  openSample(): Promise<void>;
  openProject(id: string, readOnly?: boolean): Promise<void>;
  /** Goes to the stage at which the open project was left. */
  goOn(): Promise<void>;
  dropped(file: File): Promise<void>;
  exportProject(): Promise<void>;
  closeProject(): Promise<void>;
}

/** Every act shows its own failure in the frame, unless the caller catches it. */
export function useProjectActions(): ProjectActions {
  const router = useRouter();
  const project = useProjectStore();
  const importing = useImportStore();
  const { attempt } = useUiStore();

  const goOn = async (state: ProjectState): Promise<void> => {
    await router.push(stageRoute(nextStage(state.stages)));
  };
  /** The first look at a project nothing was trained in is its trend. */
  const landOn = async (state: ProjectState): Promise<void> => {
    if (state.models.length > 0 || state.datasets.length === 0) await goOn(state);
    else await router.push('/normal');
  };
  const readFile = async (file: ChosenFile, newProject: boolean): Promise<void> => {
    importing.begin(file, newProject);
    await router.push('/import');
  };
  const chooseData = async (newProject: boolean): Promise<void> => {
    const file = await api.choose('data');
    if (file) await readFile(file, newProject);
  };

  return {
    newFromExport: () => attempt(() => chooseData(true)),
    addExport: () => attempt(() => chooseData(project.state === null)),
    openFile: () =>
      attempt(async () => {
        const file = await api.choose('project');
        if (file) await goOn(await project.openFile(file.fileToken));
      }),
    openSample: () =>
      attempt(async () => {
        await landOn(await project.openSample());
      }),
    openProject: (id, readOnly) => attempt(async () => goOn(await project.open(id, readOnly))),
    goOn: () => attempt(async () => (project.state ? landOn(project.state) : undefined)),
    dropped: (file) =>
      attempt(async () => {
        const chosen = await api.upload(file);
        if (/\.faultline$/i.test(file.name)) await goOn(await project.openFile(chosen.fileToken));
        else await readFile(chosen, project.state === null || router.currentRoute.value.name === 'home');
      }),
    exportProject: () =>
      attempt(async () => {
        await api.deliver(await api.call('project.export', {}));
      }),
    closeProject: () =>
      attempt(async () => {
        await project.close();
        await router.push('/');
      }),
  };
}
