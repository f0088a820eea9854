/** The wizards of all pages: each its state, the plan that it previews, and its way on when its change goes on. */
import type { WizardInfo } from '../../preload/contract-fixes.ts';
import type { Change } from '../core/fixes/change.ts';
import type { FixParameters, Plan } from '../core/fixes/model.ts';
import {
  advanceWizard,
  openWizard,
  reachable,
  resumeWizard,
  type Wizard,
  type WizardEvent,
  type WizardSubject,
} from '../core/fixes/wizard.ts';
import type { Failure, Outcome } from '../core/model.ts';

/** Wizards at one time; the one that was not used for longest gives way. */
export const MAX_WIZARDS = 32;

/** A plan as it was previewed: this very object is carried out (hardening F1). */
export interface PreviewedPlan {
  plan: Plan;
  hash: string;
  /** Of files, or of a system that is not this one. */
  isImported: boolean;
}

interface Entry {
  wizard: Wizard;
  previewed: PreviewedPlan | null;
}

export interface WizardsParts {
  newId(): string;
  publish(wizard: WizardInfo): void;
}

export class FixWizards {
  readonly #parts: WizardsParts;
  /** By id, the least lately used first. */
  readonly #entries = new Map<string, Entry>();

  constructor(parts: WizardsParts) {
    this.#parts = parts;
  }

  open(subject: WizardSubject, fixId: string | null): WizardInfo {
    return this.#add(openWizard(subject, fixId));
  }

  /** On a change of the journal, where it is now. */
  resume({ id, plan, phase, before }: Change): WizardInfo {
    const poolKey = plan.effect?.poolKey ?? before?.poolKey ?? null;
    return this.#add(resumeWizard(id, plan.fixId, poolKey, phase));
  }

  get(wizardId: string): Outcome<Wizard> {
    const entry = this.#use(wizardId);
    return entry.ok ? { ok: true, value: entry.value.wizard } : entry;
  }

  info(wizardId: string): Outcome<WizardInfo> {
    const wizard = this.get(wizardId);
    return wizard.ok ? { ok: true, value: wizardInfo(wizardId, wizard.value) } : wizard;
  }

  /** Takes an event; refused with a sentence where it does not fit. */
  advance(wizardId: string, event: WizardEvent): Outcome<WizardInfo> {
    const entry = this.#use(wizardId);
    if (!entry.ok) return entry;
    const next = advanceWizard(entry.value.wizard, event);
    if (!next.ok) return next;
    entry.value.wizard = next.value;
    if (next.value.planHash === null) entry.value.previewed = null;
    return { ok: true, value: wizardInfo(wizardId, next.value) };
  }

  /** The plan that the page is shown from now on; null where it cannot be carried out. */
  previewed(wizardId: string, previewed: PreviewedPlan | null): Outcome<WizardInfo> {
    const moved = this.advance(wizardId, { type: 'planned', planHash: previewed?.hash ?? null });
    const entry = this.#entries.get(wizardId);
    if (moved.ok && entry) entry.previewed = previewed;
    return moved;
  }

  /** The plan with this hash, if it is the one that the wizard previews. */
  planWith(wizardId: string, hash: string): Outcome<PreviewedPlan> {
    const entry = this.#use(wizardId);
    if (!entry.ok) return entry;
    const { previewed, wizard } = entry.value;
    if (previewed !== null && previewed.hash === hash && wizard.planHash === hash) {
      return { ok: true, value: previewed };
    }
    return { ok: false, failure: OTHER_PLAN };
  }

  /** A change went on: its wizards go with it, and their pages hear of it. */
  changed({ id, phase }: Change): void {
    for (const [wizardId, entry] of this.#entries) {
      if (entry.wizard.changeId !== id || entry.wizard.phase === phase) continue;
      const next = advanceWizard(entry.wizard, { type: 'changed', phase });
      if (!next.ok) continue;
      entry.wizard = next.value;
      this.#parts.publish(wizardInfo(wizardId, entry.wizard));
    }
  }

  #add(wizard: Wizard): WizardInfo {
    const wizardId = this.#parts.newId();
    this.#entries.set(wizardId, { wizard, previewed: null });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_WIZARDS && oldest !== undefined) this.#entries.delete(oldest);
    return wizardInfo(wizardId, wizard);
  }

  #use(wizardId: string): Outcome<Entry> {
    const entry = this.#entries.get(wizardId);
    if (!entry) return { ok: false, failure: { code: 'gone', what: 'that wizard' } };
    this.#entries.delete(wizardId);
    this.#entries.set(wizardId, entry);
    return { ok: true, value: entry };
  }
}

const OTHER_PLAN: Failure = {
  code: 'invalid',
  field: 'plan',
  message: 'the plan is not the one that was previewed last: look at the preview again',
};

export function wizardInfo(wizardId: string, wizard: Wizard): WizardInfo {
  const { step, subject, fixId, parameters, planHash, changeId } = wizard;
  return {
    wizardId,
    step,
    reachable: reachable(wizard),
    findingId: subject.findingId,
    poolKey: subject.poolKey,
    fixId,
    parameters: parametersInfo(parameters),
    planHash,
    changeId,
  };
}

export function parametersInfo({ reserve, ...rest }: FixParameters): WizardInfo['parameters'] {
  return { ...rest, reserve: reserve === null || reserve === 'found' ? reserve : [...reserve] };
}
