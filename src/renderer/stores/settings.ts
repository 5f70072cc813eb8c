import { defineStore } from 'pinia';
import { computed, ref, watchEffect } from 'vue';
import type { EngineStatus, HostInfo, Settings } from '../../contract/types';
import { isFaultline, type FaultlineError } from '../../core/errors';
import { api } from '../host/api';

export type Theme = 'light' | 'dark';

/** How the workbench looks, and what it runs on. */
export const useSettingsStore = defineStore('settings', () => {
  const settings = ref<Settings>({
    theme: 'system',
    density: 'compact',
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  const host = ref<HostInfo | null>(null);
  const engine = ref<EngineStatus | null>(null);
  const engineError = ref<FaultlineError | null>(null);

  const prefersDark = window.matchMedia('(prefers-color-scheme: dark)');
  const systemTheme = ref<Theme>(prefersDark.matches ? 'dark' : 'light');
  prefersDark.addEventListener('change', (event) => (systemTheme.value = event.matches ? 'dark' : 'light'));

  const theme = computed<Theme>(() => (settings.value.theme === 'system' ? systemTheme.value : settings.value.theme));
  const timeZone = computed(() => settings.value.timeZone);

  watchEffect(() => {
    document.documentElement.dataset['theme'] = theme.value;
    document.documentElement.dataset['density'] = settings.value.density;
  });

  /** Reads settings and host; the engine answers on its own time, since its self-test takes a moment. */
  async function load(): Promise<void> {
    const [stored, info] = await Promise.all([api.call('settings.get', {}), api.call('host.info', {})]);
    settings.value = stored;
    host.value = info;
    void loadEngine();
  }

  async function loadEngine(): Promise<void> {
    engineError.value = null;
    try {
      engine.value = await api.call('engine.status', {});
    } catch (error) {
      if (!isFaultline(error)) throw error;
      engineError.value = error;
    }
  }

  async function set(change: Partial<Settings>): Promise<void> {
    settings.value = { ...settings.value, ...change };
    settings.value = await api.call('settings.set', change);
  }

  return { settings, host, engine, engineError, theme, timeZone, load, loadEngine, set };
});
