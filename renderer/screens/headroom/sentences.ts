/** One-sentence text alternatives of the pictures. Pure. */
import { formatForecast } from '../../format/durations.ts';
import { formatCount, formatShare } from '../../format/numbers.ts';
import { formatPoolTarget, type Pool } from '../../format/pools.ts';

/** What the trend chart shows. */
export function trendLabel(pool: Pool | null, isLive: boolean): string {
  if (!pool) return 'Ports in use of all sockets over time.';
  const now = `Ports in use to ${formatPoolTarget(pool)}: ${formatCount(pool.used)} of ${formatCount(pool.capacity)}`;
  const { expected, inSeconds, steadyState } = pool.exhaustion;
  if (!isLive) return `${now} when last sampled; no forecast.`;
  if (expected && inSeconds !== null)
    return `${now}; the forecast reaches the limit in about ${formatForecast(inSeconds)}.`;
  if (steadyState === null) return `${now}; no exhaustion is forecast.`;
  return `${now}; the forecast levels off at ${formatCount(steadyState)}.`;
}

/** What the port map shows. */
export function mapLabel(
  map: { codes: Uint8Array; range: { first: number; last: number } },
  scope: 'pool' | 'all',
): string {
  const { first, last } = map.range;
  const ports = map.codes.subarray(first, last + 1);
  let [waiting, established, used] = [0, 0, 0];
  for (const code of ports) {
    if (code >= 8 && code <= 76) waiting++;
    else if (code === 1) established++;
    if (code !== 0 && code !== 6) used++;
  }
  const whose = scope === 'pool' ? 'of this pool' : 'of all sockets';
  return (
    `Port map ${whose}. ${formatCount(used)} of the ${formatCount(ports.length)} ports in the ephemeral range ` +
    `${first} to ${last} are in use: ${formatCount(waiting)} in TIME-WAIT, ${formatCount(established)} established. ` +
    `${formatCount(ports.length - used)} are free or reserved.`
  );
}

/** "seen 96%" and so on: the shares of TIME_WAIT ports by how well their owner is known; those that are none are left out, and
 * so are those that may not be read: the panel says how many they are. */
export function ownershipShares(ownership: {
  observed: number;
  inferred: number;
  unknown: number;
  notPermitted: number;
}) {
  const { observed, inferred, unknown, notPermitted } = ownership;
  const total = observed + inferred + unknown + notPermitted;
  if (total === 0) return [];
  return [
    {
      key: 'observed' as const,
      confidence: 'observed' as const,
      text: `seen ${formatShare(observed / total)}`,
      count: observed,
    },
    {
      key: 'inferred' as const,
      confidence: 'inferred' as const,
      text: `inferred ${formatShare(inferred / total)}`,
      count: inferred,
    },
    {
      key: 'unknown' as const,
      confidence: 'unknown' as const,
      text: `unknown ${formatShare(unknown / total)}`,
      count: unknown,
    },
  ].filter((share) => share.count > 0);
}
