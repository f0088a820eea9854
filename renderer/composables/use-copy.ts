import { onScopeDispose, ref, type Ref } from 'vue';
import { copyText } from './copy-text.ts';

const TICK_MS = 1500;

/** Copies a text, and says for a moment whether it is on the clipboard. */
export function useCopy(): {
  outcome: Readonly<Ref<'copied' | 'failed' | null>>;
  copy(text: string): Promise<void>;
} {
  const outcome = ref<'copied' | 'failed' | null>(null);
  let timer: ReturnType<typeof setTimeout> | null = null;
  onScopeDispose(() => timer !== null && clearTimeout(timer));

  async function copy(text: string): Promise<void> {
    outcome.value = (await copyText(text)) ? 'copied' : 'failed';
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => (outcome.value = null), TICK_MS);
  }
  return { outcome, copy };
}
