import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { CallArgs, CallResult } from '../../preload/contract.ts';
import type { ChangeInfo, FixParametersInfo, PlanInfo, WizardInfo } from '../../preload/contract-fixes.ts';
import { LinkError } from '../link/link.ts';
import { useLink } from './link-key.ts';

export type WizardStep = WizardInfo['step'];
export type FixView = 'wizard' | 'catalogue' | 'journal';
/** What a wizard is opened on: a finding, a pool, a fix, a change; none of them is the fullest pool. */
export type WizardSubject = Partial<CallArgs<'wizard.open'>>;

/** The steps in order, as the page names them. */
export const WIZARD_STEPS: readonly { step: WizardStep; title: string }[] = [
  { step: 'understand', title: 'Understand' },
  { step: 'choose', title: 'Choose' },
  { step: 'preview', title: 'Preview' },
  { step: 'apply', title: 'Apply' },
  { step: 'verify', title: 'Verify' },
];

/**
 * The wizard of this page: opened on a subject, led through its steps by the workbench, whose state this is a copy of.
 * An answer for a wizard that was replaced meanwhile is dropped.
 */
export const useWizard = defineStore('wizard', () => {
  const link = useLink();
  const wizard = shallowRef<WizardInfo | null>(null);
  /** As last planned; what Apply carries out is exactly this. Null before, and once another fix is chosen. */
  const plan = shallowRef<PlanInfo | null>(null);
  const view = ref<FixView>('wizard');
  /** Why the last thing that was asked could not be done, a sentence; null when it could. */
  const problem = ref<string | null>(null);
  const pending = ref(0);
  const isPlanning = ref(false);
  let subject: WizardSubject = {};
  /** Counts wizards: an answer of an earlier one speaks of nothing any more. */
  let opened = 0;
  /** Opened in place of one that was gone, and nothing was asked of it yet: one such try is enough. */
  let isAnew = false;

  const step = computed(() => wizard.value?.step ?? null);
  const isBusy = computed(() => pending.value > 0);

  /** Runs a call; null when it failed (then `problem` says why) or came too late. */
  async function attempt<T>(call: () => Promise<T>): Promise<T | null> {
    const mine = opened;
    pending.value++;
    try {
      const result = await call();
      if (mine !== opened) return null;
      problem.value = null;
      return result;
    } catch (error) {
      if (mine !== opened) return null;
      // Its place was needed: another one on the same subject, and the person asks again.
      if (error instanceof LinkError && error.code === 'gone' && !isAnew) await startAnew();
      problem.value = error instanceof Error ? error.message : String(error);
      return null;
    } finally {
      pending.value--;
    }
  }

  function accept(next: WizardInfo): void {
    if (next.wizardId === wizard.value?.wizardId) isAnew = false;
    if (plan.value && plan.value.fixId !== next.fixId) plan.value = null;
    wizard.value = next;
  }

  /** Opens a wizard in place of the one there is, and shows it. */
  async function open(on: WizardSubject = {}): Promise<void> {
    opened++;
    subject = on;
    view.value = 'wizard';
    wizard.value = null;
    plan.value = null;
    await reopen();
  }
  /** Leaves it: what it was about is not there any more. */
  function close(): void {
    opened++;
    subject = {};
    wizard.value = null;
    plan.value = null;
    problem.value = null;
  }
  async function reopen(): Promise<void> {
    const args = { findingId: null, poolKey: null, fixId: null, changeId: null, ...subject };
    const next = await attempt(() => link.call('wizard.open', args));
    if (next) accept(next);
    if (next?.step === 'preview') await planWith(null);
  }

  /** Goes to a step, if the workbench lets it; Preview is planned anew each time it is entered. */
  async function go(to: WizardStep): Promise<void> {
    const wizardId = wizard.value?.wizardId;
    if (wizardId === undefined) return;
    const next = await attempt(() => link.call('wizard.go', { wizardId, to }));
    if (next) accept(next);
    if (next?.step === 'preview' && to === 'preview') await planWith(null);
  }

  /** Chooses a fix and goes to its preview. */
  async function preview(fixId: string): Promise<void> {
    const wizardId = wizard.value?.wizardId;
    if (wizardId === undefined) return open({ ...subject, fixId });
    const next = await attempt(() => link.call('wizard.choose', { wizardId, fixId }));
    if (!next) return;
    accept(next);
    view.value = 'wizard';
    await go('preview');
  }

  /** Plans the chosen fix; null keeps the parameters it has. */
  async function planWith(parameters: FixParametersInfo | null): Promise<void> {
    const wizardId = wizard.value?.wizardId;
    if (wizardId === undefined) return;
    isPlanning.value = true;
    const answer = await attempt(() => link.call('wizard.plan', { wizardId, parameters }));
    isPlanning.value = false;
    if (!answer) return;
    accept(answer.wizard);
    plan.value = answer.plan;
  }

  /** Carries out what is previewed; the change as it begins, or null with `problem` set. */
  async function apply(undoAfterSeconds: number | null): Promise<ChangeInfo | null> {
    const wizardId = wizard.value?.wizardId;
    const planHash = plan.value?.planHash;
    if (wizardId === undefined || typeof planHash !== 'string') return null;
    const answer = await attempt<CallResult<'wizard.apply'>>(() =>
      link.call('wizard.apply', { wizardId, planHash, undoAfterSeconds }),
    );
    if (!answer) return null;
    accept(answer.wizard);
    return answer.change;
  }

  /** After a lost link: where it is by now; a workbench that was started again knows none of it and opens it anew. */
  async function catchUp(): Promise<void> {
    const known = wizard.value;
    if (!known) return;
    const next = await link.call('wizard.go', { wizardId: known.wizardId, to: known.step }).catch(() => null);
    if (wizard.value?.wizardId !== known.wizardId) return;
    if (next) accept(next);
    else await startAnew();
  }
  /** Another wizard where this one was; its choice of parameters is lost. */
  async function startAnew(): Promise<void> {
    if (!wizard.value) return;
    const { findingId, poolKey, fixId, changeId } = wizard.value;
    wizard.value = null;
    isAnew = true;
    subject = changeId === null ? { findingId, poolKey, fixId } : { changeId };
    opened++;
    await reopen();
  }

  let wasConnected = link.state.kind === 'connected';
  const stops = [
    link.on('wizard.changed', (next) => {
      if (next.wizardId === wizard.value?.wizardId) accept(next);
    }),
    link.onState(({ kind }) => {
      const isConnected = kind === 'connected';
      if (isConnected && !wasConnected) void catchUp();
      wasConnected = isConnected;
    }),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));

  return {
    wizard,
    plan,
    view,
    problem,
    step,
    isBusy,
    isPlanning,
    open,
    close,
    go,
    preview,
    planWith,
    apply,
    /** Opens it once more on what it was opened on. */
    startAgain: () => open(subject),
    dismissProblem: () => (problem.value = null),
  };
});
