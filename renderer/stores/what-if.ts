import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { CallResult } from '../../preload/contract.ts';
import type { WhatIfInput, WhatIfProfile, WhatIfResult } from '../../preload/contract-what-if.ts';
import { LinkError } from '../link/link.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';
import { useWorkbench } from './workbench.ts';

export type WhatIfCatalogue = CallResult<'whatif.profiles'>;
/** A change to the question; what it does not name stays. */
export type WhatIfPatch = Partial<Omit<WhatIfInput, 'limits'>> & { limits?: Partial<WhatIfInput['limits']> };
/** Which picture is shown: time until full by rate, or ports in use over time. */
export type WhatIfView = 'rate' | 'time';

/** Everything that comes from the profile while it is null. */
const FROM_PROFILE = {
  range: null,
  portCount: null,
  reservedPorts: null,
  timeWaitSeconds: null,
  scope: null,
  reuseMode: null,
  reuseDelayMs: null,
  timestamps: null,
} satisfies WhatIfPatch;

/** The question of size and its newest answer; one question is in flight, the last answer stays meanwhile. */
export const useWhatIf = defineStore('what-if', () => {
  const link = useLink();
  const workbench = useWorkbench();
  const isOpen = ref(false);
  const catalogue = shallowRef<WhatIfCatalogue | null>(null);
  /** What is asked, refused values included: nothing typed is lost. Null until the catalogue is there. */
  const input = shallowRef<WhatIfInput | null>(null);
  const result = shallowRef<WhatIfResult | null>(null);
  /** The sentence of a refused value and the field it was typed into; null when all are accepted. */
  const refusal = shallowRef<{ field: string; sentence: string } | null>(null);
  /** Names in the link that was followed which were not understood. */
  const notUnderstood = shallowRef<readonly string[]>([]);
  /** Why nothing could be asked; null when it could. */
  const failure = ref<string | null>(null);
  const view = ref<WhatIfView>('rate');
  /** A link's values that arrived before the catalogue. */
  let waiting: WhatIfPatch | null = null;
  let lastEdited = '';
  /** Grows with each question: what was fetched for an older one is not asked any more. */
  let turn = 0;

  const profile = computed<WhatIfProfile | null>(
    () => catalogue.value?.profiles.find((one) => one.id === input.value?.profileId) ?? null,
  );

  const questions = newestWins<WhatIfInput, WhatIfResult>({
    run: (asked) => link.call('whatif.evaluate', { input: asked }),
    accept(answer) {
      result.value = answer;
      refusal.value = null;
      failure.value = null;
    },
    fail(error) {
      const sentence = sentenceOf(error);
      if (!(error instanceof LinkError) || error.code !== 'invalid') failure.value = sentence;
      // The same refusal after another field was changed still belongs to the field that caused it.
      else if (refusal.value?.sentence !== sentence) refusal.value = { field: lastEdited, sentence };
    },
  });
  const lists = newestWins<null, WhatIfCatalogue>({
    run: () => link.call('whatif.profiles', {}),
    accept: acceptCatalogue,
    fail: (error) => (failure.value = sentenceOf(error)),
  });

  function acceptCatalogue(next: WhatIfCatalogue): void {
    catalogue.value = next;
    if (input.value) return;
    ask(patched(next.defaults, waiting ?? {}));
    waiting = null;
  }
  function ask(next: WhatIfInput): void {
    turn++;
    input.value = next;
    questions.ask(next);
  }

  /** Changes one field; a refusal of the answer is shown there. */
  function edit(field: string, patch: WhatIfPatch): void {
    lastEdited = field;
    if (input.value) ask(patched(input.value, patch));
  }
  /** Takes range, hold and reuse from another profile; the load stays. */
  function chooseProfile(profileId: string): void {
    edit('profile', { ...FROM_PROFILE, profileId });
  }
  function reset(): void {
    lastEdited = '';
    if (catalogue.value) ask(catalogue.value.defaults);
  }
  /** Starts from the defaults and a link's values. */
  function restore(patch: WhatIfPatch, ignored: readonly string[]): void {
    lastEdited = '';
    notUnderstood.value = ignored;
    if (catalogue.value) ask(patched(catalogue.value.defaults, patch));
    else waiting = patch;
  }
  /** Takes this machine's live values: asks for them anew, for the catalogue may be old. */
  async function useThisMachine(): Promise<void> {
    const asked = ++turn;
    try {
      const next = await link.call('whatif.profiles', {});
      catalogue.value = next;
      // Whatever was set meanwhile is what is wanted now.
      if (asked !== turn) return;
      lastEdited = '';
      if (next.thisMachine) ask(next.thisMachine.input);
      else failure.value = 'There is no sample of this host yet.';
    } catch (error) {
      if (asked === turn) failure.value = sentenceOf(error);
    }
  }
  /** Asks again whatever could not be asked. */
  function retry(): void {
    if (!catalogue.value) lists.ask(null);
    else if (input.value) questions.ask(input.value);
  }

  const hasSample = computed(() => workbench.summary !== null);
  watch([isOpen, () => workbench.isConnected, hasSample], ([open, connected]) => {
    if (!open || !connected) return;
    // This machine's row and values are there from the first sample on.
    lists.ask(null);
    if (input.value) questions.ask(input.value);
  });

  return {
    isOpen,
    catalogue,
    input,
    result,
    refusal,
    failure,
    notUnderstood,
    view,
    profile,
    edit,
    chooseProfile,
    reset,
    restore,
    useThisMachine,
    retry,
  };
});

/** The question with a change made to it. */
export function patched(input: WhatIfInput, { limits, ...rest }: WhatIfPatch): WhatIfInput {
  return { ...input, ...rest, limits: { ...input.limits, ...limits } };
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
