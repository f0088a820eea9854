import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import type { PlanInfo } from '../../preload/contract-fixes.ts';
import { LinkError } from '../link/link.ts';
import { useFixes } from './fixes.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';

/** The entry of the catalogue that is looked at, and the plans of fixes of the application, which carry their recipes. */
export const useCatalogue = defineStore('catalogue', () => {
  const link = useLink();
  const fixes = useFixes();
  const typed = ref('');
  const kind = ref<'all' | 'application' | 'system' | 'relief'>('all');
  /** A fix or a piece of advice, by its id; null until one is chosen. */
  const chosenId = ref<string | null>(null);
  const plans = shallowRef<ReadonlyMap<string, PlanInfo>>(new Map());
  /** Why the plan that was asked for last could not be had. */
  const problem = ref<string | null>(null);
  /** A wizard of the catalogue's own, so that looking round here moves nobody's. */
  let wizardId: string | null = null;

  async function planOf(fixId: string): Promise<PlanInfo> {
    if (wizardId === null) {
      const opened = await link.call('wizard.open', { ...fixes.subject, fixId, changeId: null });
      wizardId = opened.wizardId;
    } else await link.call('wizard.choose', { wizardId, fixId });
    return (await link.call('wizard.plan', { wizardId, parameters: null })).plan;
  }
  const requests = newestWins({
    async run(fixId: string) {
      try {
        return await planOf(fixId);
      } catch (error) {
        // The workbench keeps a few; it may have been started again, too.
        if (!(error instanceof LinkError) || error.code !== 'gone') throw error;
        wizardId = null;
        return await planOf(fixId);
      }
    },
    accept(plan, fixId) {
      plans.value = new Map(plans.value).set(fixId, plan);
      problem.value = null;
    },
    fail: (error) => (problem.value = error instanceof Error ? error.message : String(error)),
  });

  watch(
    () => [fixes.subject, fixes.origin],
    () => {
      requests.drop();
      plans.value = new Map();
      wizardId = null;
    },
  );

  return {
    typed,
    kind,
    chosenId,
    plans,
    problem,
    /** Asks for the plan of a fix unless it is there. */
    wantPlan(fixId: string): void {
      if (!plans.value.has(fixId)) requests.ask(fixId);
    },
  };
});
