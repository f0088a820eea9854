/** Answers fixes.understand and fixes.list: what the matter is, and what helps. Reads only. */
import { NO_PARAMETERS } from '../core/fixes/plan.ts';
import { poolOf } from '../core/fixes/effect.ts';
import { understandProblem } from '../core/fixes/understand.ts';
import type { WizardSubject } from '../core/fixes/wizard.ts';
import type { Failure, Finding, Outcome, Summary } from '../core/model.ts';
import { sayPoolTarget } from '../core/words/pool-target.ts';
import type { FixHandlers } from './fixes.ts';
import { adviceFor, offersFor } from './fix-offers.ts';
import { planInputOf, type FixSubjects } from './fix-subject.ts';

type LookCalls = Pick<FixHandlers, 'fixes.understand' | 'fixes.list'>;

export interface LookParts {
  /** The newest summary; null before the first. */
  summary(): Summary | null;
  subjects: Pick<FixSubjects, 'read'>;
}

export function lookHandlers({ summary, subjects }: LookParts): LookCalls {
  return {
    'fixes.understand': async (subject) => {
      const newest = summary();
      return newest === null ? NO_SAMPLE : { ok: true, value: understandProblem(newest, subject) };
    },
    'fixes.list': async (about) => {
      const subject = await subjects.read(pidOf(summary(), about));
      if (!subject.ok) return subject;
      const poolKey = poolKeyOf(subject.value.summary, about);
      const input = planInputOf(subject.value, { ...NO_PARAMETERS, poolKey });
      const pool = poolOf(input);
      const canApply = !subject.value.isImported;
      return {
        ok: true,
        value: {
          canApply,
          target: pool && sayPoolTarget(pool),
          shareNow: pool?.usedRatio ?? null,
          fixes: offersFor(input, about, canApply),
          advice: adviceFor(subject.value.state.system),
        },
      };
    },
  };
}

export function findingOf(summary: Summary | null, { findingId }: WizardSubject): Finding | null {
  return summary?.findings.find(({ id }) => id === findingId) ?? null;
}

/** The process that the finding names, for fixes of one process. */
export function pidOf(summary: Summary | null, subject: WizardSubject): number | null {
  return findingOf(summary, subject)?.pid ?? null;
}

/** The pool that was asked for, or that of the finding. */
export function poolKeyOf(summary: Summary | null, subject: WizardSubject): string | null {
  return subject.poolKey ?? findingOf(summary, subject)?.poolKey ?? null;
}

const NO_SAMPLE: { ok: false; failure: Failure } & Outcome<never> = {
  ok: false,
  failure: {
    code: 'unavailable',
    what: 'an explanation',
    why: 'the first sample is under way; try again in a second',
  },
};
