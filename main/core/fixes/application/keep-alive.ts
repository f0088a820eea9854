/** The cause removed: connections that are used again. */
import type { Pool } from '../../model.ts';
import { sayCount, sayPercent, sayRate } from '../../words/figures.ts';
import { effectOn, openConnectionsOf, poolOf } from '../effect.ts';
import type { Effect, Fix, Plan, PlanInput } from '../model.ts';
import { planOf } from '../plan.ts';
import { chooseRecipes, KEEP_ALIVE_RECIPES, usualProtocol } from './recipes.ts';
import { mainConsumer, sayProgram } from './subject.ts';

const IDENTITY = { id: 'app-keep-alive', title: 'Keep connections open and reuse them' };
/** Connections of a pool end and begin anew now and then (idle limits, deployments): about once a minute. */
const RENEWED_EVERY_SECONDS = 60;

export const appKeepAlive: Fix = {
  ...IDENTITY,
  platforms: ['linux', 'windows', 'macos', 'freebsd'],
  kind: 'application',
  does: 'Lets the program send many requests over few connections: it then opens a new one, and locks a port, only now and then.',
  doesNotHelp:
    'Connections that are needed at the same moment stay open at the same moment, each with its port.',
  risk: {
    grade: 'low',
    sentence: 'A server may close an idle connection at any time: the client has to try again once.',
  },
  effort: 'medium',
  takesEffect: 'when the program starts again',
  needsReboot: false,
  needsAdmin: false,
  scopes: ['for good'],
  isAppliable: false,
  takes: { poolKey: 'the pool that is predicted for' },
  source: 'RFC 9112, section 9.3; documentation of each client as named with its recipe',
  plan,
};

function plan(input: PlanInput): Plan {
  const pool = poolOf(input);
  const consumer = mainConsumer(input);
  const recipes = chooseRecipes(
    KEEP_ALIVE_RECIPES,
    consumer?.runtime ?? null,
    pool === null ? null : usualProtocol(pool.remotePort),
  );
  return planOf(IDENTITY, input, {
    recipes,
    effect: effectOf(input, pool, sayProgram(consumer)),
    advice: adviceOf(pool),
    warnings: [
      'Payload is never read here: which protocol and client the program uses is its author’s to know.',
    ],
  });
}

/** As many connections as are open at once stay open, rate × life, and each is renewed about once a minute. */
function effectOf(input: PlanInput, pool: Pool | null, program: string): Effect | null {
  const { summary } = input;
  if (pool === null || summary === null) return null;
  const rate = pool.openRatePerSecond;
  if (rate === null || rate <= 0) return null;
  const open = Math.max(1, openConnectionsOf(pool));
  const renewals = open / RENEWED_EVERY_SECONDS;
  if (renewals >= rate) return null;
  const effect = effectOn(pool, summary, { opensPerSecond: renewals, openConnections: open });
  // What waits now goes by itself within one hold; what stays is what is predicted to stay.
  const settled = Math.round(effect.steadyState.then ?? open);
  const share = sayPercent(settled / Math.max(1, pool.capacity));
  return {
    ...effect,
    used: { now: pool.used, then: Math.min(pool.used, settled) },
    sentence: `${program} keeps about ${connections(open)}, renewed about once a minute: ${sayRate(rate)}/s become about ${sayRate(renewals)}/s, and the pool levels off at ${share}.`,
  };
}

function connections(count: number): string {
  return count === 1
    ? '1 connection open and uses it again'
    : `${sayCount(count)} connections open and uses them again`;
}

function adviceOf(pool: Pool | null) {
  const size = pool === null ? null : openConnectionsOf(pool);
  return [
    {
      sentence:
        size === null || size === 0
          ? 'Give the client’s pool as many connections as requests run at the same time.'
          : `Give the client’s pool about ${sayCount(size)} connections: so many are open at the same time now.`,
      commands: [],
    },
    {
      sentence: 'Look whether it helped: opens per second fall within a minute.',
      commands: ['fourtuple check --for 10'],
    },
  ];
}
