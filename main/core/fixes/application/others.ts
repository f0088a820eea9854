/** Changes of a program other than keep-alive; what NAT and a restart can do. Advice and recipes, no steps. */
import { effectOn, poolOf, sayLoad, waitSecondsOf } from '../effect.ts';
import { sustainableRate } from '../../budget.ts';
import { sayCount, sayPercent, saySustainable } from '../../words/figures.ts';
import type { Effect, Fix, PlanInput } from '../model.ts';
import { planOf, refuse } from '../plan.ts';
import { chooseRecipes } from './recipes.ts';
import { CLOSE_RECIPES, LATE_BIND_RECIPES, TIMEOUT_RECIPES } from './recipes-sockets.ts';
import { mainConsumer } from './subject.ts';

const EVERYWHERE = ['linux', 'windows', 'macos', 'freebsd'] as const;
const A_PROGRAM = {
  platforms: EVERYWHERE,
  kind: 'application',
  effort: 'medium',
  takesEffect: 'when the program starts again',
  needsReboot: false,
  needsAdmin: false,
  scopes: ['for good'],
  isAppliable: false,
} as const;

function runtimeOf(input: PlanInput): string | null {
  return mainConsumer(input)?.runtime ?? null;
}

const CLOSE = { id: 'app-close-connections', title: 'Close connections that the other side has closed' };
export const appCloseConnections: Fix = {
  ...CLOSE,
  ...A_PROGRAM,
  does: 'Lets the program close a connection when its peer has ended it: the descriptor, and the port of a client, come back.',
  doesNotHelp: 'No setting of the system ends CLOSE_WAIT: as long as the program holds the socket, it stays.',
  risk: { grade: 'low', sentence: 'None beyond that of any change of code.' },
  takes: {},
  source: 'RFC 9293, section 3.6; recv(2)',
  plan: (input) =>
    planOf(CLOSE, input, {
      recipes: chooseRecipes(CLOSE_RECIPES, runtimeOf(input), 'tcp'),
      advice: [
        {
          sentence: 'Find who holds them: the process is named with each socket.',
          commands: ['ss -tanp state close-wait'],
        },
        {
          sentence: 'Until the code is changed, starting the program again gives all of them back.',
          commands: [],
        },
      ],
    }),
};

const TIMEOUTS = { id: 'app-timeouts', title: 'Give connection attempts a time limit' };
export const appTimeouts: Fix = {
  ...TIMEOUTS,
  ...A_PROGRAM,
  does: 'Ends attempts to reach a host that does not answer after a few seconds; without a limit each holds its port for about two minutes.',
  doesNotHelp:
    'It does not make the host answer: find out why it does not (a firewall, a wrong address, a host that is down).',
  risk: { grade: 'low', sentence: 'A limit that is too short gives up on hosts that are only slow.' },
  takes: {},
  source: 'tcp(7), tcp_syn_retries; measured on 6.18: 135 s',
  plan: (input) =>
    planOf(TIMEOUTS, input, {
      recipes: chooseRecipes(TIMEOUT_RECIPES, runtimeOf(input), 'http'),
      advice: [{ sentence: 'See where the attempts go.', commands: ['ss -tanp state syn-sent'] }],
    }),
};

const LATE_BIND = { id: 'app-late-bind', title: 'Leave the choice of the port to connect()' };
export const appLateBind: Fix = {
  ...LATE_BIND,
  ...A_PROGRAM,
  platforms: ['linux'],
  does: 'Lets connect() choose the port instead of bind(): each destination then has the whole range, not all of them together.',
  doesNotHelp: 'Towards one single destination there are no more ports than before.',
  risk: { grade: 'low', sentence: 'Programs that ask for their port before connect() get 0.' },
  takes: {},
  source: 'ip(7), IP_BIND_ADDRESS_NO_PORT; measured on 6.18',
  plan: (input) =>
    planOf(LATE_BIND, input, { recipes: chooseRecipes(LATE_BIND_RECIPES, runtimeOf(input), 'tcp') }),
};

const SPREAD = { id: 'app-spread-destinations', title: 'Spread the load over more destinations' };
const DEFAULT_DESTINATIONS = 2;
export const appSpreadDestinations: Fix = {
  ...SPREAD,
  ...A_PROGRAM,
  platforms: ['linux', 'freebsd'],
  effort: 'high',
  does: 'Ports are counted for each destination address and port: a second address or port of the server has a pool of its own.',
  doesNotHelp: 'Several names for one address are one destination; and the load has to be spread evenly.',
  risk: {
    grade: 'medium',
    sentence: 'The server needs the second address or port, and firewalls have to know it.',
  },
  takes: { value: 'destinations in all, 2 to 64', poolKey: 'the pool that is predicted for' },
  source: 'net/ipv4/inet_hashtables.c, __inet_hash_connect; measured on 6.18',
  plan: (input) => {
    const destinations = input.parameters.value ?? DEFAULT_DESTINATIONS;
    if (!Number.isInteger(destinations) || destinations < 2 || destinations > 64) {
      return refuse(SPREAD, input, `It takes 2 to 64 destinations in all, not ${destinations}.`);
    }
    return planOf(SPREAD, input, {
      effect: spreadEffect(input, destinations),
      advice: [
        {
          sentence:
            'Let the server listen on a second port or address, and the client choose between them in turn.',
          commands: [],
        },
        {
          sentence: 'A proxy can spread for a program that cannot.',
          commands: ['upstream orders { server 10.0.3.12:8080; server 10.0.3.12:8081; keepalive 64; }'],
        },
      ],
      warnings: ['The prediction is for load that is spread evenly over the destinations.'],
    });
  },
};

function spreadEffect(input: PlanInput, destinations: number): Effect | null {
  const pool = poolOf(input);
  const { summary } = input;
  if (pool === null || summary === null) return null;
  const capacity = pool.capacity * destinations;
  const effect = effectOn(pool, summary, { capacity });
  const rate = saySustainable(sustainableRate(capacity, waitSecondsOf(pool, summary)));
  const share = sayPercent(pool.used / Math.max(1, capacity));
  const sentence = `${destinations} destinations have ${sayCount(capacity)} ports together, ${rate}/s.${sayLoad(effect) || ` What is in use now would be ${share} of them.`}`;
  return { ...effect, sentence };
}

const NAT = { id: 'nat-more-addresses', title: 'Give the NAT more addresses or ports' };
export const natMoreAddresses: Fix = {
  ...NAT,
  platforms: EVERYWHERE,
  kind: 'system',
  does: 'A source NAT has a pool of ports of its own, often smaller than this machine’s: more public addresses or a larger share make it larger.',
  doesNotHelp: 'Nothing that is changed on this machine reaches the NAT; fewer connections do.',
  risk: {
    grade: 'low',
    sentence: 'Peers that allow only the old public address have to be told of the new one.',
  },
  effort: 'high',
  takesEffect: 'for new connections',
  needsReboot: false,
  needsAdmin: false,
  scopes: ['for good'],
  isAppliable: false,
  takes: {},
  source: 'Azure Load Balancer outbound connections; AWS NAT gateways; Google Cloud NAT addresses and ports',
  plan: (input) =>
    planOf(NAT, input, {
      advice: [
        {
          sentence: 'Azure: use a NAT gateway, or give the outbound rule more ports for each machine.',
          commands: ['az network lb outbound-rule update … --outbound-ports 12800'],
        },
        {
          sentence:
            'AWS: a NAT gateway has 55,000 ports to each destination and address, and takes up to eight addresses.',
          commands: ['aws ec2 associate-nat-gateway-address …'],
        },
        {
          sentence: 'Google Cloud: raise the least number of ports for each machine, or let it grow.',
          commands: [
            'gcloud compute routers nats update … --enable-dynamic-port-allocation --min-ports-per-vm=1024',
          ],
        },
        {
          sentence:
            'Watch the counter of the NAT, not this machine’s: ErrorPortAllocation, SNAT “Failed”, dropped.',
          commands: [],
        },
      ],
    }),
};

const RESTART = { id: 'restart-host', title: 'Restart the machine' };
export const restartHost: Fix = {
  ...RESTART,
  platforms: ['macos'],
  kind: 'relief',
  does: 'Starts the TCP clock of a Mac again that has stood still since it was up for 49.7 days: TIME_WAIT ends again, and ports come back.',
  doesNotHelp: 'After another 49.7 days it can happen again: update macOS, or restart each month.',
  risk: { grade: 'medium', sentence: 'All that runs on the machine ends.' },
  effort: 'low',
  takesEffect: 'after a restart',
  needsReboot: true,
  needsAdmin: true,
  scopes: ['now'],
  isAppliable: false,
  takes: {},
  source: 'xnu, tcp_now: a 32-bit count of milliseconds',
  plan: (input) =>
    planOf(RESTART, input, {
      advice: [{ sentence: 'Save what is open, then restart.', commands: ['sudo shutdown -r now'] }],
    }),
};
