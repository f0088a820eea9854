import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import { useSettings } from './settings.ts';

export type ThemeChoice = 'system' | 'dark' | 'light';
export type Theme = 'dark' | 'light';

const STORAGE_KEY = 'fourtuple.theme';

/**
 * The colour theme: the system's until the user chooses one in the settings. This browser remembers the choice, so that
 * its first paint, before the settings have arrived, is in the right one.
 */
export const useTheme = defineStore('theme', () => {
  const settings = useSettings();
  const choice = ref<ThemeChoice>(readChoice());
  const systemQuery = window.matchMedia('(prefers-color-scheme: light)');
  const systemTheme = ref<Theme>(systemQuery.matches ? 'light' : 'dark');
  const theme = computed<Theme>(() => (choice.value === 'system' ? systemTheme.value : choice.value));

  systemQuery.addEventListener('change', (event) => {
    systemTheme.value = event.matches ? 'light' : 'dark';
  });
  // Before the next paint: charts read their colours from the document as soon as `theme` changes.
  watch(theme, (now) => (document.documentElement.dataset.theme = now), { immediate: true, flush: 'sync' });
  watch(
    () => settings.current?.appearance.theme,
    (set) => set && show(set),
    { immediate: true },
  );

  function show(next: ThemeChoice): void {
    choice.value = next;
    writeChoice(next);
  }

  /** Shown at once; where it cannot be set it lasts as long as the page. */
  function choose(next: ThemeChoice): void {
    show(next);
    void settings.change({ appearance: { theme: next } });
  }

  /** Switches to the other theme and keeps it. */
  function toggle(): void {
    choose(theme.value === 'dark' ? 'light' : 'dark');
  }

  return { choice, theme, choose, toggle };
});

function readChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored === 'dark' || stored === 'light' ? stored : 'system';
  } catch {
    // Storage can be forbidden; the system's theme is then as good as any.
    return 'system';
  }
}

function writeChoice(choice: ThemeChoice): void {
  try {
    if (choice === 'system') localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, choice);
  } catch {
    // The first paint of the next page is then in the system's.
  }
}
