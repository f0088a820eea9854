/** Linux: longer queues of connections that wait for accept(). */
import { sayCount } from '../../words/figures.ts';
import { checkValue } from '../allowed.ts';
import { numberOf, settingOf } from '../known.ts';
import type { Fix, Plan, PlanInput } from '../model.ts';
import { planOf, refuse, sayInvalid } from '../plan.ts';
import { sysctlStep } from '../steps.ts';
import { keepSettings } from './persist.ts';

const KEY = 'net.core.somaxconn';
const IDENTITY = { id: 'linux-backlog', title: 'Lengthen the listen queue' };
/** The default since 5.4. */
const PROPOSED = 4096;

export const linuxBacklog: Fix = {
  ...IDENTITY,
  platforms: ['linux'],
  kind: 'system',
  does: 'Raises somaxconn, the longest queue that listen() can ask for. It bridges bursts; the program has to ask for a longer queue, too.',
  doesNotHelp: 'A program that accepts too slowly all the time fills any queue; and no ports are gained.',
  risk: { grade: 'low', sentence: 'Connections may wait longer before they are answered or refused.' },
  effort: 'medium',
  takesEffect: 'when the program starts again',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: { value: 'connections, 128 to 65535', persist: 'keep it after a restart' },
  valueSets: KEY,
  source: 'listen(2); Documentation/admin-guide/sysctl/net.rst, somaxconn',
  plan,
};

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  const now = numberOf(settingOf(state, KEY));
  if (now === null) return refuse(IDENTITY, input, `${KEY} could not be read.`);
  const value = checkValue(KEY, String(parameters.value ?? Math.min(Math.max(PROPOSED, 2 * now), 65_535)));
  if (!value.ok) return refuse(IDENTITY, input, sayInvalid('The queue', value.failure));
  // What is so already is only kept.
  const isKeptOnly = parameters.persist && Number(value.value) === now;
  if (Number(value.value) <= now && !isKeptOnly) {
    return refuse(
      IDENTITY,
      input,
      `The longest queue is ${sayCount(now)} already: it is the program that asks for less.`,
    );
  }
  const steps = [
    sysctlStep(state, KEY, value.value, `listen() may ask for ${sayCount(Number(value.value))}`),
  ];
  const kept = keepSettings(input, steps);
  return planOf(IDENTITY, input, {
    steps: [...steps, ...kept.steps],
    advice: [
      {
        sentence:
          'Let the program ask for a longer queue, and start it again: listen() reads the limit once.',
        commands: [
          'nginx: listen 443 ssl backlog=4096;',
          'node: server.listen({ port: 443, backlog: 4096 })',
          'java: new ServerSocket(443, 4096)',
        ],
      },
      {
        sentence: 'Look whether it helped: Recv-Q of the listener stays below Send-Q.',
        commands: ['ss -ltn'],
      },
    ],
    warnings: kept.warnings,
  });
}
