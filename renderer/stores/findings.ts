import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Check, Finding } from '../format/findings.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';
import { useWorkbench } from './workbench.ts';

/** The finding whose details are open, and the list of all checks. */
export const useFindings = defineStore('findings', () => {
  const link = useLink();
  const workbench = useWorkbench();
  /** As last found: it stays, with its last words, when it is found no more. Null when no details are open. */
  const opened = shallowRef<Finding | null>(null);
  /** Epoch milliseconds of the first sample that did not find it; null while it is found. */
  const goneAtMs = ref<number | null>(null);
  const checksOpen = ref(false);
  /** Null until the workbench has answered. */
  const checks = shallowRef<readonly Check[] | null>(null);
  /** Why the list of checks could not be had; null when it could. */
  const problem = ref<string | null>(null);

  const all = computed(() => workbench.summary?.findings ?? []);

  const requests = newestWins({
    run: () => link.call('findings.checks', {}),
    accept(answer) {
      checks.value = answer.checks;
      problem.value = null;
    },
    fail: (error) => (problem.value = error instanceof Error ? error.message : String(error)),
  });
  /** Asks for the list of checks, which never changes; a refused question is asked again by the next screen. */
  function wantChecks(): void {
    if (checks.value === null && workbench.isConnected && !requests.isBusy) requests.ask(null);
  }

  function open(id: string): void {
    const found = all.value.find((finding) => finding.id === id);
    if (!found) return;
    opened.value = found;
    goneAtMs.value = null;
    checksOpen.value = false;
  }
  function close(): void {
    opened.value = null;
  }
  function openChecks(): void {
    opened.value = null;
    checksOpen.value = true;
    wantChecks();
  }

  watch(
    () => workbench.summary,
    (summary) => {
      if (!opened.value || !summary) return;
      const again = summary.findings.find(({ id }) => id === opened.value?.id);
      if (again) opened.value = again;
      goneAtMs.value = again ? null : (goneAtMs.value ?? summary.takenAtMs);
    },
  );

  return { all, opened, goneAtMs, checks, checksOpen, problem, wantChecks, open, close, openChecks };
});
