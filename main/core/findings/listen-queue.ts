/** A listening socket whose accept queue is full: clients wait or are dropped, and blame the network. */
import { sayCount, sayRate } from '../words/figures.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { sayInsteadOfPorts, sayProcess } from './subjects.ts';

/** Overflows a second that are no accident. */
const OVERFLOWS_PER_SECOND = 0.5;

export const listenQueue: Rule = {
  id: 'listen-queue',
  title: 'Listen queues of services',
  find: (evidence) => {
    const { listeners, counterRates, linux } = evidence;
    const rate = counterRates.listenOverflows ?? 0;
    // The kernel takes one connection more than the backlog (sk_acceptq_is_full).
    const full = listeners.find(
      ({ acceptQueue, backlog }) =>
        acceptQueue !== null && backlog !== null && backlog > 0 && acceptQueue >= backlog,
    );
    if (!full && rate < OVERFLOWS_PER_SECOND) return [];
    const who = full ? sayProcess(full.process, full.pid) : 'a service';
    const where = full ? ` on port ${full.port}` : '';
    const queue = full
      ? `${full.acceptQueue} connections wait in a queue of ${full.backlog}`
      : 'its queue was full';
    const drops = rate >= OVERFLOWS_PER_SECOND ? `; ${sayRate(rate)} a second are turned away` : '';
    return [
      {
        id: `listen-queue:${full?.port ?? ''}`,
        rule: 'listen-queue',
        level: rate >= OVERFLOWS_PER_SECOND ? 'warning' : 'notice',
        title: full ? `The listen queue of port ${full.port} is full` : 'A listen queue overflows',
        sentence: sayInsteadOfPorts(
          evidence,
          `${who}${where} does not accept fast enough, ${queue}${drops}.`,
        ),
        evidence: `Recv-Q ${sayCount(full?.acceptQueue ?? 0)} of ${sayCount(full?.backlog ?? 0)}${where} · ListenOverflows +${sayRate(rate)}/s`,
        figures: ['listeners', 'counters'],
        disproof: 'Recv-Q of the listener falls to 0 and ListenOverflows stands still.',
        remedies: [
          remedy(
            'linux-backlog',
            linux?.somaxconn == null
              ? 'a longer queue bridges bursts'
              : `up to somaxconn = ${linux.somaxconn}`,
          ),
        ],
        source: 'listen(2); tcp(7); include/net/sock.h, sk_acceptq_is_full',
        poolKey: null,
        pid: full?.pid ?? null,
      },
    ];
  },
};
