/** This side closed, the other has not: orphans wait in FIN_WAIT_2 and hold a port. Here tcp_fin_timeout is the knob. */
import type { Finding } from '../model.ts';
import { sayCount } from '../words/figures.ts';
import type { StatePile } from './evidence.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';

const NOTICE_SOCKETS = 500;
const WARNING_SOCKETS = 5000;
/** Those of a service hold no port of the range: worth a word only when there are many. */
const SERVICE_SOCKETS = 5000;

export const finWait2Pile: Rule = {
  id: 'fin-wait-2-pile',
  title: 'Peers that do not close',
  find: ({ piles, linux }) => {
    const all = piles.filter(({ state, orphans }) => state === 'FIN_WAIT_2' && orphans > 0);
    const stuck = all.filter(({ servicePort }) => servicePort === null);
    const orphans = stuck.reduce((sum, pile) => sum + pile.orphans, 0);
    const [largest] = stuck;
    if (!largest || orphans < NOTICE_SOCKETS) return all.filter(isBusyService).slice(0, 1).map(ofService);
    const timeout = linux?.finTimeoutSeconds ?? null;
    const where = largest.destination === null ? '' : `, most to ${largest.destination}`;
    return [
      {
        id: 'fin-wait-2-pile',
        rule: 'fin-wait-2-pile',
        level: orphans >= WARNING_SOCKETS ? 'warning' : 'notice',
        title: 'Peers do not close their side',
        sentence: `${sayCount(orphans)} closed connections wait in FIN-WAIT-2 for the other side to close${where}; each holds a port${timeout === null ? '' : ` for up to ${Math.min(timeout, 60)} s`}.`,
        evidence: `${sayCount(orphans)} FIN_WAIT_2 without a process${timeout === null ? '' : ` · tcp_fin_timeout = ${timeout}`}`,
        figures: ['sockets', 'counters'],
        disproof: 'They turn into TIME_WAIT within a second: the peer closes, only late.',
        remedies: [
          remedy('app-keep-alive', 'connections that stay open do not wait for anybody to close'),
          remedy('linux-fin-timeout', 'here, and only here, tcp_fin_timeout helps'),
        ],
        source: 'ip-sysctl.rst, tcp_fin_timeout; measured on Linux 6.18: 5 s gives 5.12 s',
        poolKey: null,
        pid: largest.pid,
      },
    ];
  },
};

function isBusyService({ servicePort, orphans }: StatePile): boolean {
  return servicePort !== null && orphans >= SERVICE_SOCKETS;
}

function ofService({ servicePort, orphans }: StatePile): Finding {
  return {
    id: 'fin-wait-2-pile',
    rule: 'fin-wait-2-pile',
    level: 'notice',
    title: `Clients of port ${servicePort} do not close their side`,
    sentence: `${sayCount(orphans)} connections that the service on port ${servicePort} has closed wait in FIN-WAIT-2 for their clients: they use no ephemeral port, only some memory.`,
    evidence: `${sayCount(orphans)} FIN_WAIT_2 without a process on local port ${servicePort}`,
    figures: ['sockets', 'counters'],
    disproof: 'They turn into TIME_WAIT within a second: the clients close, only late.',
    remedies: [remedy('linux-fin-timeout', 'here, and only here, tcp_fin_timeout helps')],
    source: 'ip-sysctl.rst, tcp_fin_timeout; measured on Linux 6.18: 5 s gives 5.12 s',
    poolKey: null,
    pid: null,
  };
}
