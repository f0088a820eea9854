import { computed, onScopeDispose, ref } from 'vue';
import type { IconName } from '../../components/icon-names.ts';
import { copyText } from '../../composables/copy-text.ts';
import { printTranscript } from '../../format/transcript-text.ts';
import { fileTime } from '../sockets/use-list-copies.ts';
import { saveFile } from '../sockets/save-file.ts';
import type { EvidenceScreenParts } from './use-evidence-screen.ts';

const TICK_MS = 1500;
/** A transcript is kept by the workbench up to 16 MiB. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** What leaves Evidence: the output on the clipboard, the transcript as a file. */
export function useRunFiles({ run, transcript }: Pick<EvidenceScreenParts, 'run' | 'transcript'>) {
  const copied = ref<'copied' | 'failed' | null>(null);
  const failure = ref<string | null>(null);
  let timer: ReturnType<typeof setTimeout> | null = null;
  onScopeDispose(() => timer !== null && clearTimeout(timer));

  const copyLabel = computed(() => {
    if (copied.value === 'copied') return 'Copied';
    return copied.value === 'failed' ? 'The clipboard refused' : 'Copy the output';
  });
  const copyIcon = computed<IconName>(() =>
    copied.value === 'copied' ? 'check' : copied.value === 'failed' ? 'x' : 'copy',
  );

  async function copyOutput(): Promise<void> {
    copied.value = (await copyText(transcript.chunks.join(''))) ? 'copied' : 'failed';
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => (copied.value = null), TICK_MS);
  }
  async function exportTranscript(): Promise<void> {
    const exported = run.value;
    if (!exported) return;
    failure.value = null;
    try {
      const text = await transcript.textOf(exported.runId, MOST_CHARACTERS);
      const missing = exported.truncated ? 'The output went beyond the limit; its end is missing.' : null;
      const name = `fourtuple-${exported.probeId}-${fileTime(exported.startedAtMs)}.txt`;
      saveFile(name, [printTranscript({ ...exported, missing, text })], 'text/plain;charset=utf-8');
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
    }
  }

  return { failure, copyLabel, copyIcon, copyOutput, exportTranscript };
}
