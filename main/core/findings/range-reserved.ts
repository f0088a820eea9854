/** Reserved (Linux) ports eat a good part of the range. Excluded blocks of Windows have a rule of their own. */
import { countPorts } from '../port-range.ts';
import { sayCount, sayPercent } from '../words/figures.ts';
import { rangeRemedy } from './host-remedies.ts';
import type { Rule } from './rule.ts';

/** Share of the range from which it is worth a word, and from which it is a warning. */
const NOTICE_SHARE = 0.1;
const WARNING_SHARE = 0.5;

export const rangeReserved: Rule = {
  id: 'range-reserved',
  title: 'Reserved ports of the range',
  find: ({ settings, reservedCount, system, capacity }) => {
    const ports = countPorts(settings.range);
    const share = ports === 0 ? 0 : reservedCount / ports;
    if (system === 'windows' || share < NOTICE_SHARE) return [];
    const list = settings.reserved.map(({ first, last }) =>
      first === last ? `${first}` : `${first}-${last}`,
    );
    return [
      {
        id: 'range-reserved',
        rule: 'range-reserved',
        level: share >= WARNING_SHARE ? 'warning' : 'notice',
        title: 'Reserved ports take much of the range',
        sentence: `${sayCount(reservedCount)} of ${sayCount(ports)} ports of the range are reserved (${sayPercent(share)}); ${sayCount(capacity)} are left for outgoing connections.`,
        evidence: `ip_local_reserved_ports = ${list.slice(0, 8).join(',')}${list.length > 8 ? ',…' : ''}`,
        figures: ['range'],
        disproof: 'The reservations lie outside the range, or overlap each other.',
        remedies: [rangeRemedy(system, 'more ports beside the reserved ones')],
        source: 'Documentation/networking/ip-sysctl.rst, ip_local_reserved_ports',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
