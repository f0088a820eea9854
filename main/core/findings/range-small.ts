/** The ephemeral port range is smaller than the system's default, or is the "tuning" that adds one port. */
import { countPorts } from '../port-range.ts';
import { findProfile } from '../profiles.ts';
import { sayCount } from '../words/figures.ts';
import type { PortRange } from '../model.ts';
import type { FindingEvidence } from './evidence.ts';
import { rangeRemedy } from './host-remedies.ts';
import type { Rule } from './rule.ts';
import { counted } from './subjects.ts';

const DEFAULT_PROFILE = { linux: 'linux', windows: 'windows', macos: 'macos', freebsd: 'freebsd' } as const;
/** Default until Linux 4.1 and the advice of many pages since (commit 07f4c90062f8). */
const ONE_MORE: PortRange = { first: 32768, last: 61000 };

export const rangeSmall: Rule = {
  id: 'range-small',
  title: 'Size of the ephemeral port range',
  find: (evidence) => {
    const { settings, system } = evidence;
    const usual = findProfile(DEFAULT_PROFILE[system]);
    if (!usual) return [];
    const ports = countPorts(settings.range);
    const isOneMore = settings.range.first === ONE_MORE.first && settings.range.last === ONE_MORE.last;
    if (isOneMore)
      return [finding(evidence, 'The range has one port more than the default', oneMoreSentence())];
    if (ports >= countPorts(usual.range)) return [];
    const sentence = `The ephemeral port range ${settings.range.first}–${settings.range.last} has ${counted(ports, 'port')}; the default of ${usual.name} has ${sayCount(countPorts(usual.range))}.`;
    return [finding(evidence, 'The port range is smaller than the default', sentence)];
  },
};

function oneMoreSentence(): string {
  return 'The range 32768–61000 has 28,233 ports, one more than the default: as a tuning it changes nothing, and its odd size makes the kernel warn.';
}

function finding({ settings, system }: FindingEvidence, title: string, sentence: string) {
  return {
    id: 'range-small',
    rule: 'range-small',
    level: 'notice' as const,
    title,
    sentence,
    evidence: `port range = ${settings.range.first} ${settings.range.last}`,
    figures: ['range'],
    disproof: 'The system reports a wider range in this network namespace.',
    remedies: [rangeRemedy(system, 'more ports in every pool, at once')],
    source: 'Documentation/networking/ip-sysctl.rst, ip_local_port_range; Microsoft KB 929851; xnu in_pcb.c',
    poolKey: null,
    pid: null,
  };
}
