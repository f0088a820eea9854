/** Not one port can be handed out: the whole range is reserved, excluded, or taken by listening sockets. */
import { countPorts } from '../port-range.ts';
import { sayNoPorts } from '../words/pool-sentence.ts';
import { rangeRemedy } from './host-remedies.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { counted } from './subjects.ts';

export const rangeEmpty: Rule = {
  id: 'range-empty',
  title: 'Ports that can be handed out at all',
  find: (evidence) => {
    const { settings, reservedCount, capacity, system } = evidence;
    if (capacity > 0) return [];
    const ports = countPorts(settings.range);
    const canFree = system === 'windows' && reservedCount > 0;
    return [
      {
        id: 'range-empty',
        rule: 'range-empty',
        level: 'critical',
        title: 'No port can be handed out',
        sentence: sayNoPorts(settings)
          .map((span) => span.text)
          .join(''),
        evidence: `${settings.range.first}–${settings.range.last}: ${counted(reservedCount, 'port')} of ${ports} reserved or excluded, the others taken by listening sockets`,
        figures: ['range', 'listeners'],
        disproof: 'connect() succeeds without choosing a port itself.',
        remedies: [
          rangeRemedy(system, 'gives outgoing connections ports, at once'),
          ...(canFree ? [remedy('windows-excluded-blocks', 'gives excluded ports back')] : []),
        ],
        source: 'connect(2), EADDRNOTAVAIL; Documentation/networking/ip-sysctl.rst, ip_local_reserved_ports',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
