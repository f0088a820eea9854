import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { CallResult } from '../../preload/contract.ts';
import type { Understanding } from '../../preload/contract-fixes.ts';
import { usePageVisible } from '../composables/use-page-visible.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';
import { useWizard } from './wizard.ts';
import { useWorkbench } from './workbench.ts';

export type FixList = CallResult<'fixes.list'>;
type Subject = { findingId: string | null; poolKey: string | null };

/** What is asked again while it is shown, in milliseconds of samples: a list of fixes reads settings. */
const LIST_EVERY_MS = 5000;

/** What the matter is and what helps, for the subject of the wizard; asked only while a step shows it. */
export const useFixes = defineStore('fixes', () => {
  const link = useLink();
  const workbench = useWorkbench();
  const wizard = useWizard();
  const visible = usePageVisible();
  const understanding = shallowRef<Understanding | null>(null);
  const list = shallowRef<FixList | null>(null);
  const understandProblem = ref<string | null>(null);
  const listProblem = ref<string | null>(null);
  /** True while something that shows it is mounted. */
  const showsUnderstanding = ref(false);
  const showsList = ref(false);
  let listedAtMs = 0;

  const subject = computed<Subject>(() => ({
    findingId: wizard.wizard?.findingId ?? null,
    poolKey: wizard.wizard?.poolKey ?? null,
  }));
  /** Which machine is spoken of: this one, or the files that are shown instead. */
  const origin = computed(() => workbench.imported?.files.map(({ name }) => name).join('\n') ?? null);
  const subjectKey = computed(() => `${subject.value.findingId} ${subject.value.poolKey}`);
  /** By its id; undefined when it is not listed (yet). */
  const fixOf = (fixId: string | null) => list.value?.fixes.find((fix) => fix.fixId === fixId);

  const understandRequests = newestWins({
    run: (about: Subject) => link.call('fixes.understand', about),
    accept(answer) {
      understanding.value = answer;
      understandProblem.value = null;
    },
    fail: (error) => (understandProblem.value = sentenceOf(error)),
  });
  const listRequests = newestWins({
    run: (about: Subject) => link.call('fixes.list', about),
    accept(answer) {
      list.value = list.value ? inOrderOf(list.value, answer) : answer;
      listProblem.value = null;
    },
    fail: (error) => (listProblem.value = sentenceOf(error)),
  });

  /** What was said of another subject is gone at once. */
  function forget(): void {
    understandRequests.drop();
    listRequests.drop();
    understanding.value = null;
    list.value = null;
    understandProblem.value = listProblem.value = null;
    listedAtMs = 0;
  }
  function askList(): void {
    const atMs = workbench.summary?.takenAtMs ?? 0;
    if (list.value && listProblem.value === null && Math.abs(atMs - listedAtMs) < LIST_EVERY_MS) return;
    listedAtMs = atMs;
    listRequests.ask(subject.value);
  }
  const mayAsk = () => visible.value && workbench.isConnected;

  watch(subjectKey, forget, { flush: 'sync' });
  watch(
    origin,
    () => {
      forget();
      // A change is one of this machine, whatever is shown beside it.
      if (wizard.wizard?.changeId === null) wizard.close();
    },
    { flush: 'sync' },
  );
  watch(
    [() => workbench.summary?.sequence, () => workbench.isConnected, visible, showsUnderstanding, subjectKey],
    () => mayAsk() && showsUnderstanding.value && understandRequests.ask(subject.value),
    { immediate: true },
  );
  watch(
    [() => workbench.summary?.sequence, () => workbench.isConnected, visible, showsList, subjectKey],
    () => mayAsk() && showsList.value && askList(),
    { immediate: true },
  );

  return {
    understanding,
    list,
    understandProblem,
    listProblem,
    showsUnderstanding,
    showsList,
    subject,
    origin,
    fixOf,
    /** Asks once more after a refusal. */
    retry(): void {
      understandProblem.value = listProblem.value = null;
      if (showsUnderstanding.value) understandRequests.ask(subject.value);
      if (showsList.value || list.value === null) listRequests.ask(subject.value);
    },
    /** The catalogue for whoever needs its names once, such as the palette. */
    wantList(): void {
      if (list.value === null && mayAsk() && !listRequests.isBusy) askList();
    },
  };
});

/** New figures in the order that is shown: nothing moves under the pointer while it is being chosen. */
function inOrderOf(shown: FixList, next: FixList): FixList {
  const rank = new Map(shown.fixes.map(({ fixId }, index) => [fixId, index]));
  const last = shown.fixes.length;
  const fixes = [...next.fixes].sort((a, b) => (rank.get(a.fixId) ?? last) - (rank.get(b.fixId) ?? last));
  return { ...next, fixes };
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
