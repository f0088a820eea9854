/** Services that listen inside the ephemeral port range: each takes a port, and may find it taken when it restarts. */
import { sayCount } from '../words/figures.ts';
import { remedy } from './remedies.ts';
import type { FindingEvidence } from './evidence.ts';
import type { Rule } from './rule.ts';
import { counted } from './subjects.ts';

const SHOWN = 3;
/**
 * Services of Windows that get a port of the range from RPC at each start, and one of macOS that asks for any: nothing to
 * reserve (Microsoft, "Service overview and network port requirements": RPC, 49152–65535).
 */
const ASK_FOR_ANY = /^(?:svchost|lsass|services|wininit|spoolsv|system)(?:\.exe)?$|^rapportd$/i;

export const rangeListener: Rule = {
  id: 'range-listener',
  title: 'Services inside the ephemeral port range',
  find: ({ listeners, settings, system }) => {
    const ports = new Map<number, string | null>();
    for (const { insideRange, port, process } of listeners) {
      if (insideRange && !asksForAny(process, system)) ports.set(port, process);
    }
    if (ports.size === 0) return [];
    const named = [...ports]
      .sort(([a], [b]) => a - b)
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

/** Without its name a listener of Windows is taken for one of these, which every Windows has. */
function asksForAny(process: string | null, system: FindingEvidence['system']): boolean {
  if (system === 'linux') return false;
  return process === null ? system === 'windows' : ASK_FOR_ANY.test(process);
}
