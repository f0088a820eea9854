/** Linux: TCP timestamps on, which reuse of TIME_WAIT ports needs. */
import { numberOf, settingOf } from '../known.ts';
import type { Fix, Plan, PlanInput } from '../model.ts';
import { planOf, refuse } from '../plan.ts';
import { sysctlStep } from '../steps.ts';
import { keepSettings } from './persist.ts';

const KEY = 'net.ipv4.tcp_timestamps';
const IDENTITY = { id: 'linux-timestamps', title: 'Turn TCP timestamps on' };

export const linuxTimestamps: Fix = {
  ...IDENTITY,
  platforms: ['linux'],
  kind: 'system',
  does: 'Sets tcp_timestamps to 1, the default: connections opened from then on carry timestamps, and their ports can be reused after the close.',
  doesNotHelp: 'It gives no port back by itself: it makes tcp_tw_reuse work.',
  risk: { grade: 'low', sentence: 'It is the default of Linux; each segment carries 12 bytes more.' },
  effort: 'low',
  takesEffect: 'for new connections',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: { persist: 'keep it after a restart' },
  source: 'Documentation/networking/ip-sysctl.rst, tcp_timestamps; RFC 7323',
  plan,
};

function plan(input: PlanInput): Plan {
  const now = numberOf(settingOf(input.state, KEY));
  if (now === null) return refuse(IDENTITY, input, `${KEY} could not be read.`);
  if (now !== 0 && !(input.parameters.persist && now === 1))
    return refuse(IDENTITY, input, 'TCP timestamps are on already.');
  const steps = [sysctlStep(input.state, KEY, '1', 'new connections carry timestamps')];
  const kept = keepSettings(input, steps);
  return planOf(IDENTITY, input, {
    steps: [...steps, ...kept.steps],
    warnings: ['Connections that are open now stay without timestamps until they close.', ...kept.warnings],
  });
}
