import { computed, type ComputedRef } from 'vue';
import { useSettingsStore } from '../stores/settings';

/** Gives the value of a design token (`tokens('signal-1')`), in the theme that is shown. */
export type Tokens = (name: string) => string;

/** Tokens as values for canvas and chart options; changes with the theme. */
export function useTokens(): ComputedRef<Tokens> {
  const settings = useSettingsStore();
  return computed(() => {
    // Read from a probe, because the theme attribute may be set in the same tick as this is computed.
    const probe = document.createElement('div');
    probe.dataset['theme'] = settings.theme;
    probe.hidden = true;
    document.body.append(probe);
    const style = getComputedStyle(probe);
    const values = new Map<string, string>();
    for (const name of tokenNames()) values.set(name, style.getPropertyValue(`--fl-${name}`).trim());
    probe.remove();
    return (name) => values.get(name) ?? '';
  });
}

let names: readonly string[] | undefined;
/** Names of all custom properties that tokens.css defines. */
function tokenNames(): readonly string[] {
  names ??= [
    ...new Set(
      [...document.styleSheets].flatMap((sheet) =>
        [...sheet.cssRules].flatMap((rule) =>
          rule instanceof CSSStyleRule && rule.selectorText.includes(':root')
            ? [...rule.style].filter((p) => p.startsWith('--fl-')).map((p) => p.slice('--fl-'.length))
            : [],
        ),
      ),
    ),
  ];
  return names;
}
