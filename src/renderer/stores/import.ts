import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { ChosenFile } from '../host/api';

/** The file that is being looked at before import. It stays while the user visits other pages. */
export const useImportStore = defineStore('import', () => {
  const file = shallowRef<ChosenFile | null>(null);
  /** True: the import makes a project of its own; false: it adds to the open one. */
  const newProject = ref(true);
  const jobId = ref<string | null>(null);
  /** Questions the file still asks; shown on the rail. */
  const questions = ref(0);

  function begin(chosen: ChosenFile, intoNewProject: boolean): void {
    file.value = chosen;
    newProject.value = intoNewProject;
    jobId.value = null;
  }
  function clear(): void {
    file.value = null;
    jobId.value = null;
  }
  return { file, newProject, jobId, questions, begin, clear };
});
