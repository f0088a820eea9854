/** Linux: destroy the TIME_WAIT sockets of one pool, as relief in an emergency. */
import { formatEndpoint, parseAddress } from '../../address.ts';
import type { Pool } from '../../model.ts';
import { sayCount } from '../../words/figures.ts';
import { poolOf, predict } from '../effect.ts';
import type { Fix, Plan, PlanInput } from '../model.ts';
import { planOf, refuse } from '../plan.ts';
import { actionStep } from '../steps.ts';

const IDENTITY = { id: 'linux-release-time-wait', title: 'Release the TIME_WAIT ports of this pool now' };
/** Since 6.0 SOCK_DESTROY takes TIME_WAIT sockets, too (commit of 2022-06). */
const FIRST_MAJOR = 6;

export const linuxReleaseTimeWait: Fix = {
  ...IDENTITY,
  platforms: ['linux'],
  kind: 'relief',
  does: 'Destroys the TIME_WAIT sockets towards one destination (SOCK_DESTROY): connect() has their ports at once. Open connections stay.',
  doesNotHelp: 'The cause stays: at the same rate the pool fills again within a minute.',
  risk: {
    grade: 'high',
    sentence:
      'TIME_WAIT keeps late segments of an old connection out of a new one; without it data can reach the wrong connection.',
  },
  effort: 'low',
  takesEffect: 'at once',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now'],
  isAppliable: true,
  takes: { poolKey: 'the pool; the fullest when absent' },
  source: 'sock_diag(7), SOCK_DESTROY; ss(8), -K; measured on 6.18',
  plan,
};

function plan(input: PlanInput): Plan {
  const { kernel } = input.state;
  if (input.summary?.origin.kind === 'imported') {
    return refuse(
      IDENTITY,
      input,
      'The files speak of a moment that is over: its TIME_WAIT sockets are gone.',
    );
  }
  if (kernel !== null && kernel.major < FIRST_MAJOR) {
    return refuse(
      IDENTITY,
      input,
      `Linux ${kernel.major}.${kernel.minor} cannot destroy TIME_WAIT sockets; 6.0 and later can.`,
    );
  }
  const pool = poolOf(input);
  if (pool === null)
    return refuse(
      IDENTITY,
      input,
      'There is no such pool in the sample: no destination to release ports of.',
    );
  const waiting = pool.byState.TIME_WAIT ?? 0;
  const destination = formatEndpoint(pool.remoteAddress, pool.remotePort);
  const filter = filterOf(pool);
  if (filter === null)
    return refuse(IDENTITY, input, 'The pool has no one destination whose sockets could be named.');
  if (waiting === 0) return refuse(IDENTITY, input, `No socket towards ${destination} is in TIME_WAIT.`);
  return planOf(IDENTITY, input, {
    steps: [
      actionStep(
        `TIME_WAIT sockets from ${pool.localAddress} to ${destination}`,
        ['ss', '-tnHK', ...filter],
        `frees ${sayCount(waiting)} ports`,
        'Destroyed sockets cannot be brought back; they would have gone by themselves within a minute.',
      ),
    ],
    effect: predict(input, ({ used, reusable }) => ({ used: Math.max(0, used - (waiting - reusable)) })),
    warnings: [
      'Late segments of the closed connections can then meet new ones on the same ports: for emergencies only.',
    ],
  });
}

/** The expression of ss(8) for one destination; addresses are checked and carry no option. */
function filterOf({ localAddress, remoteAddress, remotePort }: Pool): string[] | null {
  const local = parseAddress(localAddress);
  const remote = parseAddress(remoteAddress);
  if (local === null || remote === null) return null;
  const bracketed = (text: string) => (text.includes(':') ? `[${text}]` : text);
  const [source, destination] = [bracketed(localAddress), bracketed(remoteAddress)];
  return ['state', 'time-wait', 'src', source, 'dst', destination, 'dport', '=', `:${remotePort}`];
}
