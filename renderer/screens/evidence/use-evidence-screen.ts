import { computed, onScopeDispose, ref, watch } from 'vue';
import { useEvidence } from '../../stores/evidence.ts';
import { useNavigation, type NavigationParams } from '../../stores/navigation.ts';
import { useParsedRun } from '../../stores/parsed-run.ts';
import { useTranscript } from '../../stores/transcript.ts';

/** Which view of a run is shown. */
export type RunView = 'output' | 'parsed' | 'changes';

/** What Evidence looks at: follows what another screen asked for, and the run that is chosen. Ends with the screen. */
export function useEvidenceScreen() {
  const evidence = useEvidence();
  const navigation = useNavigation();
  const transcript = useTranscript();
  const parsed = useParsedRun();
  const view = ref<RunView>('output');

  const run = computed(() => evidence.run);
  const previous = computed(() => {
    const at = evidence.history.findIndex((one) => one.runId === run.value?.runId);
    return at < 0 ? null : (evidence.history.slice(at + 1).find(({ state }) => state === 'finished') ?? null);
  });

  evidence.want();
  /** What was asked for last and has been shown; it may be asked before the catalogue is there. */
  let met: NavigationParams | null = null;
  watch(
    [() => navigation.params, () => evidence.probes],
    ([params, probes]) => {
      if (!probes) return;
      if (params !== met && params.runProbe !== undefined) void evidence.runProbe(params.runProbe);
      else if (params !== met && params.figure !== undefined) evidence.openFigure(params.figure);
      met = params;
      const first = probes.find(({ unavailable }) => unavailable === null) ?? probes[0];
      if (evidence.probeId === null && first) evidence.choose(first.id);
    },
    { immediate: true },
  );
  watch(
    [() => run.value?.runId ?? null, () => run.value?.state === 'finished'],
    ([runId, isFinished]) => {
      transcript.follow(runId);
      parsed.follow(isFinished ? runId : null);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    transcript.follow(null);
    parsed.follow(null);
  });

  return { evidence, transcript, parsed, view, run, previous };
}

export type EvidenceScreenParts = ReturnType<typeof useEvidenceScreen>;
