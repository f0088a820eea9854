/** Linux: more local addresses, each of which has pools of its own. Routing is the administrator’s: advice, not steps. */
import { scopeFactor, sustainableRate } from '../../budget.ts';
import { sayCount, sayPercent, saySustainable } from '../../words/figures.ts';
import { effectOn, poolOf, sayLoad, waitSecondsOf } from '../effect.ts';
import type { Effect, Fix, Plan, PlanInput } from '../model.ts';
import { planOf, refuse } from '../plan.ts';

const IDENTITY = { id: 'linux-source-addresses', title: 'Add source addresses' };
const DEFAULT_ADDRESSES = 2;
const MOST_ADDRESSES = 64;

export const linuxSourceAddresses: Fix = {
  ...IDENTITY,
  platforms: ['linux'],
  kind: 'system',
  does: 'Linux counts ports for each source address apart: with a second address a destination can be reached from twice as many ports.',
  doesNotHelp:
    'A program that leaves the address to the kernel goes on using the first one; it has to bind, or routes have to choose.',
  risk: {
    grade: 'medium',
    sentence: 'Firewalls and peers that know only the old address drop connections from the new one.',
  },
  effort: 'high',
  takesEffect: 'when the program starts again',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now'],
  isAppliable: false,
  takes: { value: 'source addresses in all, 2 to 64', poolKey: 'the pool that is predicted for' },
  source: 'ip(7), IP_BIND_ADDRESS_NO_PORT; ip-address(8); measured on 6.18',
  plan,
};

function plan(input: PlanInput): Plan {
  const addresses = input.parameters.value ?? DEFAULT_ADDRESSES;
  if (!Number.isInteger(addresses) || addresses < DEFAULT_ADDRESSES || addresses > MOST_ADDRESSES) {
    return refuse(
      IDENTITY,
      input,
      `It takes ${DEFAULT_ADDRESSES} to ${MOST_ADDRESSES} addresses in all, not ${addresses}.`,
    );
  }
  return planOf(IDENTITY, input, {
    effect: effectOf(input, addresses),
    advice: [
      {
        sentence: 'Add an address that the network gives to this machine; ask who runs the network for one.',
        commands: ['ip address add 192.0.2.11/24 dev eth0', 'ip address del 192.0.2.11/24 dev eth0   # undo'],
      },
      {
        sentence:
          'Let the program bind to its addresses in turn, with IP_BIND_ADDRESS_NO_PORT, so that the port is chosen for each destination.',
        commands: [
          'python: s.setsockopt(socket.IPPROTO_IP, 24, 1); s.bind(("192.0.2.11", 0))',
          'nginx: proxy_bind 192.0.2.11;',
          'haproxy: server s1 10.0.3.12:443 source 192.0.2.11',
        ],
      },
      {
        sentence: 'Or give one destination its own source by a route, which no program notices.',
        commands: ['ip route add 203.0.113.20/32 via 192.0.2.1 src 192.0.2.11'],
      },
    ],
    warnings: ['The prediction is for load that is spread evenly over the addresses.'],
  });
}

function effectOf(input: PlanInput, addresses: number): Effect | null {
  const pool = poolOf(input);
  const { summary } = input;
  if (pool === null || summary === null) return null;
  const factor = scopeFactor('destination', 1, addresses);
  const capacity = pool.capacity * factor;
  const effect = effectOn(pool, summary, { capacity });
  const wait = waitSecondsOf(pool, summary);
  const rate = saySustainable(sustainableRate(capacity, wait));
  const share = sayPercent(pool.used / Math.max(1, capacity));
  const sentence = `${addresses} addresses have ${sayCount(capacity)} ports to this destination, ${rate}/s.${sayLoad(effect) || ` What is in use now would be ${share} of them.`}`;
  return { ...effect, sentence };
}
