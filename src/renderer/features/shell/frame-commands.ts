import { computed, type ComputedRef } from 'vue';
import { useRouter } from 'vue-router';
import { stageNames, stageRoute, stageTitles } from '../../composables/stages';
import { useProjectActions } from '../../composables/useProjectActions';
import { useProjectStore } from '../../stores/project';
import { useSettingsStore } from '../../stores/settings';
import { useUiStore, type Command } from '../../stores/ui';

/** Commands that are there on every page. */
export function useFrameCommands(): ComputedRef<readonly Command[]> {
  const router = useRouter();
  const project = useProjectStore();
  const settings = useSettingsStore();
  const ui = useUiStore();
  const actions = useProjectActions();

  return computed(() => {
    const open = project.state !== null;
    const commands: Command[] = [];
    if (open)
      for (const name of stageNames)
        commands.push({ id: `stage:${name}`, group: 'Stage', title: stageTitles[name], run: () => router.push(stageRoute(name)) });
    if (open)
      commands.push(
        {
          id: 'compare',
          group: 'Go to',
          title: 'Compare',
          words: 'runs methods ranking seeds',
          run: () => router.push('/compare'),
        },
        {
          id: 'sweep',
          group: 'Go to',
          title: 'Try settings',
          words: 'sweep parameters search grid halving tune',
          run: () => router.push('/sweep'),
        },
      );
    commands.push(
      { id: 'home', group: 'Go to', title: 'Projects', run: () => router.push('/') },
      { id: 'jobs', group: 'Go to', title: 'Jobs', run: () => router.push('/jobs') },
      {
        id: 'settings',
        group: 'Go to',
        title: 'Settings',
        words: 'theme zone engine licence about',
        run: () => router.push('/settings'),
      },
      {
        id: 'new',
        group: 'Action',
        title: 'New project from an export',
        words: 'import csv',
        run: actions.newFromExport,
      },
      { id: 'open', group: 'Action', title: 'Open project file', keys: 'Ctrl O', run: actions.openFile },
      { id: 'sample', group: 'Action', title: 'Open the sample project', words: 'pump demo', run: actions.openSample },
    );
    if (open) {
      commands.push(
        { id: 'add', group: 'Action', title: 'Add an export to this project', words: 'import csv', run: actions.addExport },
        { id: 'export', group: 'Action', title: 'Hand over the project as one file', words: 'save', run: actions.exportProject },
        { id: 'close', group: 'Action', title: 'Close project', run: actions.closeProject },
      );
      if (ui.undoTitle) commands.push({ id: 'undo', group: 'Action', title: `Undo ${ui.undoTitle}`, keys: 'Ctrl Z', run: ui.undo });
      if (ui.redoTitle) commands.push({ id: 'redo', group: 'Action', title: `Redo ${ui.redoTitle}`, keys: 'Ctrl Y', run: ui.redo });
    }
    for (const theme of ['light', 'dark', 'system'] as const)
      commands.push({ id: `theme:${theme}`, group: 'Setting', title: `Theme: ${theme}`, run: () => settings.set({ theme }) });
    for (const density of ['compact', 'comfortable'] as const)
      commands.push({
        id: `density:${density}`,
        group: 'Setting',
        title: `Density: ${density}`,
        run: () => settings.set({ density }),
      });
    for (const channel of project.dataset?.channels ?? [])
      commands.push({
        id: `tag:${channel.name}`,
        group: 'Tag',
        title: channel.name,
        words: `${channel.description} ${channel.unit}`,
        run: () => router.push({ path: '/normal', query: { tag: channel.name } }),
      });
    return commands;
  });
}
