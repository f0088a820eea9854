/**
 * The wizard as a state machine: Understand → Choose → Preview → Apply → Verify. Pure; the workbench keeps one for each
 * page, the renderer draws it. An event that does not fit is refused with a sentence, and nothing changes.
 */
import type { Outcome } from '../model.ts';
import type { ChangePhase } from './change.ts';
import type { FixParameters } from './model.ts';
import { NO_PARAMETERS } from './plan.ts';

export const WIZARD_STEPS = ['understand', 'choose', 'preview', 'apply', 'verify'] as const;
export type WizardStep = (typeof WIZARD_STEPS)[number];

/** What it is about; both null: the fullest pool. */
export interface WizardSubject {
  findingId: string | null;
  poolKey: string | null;
}

export interface Wizard {
  step: WizardStep;
  subject: WizardSubject;
  fixId: string | null;
  parameters: FixParameters;
  /** Of the plan that is previewed; null until there is one that can be carried out. */
  planHash: string | null;
  /** Of the journal; null until it is applied. */
  changeId: number | null;
  /** Of that change. */
  phase: ChangePhase | null;
}

export type WizardEvent =
  /** To a step that is done, or to the next one. */
  | { type: 'go'; to: WizardStep }
  | { type: 'choose'; fixId: string }
  /** Other parameters for the fix: planned anew. */
  | { type: 'set'; parameters: FixParameters }
  /** A plan was made; null: it is refused or has nothing to carry out. */
  | { type: 'planned'; planHash: string | null }
  | { type: 'applied'; changeId: number }
  /** The change went on. */
  | { type: 'changed'; phase: ChangePhase };

export function openWizard(subject: WizardSubject, fixId: string | null = null): Wizard {
  return {
    step: fixId === null ? 'understand' : 'preview',
    subject,
    fixId,
    parameters: { ...NO_PARAMETERS, poolKey: subject.poolKey },
    planHash: null,
    changeId: null,
    phase: null,
  };
}

/** The wizard of a change that the journal has: where it is now. */
export function resumeWizard(
  changeId: number,
  fixId: string,
  poolKey: string | null,
  phase: ChangePhase,
): Wizard {
  const wizard = openWizard({ findingId: null, poolKey }, fixId);
  return { ...wizard, changeId, phase, step: stepOfPhase(phase) };
}

export function advanceWizard(wizard: Wizard, event: WizardEvent): Outcome<Wizard> {
  switch (event.type) {
    case 'go':
      return go(wizard, event.to);
    case 'choose':
      if (isCommitted(wizard))
        return refused('the change is under way: another fix can be chosen when it has ended');
      if (wizard.fixId === event.fixId) return done(wizard);
      return done({
        ...wizard,
        fixId: event.fixId,
        parameters: { ...NO_PARAMETERS, poolKey: wizard.subject.poolKey },
        planHash: null,
        changeId: null,
        phase: null,
      });
    case 'set':
      if (isCommitted(wizard))
        return refused('the change is under way: it is carried out as it was previewed');
      return done({ ...wizard, parameters: event.parameters, planHash: null, changeId: null, phase: null });
    case 'planned':
      if (wizard.fixId === null) return refused('no fix is chosen');
      return done(isCommitted(wizard) ? wizard : { ...wizard, planHash: event.planHash });
    case 'applied':
      if (wizard.step !== 'preview' || wizard.planHash === null) return refused('nothing is previewed');
      return done({ ...wizard, step: 'apply', changeId: event.changeId, phase: 'prepared' });
    case 'changed':
      if (wizard.changeId === null) return refused('no change is under way');
      return done({ ...wizard, phase: event.phase, step: followed(wizard, event.phase) });
  }
}

/** Steps that can be gone to from here. */
export function reachable(wizard: Wizard): WizardStep[] {
  return WIZARD_STEPS.filter((step) => step !== wizard.step && canGo(wizard, step));
}

function canGo(wizard: Wizard, to: WizardStep): boolean {
  switch (to) {
    case 'understand':
    case 'choose':
      return !isCommitted(wizard);
    case 'preview':
      return wizard.fixId !== null && !isCommitted(wizard);
    case 'apply':
      return wizard.changeId !== null;
    case 'verify':
      return wizard.changeId !== null && wizard.phase !== null && stepOfPhase(wizard.phase) === 'verify';
  }
}

function go(wizard: Wizard, to: WizardStep): Outcome<Wizard> {
  if (to === wizard.step) return done(wizard);
  if (canGo(wizard, to)) return done({ ...wizard, step: to });
  if (isCommitted(wizard)) return refused('the change is under way: keep it or undo it first');
  return refused(to === 'preview' ? 'no fix is chosen' : 'nothing is applied yet');
}

/** A change that holds or is being carried out has to be kept or undone before anything else is chosen. */
function isCommitted({ phase }: Wizard): boolean {
  return phase !== null && ['prepared', 'applying', 'holding', 'undoing'].includes(phase);
}

/** Verify opens by itself when all is done; a person who looks at Apply again stays there. */
function followed(wizard: Wizard, phase: ChangePhase): WizardStep {
  const wasAtWork = wizard.phase !== null && stepOfPhase(wizard.phase) === 'apply';
  return wasAtWork && wizard.step === 'apply' ? stepOfPhase(phase) : wizard.step;
}

function stepOfPhase(phase: ChangePhase): WizardStep {
  return phase === 'prepared' || phase === 'applying' || phase === 'failed' || phase === 'refused'
    ? 'apply'
    : 'verify';
}

function done(value: Wizard): Outcome<Wizard> {
  return { ok: true, value };
}

function refused(message: string): Outcome<Wizard> {
  return { ok: false, failure: { code: 'invalid', field: 'event', message } };
}
