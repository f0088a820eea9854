import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { MAX_CHANGE_PIECE, MAX_TYPED } from '../../preload/contract-fixes.ts';
import type { EventPayload } from '../../preload/contract.ts';
import { growingText } from './growing-text.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';
import { toldOnce } from './told-once.ts';
import { useWorkbench } from './workbench.ts';

export type ChangeInfo = EventPayload<'change.updated'>;
export type ChangeAction = 'keep' | 'undo' | 'finish';

/** Changes the page remembers; the workbench answers no more than that. */
const MAX_CHANGES = 200;
/** Phases in which a process is at work on a change. */
const AT_WORK: readonly ChangeInfo['phase'][] = ['prepared', 'applying', 'holding', 'undoing'];

/** The journal: every change with what is so now, what the one looked at printed, and what can be done about each. */
export const useChanges = defineStore('changes', () => {
  const link = useLink();
  const workbench = useWorkbench();
  /** Newest first; null until the workbench has answered. */
  const changes = shallowRef<readonly ChangeInfo[] | null>(null);
  /** Why nothing can be applied, as a sentence; null when it can, or when it is not known. */
  const obstacle = ref<string | null>(null);
  const folder = ref<string | null>(null);
  /** Why the journal could not be had; null when it could. */
  const problem = ref<string | null>(null);
  /** Why the last thing asked of a change was refused; null when it was not. */
  const refusal = shallowRef<{ changeId: number; sentence: string } | null>(null);
  /** What is being asked of which change. */
  const asked = shallowRef<{ changeId: number; action: ChangeAction } | null>(null);
  /** The one that the journal shows; null for the newest. */
  const chosenId = ref<number | null>(null);
  /** Changes heard of since the list was asked for: they are newer than its answer. */
  const heardSince = new Map<number, ChangeInfo>();

  /** The change that a process is at work on; null when there is none. */
  const atWork = computed(
    () => changes.value?.find((one) => AT_WORK.includes(one.phase) && !one.isInterrupted) ?? null,
  );
  /** The change that is carried out and waits to be kept; null when there is none. */
  const holding = computed(() => (atWork.value?.phase === 'holding' ? atWork.value : null));
  /** Whole seconds until `holding` undoes itself, rounded up; null when nothing does. */
  const undoesInSeconds = computed(() => secondsUntil(holding.value?.undoesAtMs ?? null));
  const chosen = computed(() => changeOf(chosenId.value) ?? changes.value?.[0] ?? null);
  const interrupted = computed(() => (changes.value ?? []).filter((one) => one.isInterrupted));

  const { told, tell } = toldOnce('fourtuple.told-changes');
  const toldKey = ({ changeId, phaseAtMs }: ChangeInfo) => `${changeId}/${phaseAtMs}`;
  /** Interrupted, undone by themselves since the start, and not yet told. */
  const undoneByItself = computed(() =>
    (changes.value ?? []).filter((one) => one.isUndoneByItself && !told.value.includes(toldKey(one))),
  );

  const lists = newestWins({
    run(_: null) {
      heardSince.clear();
      return link.call('changes.list', {});
    },
    accept(answer) {
      changes.value = newestFirst(merge(answer.changes, [...heardSince.values()]));
      obstacle.value = answer.obstacle;
      folder.value = answer.folder;
      problem.value = null;
    },
    fail: (error) => (problem.value = sentenceOf(error)),
  });
  const obstacles = newestWins({
    run: (_: null) => link.call('changes.list', {}),
    accept: (answer) => (obstacle.value = answer.obstacle),
    // The list itself says what the matter is.
    fail: () => undefined,
  });
  watch(
    () => workbench.isConnected,
    (connected) => {
      if (!connected) return;
      lists.ask(null);
      void printed.fetchMissing();
    },
  );

  function secondsUntil(atMs: number | null): number | null {
    if (atMs === null) return null;
    // A change is of this machine, whatever files are shown meanwhile.
    return Math.max(0, Math.ceil((atMs - (workbench.nowMs - workbench.hostOffsetMs)) / 1000));
  }
  function accept(next: ChangeInfo): void {
    const before = standing(changeOf(next.changeId));
    heardSince.set(next.changeId, next);
    changes.value = newestFirst(merge(changes.value ?? [], [next]));
    // It may be what stands in the way of the next one, or not any more.
    const now = standing(next);
    if (before !== now || (now === 'rests' && obstacle.value !== null)) obstacles.ask(null);
  }
  function changeOf(changeId: number | null): ChangeInfo | null {
    return changes.value?.find((one) => one.changeId === changeId) ?? null;
  }

  /** Runs what changes a change; a refusal is a sentence in `refusal`. Answers whether it was done. */
  async function attempt(
    changeId: number,
    action: ChangeAction,
    call: () => Promise<ChangeInfo>,
  ): Promise<boolean> {
    if (asked.value) return false;
    asked.value = { changeId, action };
    refusal.value = null;
    try {
      const answer = await call();
      // An event may have overtaken the answer.
      if ((changeOf(changeId)?.phaseAtMs ?? 0) <= answer.phaseAtMs) accept(answer);
      return true;
    } catch (error) {
      refusal.value = { changeId, sentence: sentenceOf(error) };
      return false;
    } finally {
      asked.value = null;
    }
  }
  const keep = (changeId: number) => attempt(changeId, 'keep', () => link.call('changes.keep', { changeId }));
  /** Takes it back, or only the steps named (indexes from 0). */
  const undo = (changeId: number, steps: number[] | null = null) =>
    attempt(changeId, 'undo', () => link.call('changes.undo', { changeId, steps }));
  const finish = (changeId: number) =>
    attempt(changeId, 'finish', () => link.call('changes.finish', { changeId }));

  const printed = growingText<number>((changeId, offset) =>
    link.call('changes.transcript', { changeId, offset, limit: MAX_CHANGE_PIECE }),
  );

  /** What is typed goes out in its order and is kept nowhere (hardening F11); false when nobody was there to hear it. */
  let typing: Promise<boolean> = Promise.resolve(true);
  function type(changeId: number, data: string): Promise<boolean> {
    for (const piece of piecesOf(data, MAX_TYPED)) {
      typing = typing.then(() =>
        link.call('changes.type', { changeId, data: piece }).then(
          ({ typed }) => typed,
          // Its error may not speak of what was typed, and what became of the change is an event of its own.
          () => false,
        ),
      );
    }
    return typing;
  }
  function resize(changeId: number, columns: number, rows: number): void {
    const size = { columns: clamp(columns, 20, 500), rows: clamp(rows, 2, 200) };
    // A change that has ended has no terminal: nothing is lost.
    link.call('changes.resize', { changeId, ...size }).catch(() => undefined);
  }

  const stops = [
    link.on('change.updated', (next) => {
      accept(next);
      // Whatever no event carried is there now.
      if (next.changeId === printed.id.value && next.printedCharacters > printed.loaded.value)
        void printed.fetchMissing();
    }),
    link.on('change.printed', (event) => printed.hear(event.changeId, event.offset, event.text)),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));
  if (workbench.isConnected) lists.ask(null);

  return {
    changes,
    obstacle,
    folder,
    problem,
    refusal,
    asked,
    chosenId,
    chosen,
    atWork,
    holding,
    undoesInSeconds,
    interrupted,
    undoneByItself,
    wasTold: (change: ChangeInfo) => tell(toldKey(change)),
    reload: () => lists.ask(null),
    changeOf,
    accept,
    secondsUntil,
    keep,
    undo,
    finish,
    type,
    resize,
    dismissRefusal: () => (refusal.value = null),
    printedId: printed.id,
    chunks: printed.chunks,
    printedFailure: printed.failure,
    isFetching: printed.isFetching,
    isWhole: printed.isWhole,
    followPrinted: printed.follow,
  };
});

function merge(known: readonly ChangeInfo[], next: readonly ChangeInfo[]): ChangeInfo[] {
  const byId = new Map(known.map((change) => [change.changeId, change]));
  for (const change of next) byId.set(change.changeId, change);
  return [...byId.values()];
}

function standing(change: ChangeInfo | null): 'rests' | 'interrupted' | 'at work' {
  if (change === null || !AT_WORK.includes(change.phase)) return 'rests';
  return change.isInterrupted ? 'interrupted' : 'at work';
}

function newestFirst(changes: ChangeInfo[]): ChangeInfo[] {
  return changes.sort((a, b) => b.changeId - a.changeId).slice(0, MAX_CHANGES);
}

/** A text in pieces of at most `most` UTF-16 units, never through a character. */
export function piecesOf(text: string, most: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    if (piece.length + character.length > most) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.round(value)));
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
