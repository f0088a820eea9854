/** What `fourtuple fix --json` prints: objects of stable shapes. Pure. */
import type { Fix, Plan } from '../core/fixes/model.ts';
import type { FixLists } from './fix-list-text.ts';

/** The object of schema "fourtuple.fixes/1". */
export function listObject({ summary, ranked, others, advice }: FixLists): object {
  return {
    schema: 'fourtuple.fixes/1',
    takenAt: new Date(summary.takenAtMs).toISOString(),
    verdict: { level: summary.verdict.level, sentence: summary.verdict.sentence },
    fixes: ranked.map(({ fix, plan, finding, why }) => ({
      ...describe(fix),
      findingId: finding?.id ?? null,
      why,
      refused: plan.refused?.reason ?? null,
      effect: plan.effect,
    })),
    others: others.map(describe),
    advice,
  };
}

/** The object of schema "fourtuple.fix/1". */
export function fixObject(fix: Fix, plan: Plan): object {
  return { schema: 'fourtuple.fix/1', fix: describe(fix), plan };
}

function describe({ plan: _plan, ...facts }: Fix): Omit<Fix, 'plan'> {
  return facts;
}
