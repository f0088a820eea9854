import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangePhase } from '../../../../main/core/fixes/change.ts';
import { NO_PARAMETERS } from '../../../../main/core/fixes/plan.ts';
import {
  advanceWizard,
  openWizard,
  reachable,
  resumeWizard,
  WIZARD_STEPS,
  type Wizard,
  type WizardEvent,
} from '../../../../main/core/fixes/wizard.ts';

const SUBJECT = { findingId: 'pool-runs-out:a', poolKey: 'a' };

function run(wizard: Wizard, ...events: WizardEvent[]): Wizard {
  return events.reduce((state, event) => {
    const next = advanceWizard(state, event);
    if (!next.ok) throw new Error(`${JSON.stringify(event)} was refused`);
    return next.value;
  }, wizard);
}

const PREVIEWED = run(
  openWizard(SUBJECT),
  { type: 'go', to: 'choose' },
  { type: 'choose', fixId: 'linux-widen-range' },
  { type: 'go', to: 'preview' },
  { type: 'planned', planHash: 'abc' },
);
const APPLIED = run(PREVIEWED, { type: 'applied', changeId: 7 });

describe('the wizard', () => {
  it('goes from Understand to Verify, the last two by themselves', () => {
    expect(openWizard(SUBJECT).step).toBe('understand');
    expect(PREVIEWED.step).toBe('preview');
    expect(APPLIED.step).toBe('apply');
    expect(run(APPLIED, { type: 'changed', phase: 'applying' }).step).toBe('apply');
    expect(
      run(APPLIED, { type: 'changed', phase: 'applying' }, { type: 'changed', phase: 'holding' }).step,
    ).toBe('verify');
  });

  it('stays at Apply, where the output is, when the change fails or is refused', () => {
    for (const phase of ['failed', 'refused'] as const) {
      expect(run(APPLIED, { type: 'changed', phase }).step).toBe('apply');
    }
  });

  it('opens at Preview for a fix of the catalogue, and at its place for a change of the journal', () => {
    expect(openWizard(SUBJECT, 'linux-tw-reuse').step).toBe('preview');
    expect(resumeWizard(7, 'linux-tw-reuse', 'a', 'holding')).toMatchObject({ step: 'verify', changeId: 7 });
    expect(resumeWizard(7, 'linux-tw-reuse', 'a', 'applying').step).toBe('apply');
  });

  it('applies nothing that was not previewed as it is', () => {
    expect(advanceWizard(openWizard(SUBJECT), { type: 'applied', changeId: 1 }).ok).toBe(false);
    const changed = run(PREVIEWED, { type: 'set', parameters: { ...NO_PARAMETERS, persist: true } });
    expect(changed.planHash).toBeNull();
    expect(advanceWizard(changed, { type: 'applied', changeId: 1 }).ok).toBe(false);
  });

  it('leaves a change that is under way only by keeping or undoing it', () => {
    const holding = run(APPLIED, { type: 'changed', phase: 'holding' });
    expect(reachable(holding)).toEqual(['apply']);
    expect(advanceWizard(holding, { type: 'go', to: 'choose' })).toMatchObject({
      ok: false,
      failure: { message: 'the change is under way: keep it or undo it first' },
    });
    const kept = run(holding, { type: 'changed', phase: 'kept' });
    expect(reachable(kept)).toEqual(['understand', 'choose', 'preview', 'apply']);
  });

  it('forgets the plan and the change when another fix is chosen', () => {
    const kept = run(APPLIED, { type: 'changed', phase: 'holding' }, { type: 'changed', phase: 'kept' });
    const other = run(kept, { type: 'go', to: 'choose' }, { type: 'choose', fixId: 'linux-tw-reuse' });
    expect(other).toMatchObject({ planHash: null, changeId: null, phase: null });
    expect(other.parameters.poolKey).toBe('a');
  });

  it('is in a known step whatever happens, and never loses a change under way', () => {
    const phases: ChangePhase[] = [
      'applying',
      'holding',
      'kept',
      'undoing',
      'undone',
      'failed',
      'refused',
      'left',
    ];
    const event: fc.Arbitrary<WizardEvent> = fc.oneof(
      fc.constantFrom(...WIZARD_STEPS).map((to) => ({ type: 'go' as const, to })),
      fc.constantFrom('a', 'b').map((fixId) => ({ type: 'choose' as const, fixId })),
      fc.constantFrom('x', null).map((planHash) => ({ type: 'planned' as const, planHash })),
      fc.constant({ type: 'applied' as const, changeId: 3 }),
      fc.constantFrom(...phases).map((phase) => ({ type: 'changed' as const, phase })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        let wizard = openWizard(SUBJECT);
        for (const each of events) {
          const wasOpen = wizard.phase === 'applying' || wizard.phase === 'holding';
          const next = advanceWizard(wizard, each);
          if (!next.ok) continue;
          if (wasOpen) expect(next.value.changeId).toBe(wizard.changeId);
          wizard = next.value;
          expect(WIZARD_STEPS).toContain(wizard.step);
          if (wizard.step === 'apply' || wizard.step === 'verify') expect(wizard.changeId).not.toBeNull();
        }
      }),
    );
  });
});
