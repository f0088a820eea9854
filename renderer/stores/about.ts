import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { AboutInfo } from '../../preload/contract-desktop.ts';
import { useLink } from './link-key.ts';

/** What Fourtuple runs on; asked for when somebody wants to know. */
export const useAbout = defineStore('about', () => {
  const link = useLink();
  const info = shallowRef<AboutInfo | null>(null);
  const problem = ref<string | null>(null);

  async function want(): Promise<void> {
    if (info.value) return;
    problem.value = null;
    try {
      info.value = await link.call('about.get', {});
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  }

  /** As it is pasted into a report of a bug: "Fourtuple 0.1.0", then a line each. */
  const text = computed(() => {
    if (!info.value) return '';
    const { version, parts } = info.value;
    return [`Fourtuple ${version}`, ...parts.map((part) => `${part.name} ${part.version}`)].join('\n');
  });

  return { info, problem, text, want };
});
