/** A plan as a script that a person reads, takes along and runs: check, apply, verify, undo. */
import type { Outcome } from '../model.ts';
import type { SystemId } from '../readings.ts';
import type { Plan } from './model.ts';
import { powershellScript } from './script-powershell.ts';
import { shScript } from './script-sh.ts';

export type ScriptLanguage = 'sh' | 'powershell';

export function languageOf(system: SystemId): ScriptLanguage {
  return system === 'windows' ? 'powershell' : 'sh';
}

/** The script; fails where the plan has nothing to run or the language is not the system’s. */
export function scriptOf(plan: Plan, language: ScriptLanguage): Outcome<string> {
  const fail = (message: string): Outcome<string> => ({
    ok: false,
    failure: { code: 'invalid', field: 'script', message },
  });
  if (plan.refused) return fail(plan.refused.reason.replace(/\.$/, ''));
  if (plan.steps.length === 0) {
    return fail(`${plan.title} is nothing that a script can do, or is done already`);
  }
  const own = languageOf(plan.system);
  if (language !== own) return fail(`the plan is for ${plan.system}: say --script ${own}`);
  return { ok: true, value: own === 'sh' ? shScript(plan) : powershellScript(plan) };
}
