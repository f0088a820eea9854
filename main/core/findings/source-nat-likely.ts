/** A private address that talks to public ones goes through a NAT, which has ports of its own and often fewer. */
import { parseAddress } from '../address.ts';
import { isPrivate, isPublic } from '../address-kind.ts';
import type { Pool } from '../model.ts';
import { sayCount, sayRate } from '../words/figures.ts';
import type { FindingEvidence } from './evidence.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { destinationOf } from './subjects.ts';

/** Below this rate or use no NAT of the table is near its limit. */
const MIN_RATE = 5;
const MIN_PORTS = 500;
/** Smallest usual allotments: GCP 64 ports a VM, Azure 1,024 an instance (pools up to 50). */
const LIMITS = 'Cloud NATs give 64 to 1,024 ports by default, AWS 55,000 for each destination';

export const sourceNatLikely: Rule = {
  id: 'source-nat-likely',
  title: 'Source NAT in the path',
  find: (evidence) => {
    const pool = evidence.pools.find(
      (candidate) =>
        isTranslated(candidate) &&
        (candidate.used >= MIN_PORTS || (candidate.openRatePerSecond ?? 0) >= MIN_RATE),
    );
    if (!pool) return [];
    const rate = pool.openRatePerSecond ?? 0;
    return [
      {
        id: `source-nat-likely:${pool.key}`,
        rule: 'source-nat-likely',
        level: 'notice',
        title: 'A NAT in the path may run out first',
        sentence: `${pool.localAddress} is private and ${destinationOf(pool)} is not, so a NAT${place(evidence)} gives these connections its own ports: ${sayCount(pool.used)} in use here, ${sayRate(rate)}/s opened. ${LIMITS}.`,
        evidence: `${pool.localAddress} → ${destinationOf(pool)}, ${sayCount(pool.used)} ports`,
        figures: ['pool-used', 'new-connections'],
        disproof: 'The address is routed without translation (a VPN, a private link).',
        remedies: [
          remedy('app-keep-alive', 'fewer connections need fewer ports of the NAT too'),
          remedy('nat-more-addresses', 'more addresses or a larger allotment at the NAT'),
        ],
        source: 'Azure, AWS and Google Cloud documentation of outbound connections; RFC 1918, RFC 6598',
        poolKey: pool.key,
        pid: pool.owners[0]?.pid ?? null,
      },
    ];
  },
};

function isTranslated(pool: Pool): boolean {
  const local = parseAddress(pool.localAddress);
  const remote = parseAddress(pool.remoteAddress);
  return local !== null && remote !== null && local.family === 4 && isPrivate(local) && isPublic(remote);
}

function place({ surroundings }: FindingEvidence): string {
  if (surroundings.cloud !== null) return ` of ${surroundings.cloud}`;
  return surroundings.container === null ? '' : ' of the container’s host';
}
