/** Services that listen inside the ephemeral port range: each takes a port, and may find it taken when it restarts. */
import { sayCount } from '../words/figures.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { counted } from './subjects.ts';

const SHOWN = 3;

export const rangeListener: Rule = {
  id: 'range-listener',
  title: 'Services inside the ephemeral port range',
  find: ({ listeners, settings, system }) => {
    const ports = new Map<number, string | null>();
    for (const listener of listeners) if (listener.insideRange) ports.set(listener.port, listener.process);
    if (ports.size === 0) return [];
    const named = [...ports]
      .slice(0, SHOWN)
      .map(([port, name]) => (name === null ? `${port}` : `${port} (${name})`));
    const others = ports.size > SHOWN ? ` and ${sayCount(ports.size - SHOWN)} more` : '';
    return [
      {
        id: 'range-listener',
        rule: 'range-listener',
        level: 'notice',
        title: 'Services listen inside the ephemeral range',
        sentence: `${counted(ports.size, 'service listens', 'services listen')} inside ${settings.range.first}–${settings.range.last}: ${named.join(', ')}${others}. An outgoing connection can take such a port while the service restarts, and it then cannot listen.`,
        evidence: `LISTEN ${named.join(', ')}${others}`,
        figures: ['listeners', 'range'],
        disproof: 'The ports are reserved, or the service asks for any free port.',
        remedies:
          system === 'linux'
            ? [remedy('linux-reserve-ports', 'outgoing connections then never take these ports')]
            : [],
        source: 'Documentation/networking/ip-sysctl.rst, ip_local_reserved_ports; measured on Linux 6.18',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
