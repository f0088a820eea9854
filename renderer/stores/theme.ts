import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';

export type ThemeChoice = 'system' | 'dark' | 'light';
export type Theme = 'dark' | 'light';

const STORAGE_KEY = 'fourtuple.theme';

/** The colour theme: the system's until the user chooses one, then the choice, kept in localStorage. */
export const useTheme = defineStore('theme', () => {
  const choice = ref<ThemeChoice>(readChoice());
  const systemQuery = window.matchMedia('(prefers-color-scheme: light)');
  const systemTheme = ref<Theme>(systemQuery.matches ? 'light' : 'dark');
  const theme = computed<Theme>(() => (choice.value === 'system' ? systemTheme.value : choice.value));

  systemQuery.addEventListener('change', (event) => {
    systemTheme.value = event.matches ? 'light' : 'dark';
  });
  // Before the next paint: charts read their colours from the document as soon as `theme` changes.
  watch(theme, (now) => (document.documentElement.dataset.theme = now), { immediate: true, flush: 'sync' });

  function choose(next: ThemeChoice): void {
    choice.value = next;
    writeChoice(next);
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
    // The choice then lasts as long as the page.
  }
}
