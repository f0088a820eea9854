/** Situations on the real kernel: each ends with the right findings and level, and with no other. */
import { describe, expect, it } from 'vitest';
import { namespaceMissing } from '../support/namespace.ts';
import { peerMissing } from '../support/peer.ts';
import { HEALTHY, SOAKED } from '../support/scenarios/healthy.ts';
import { DEAD_PEER, LOOK_ALIKES } from '../support/scenarios/look-alikes.ts';
import { POOLS } from '../support/scenarios/pools.ts';
import { runScenario } from '../support/scenarios/run-scenario.ts';
import type { Scenario } from '../support/scenarios/scenario.ts';
import { SETTINGS } from '../support/scenarios/settings.ts';

const missing = namespaceMissing() ?? peerMissing();
const SCENARIOS: readonly Scenario[] = [...LOOK_ALIKES, ...POOLS, ...HEALTHY, ...SETTINGS];
const SOAK_SECONDS = 45;

describe.skipIf(missing !== null)(
  `findings on the kernel${missing ? ` (skipped: ${missing})` : ''}`,
  { concurrent: true },
  () => {
    // The slowest first: the others run beside them.
    tryScenario(DEAD_PEER);

    for (const scenario of SOAKED) {
      // A title of its own: it.each would cut it.
      it(`${scenario.title}: ${outcome(scenario)}, and never anything else for ${SOAK_SECONDS} s`, async () => {
        const plan = { watchSeconds: SOAK_SECONDS, limitSeconds: SOAK_SECONDS + 10 };
        const { samples, problems } = await runScenario(scenario, plan);
        expect(problems).toEqual([]);
        expect([...new Set(samples.map(({ level }) => level))]).toEqual(['ok']);
        expect(samples.length).toBeGreaterThan(SOAK_SECONDS / 2);
      });
    }

    for (const scenario of SCENARIOS) tryScenario(scenario);
  },
);

function tryScenario(scenario: Scenario): void {
  const why = missing === null ? (scenario.missing?.() ?? null) : null;
  const title = `${scenario.title}: ${outcome(scenario)}${why ? ` (skipped: ${why})` : ''}`;
  it.skipIf(why !== null)(title, async () => {
    const { problems } = await runScenario(scenario);
    expect(problems).toEqual([]);
  });
}

/** "critical, pool-runs-out". */
function outcome({ level, finds }: Scenario): string {
  return [level, ...finds.map(({ rule }) => rule)].join(', ');
}
