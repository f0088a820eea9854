/** The fixes that findings name, by id, with the words for their button. What they do is described where fixes live. */
import type { Remedy } from '../model.ts';

interface Named {
  label: string;
  kind: Remedy['kind'];
}

export const NAMED_FIXES = {
  'app-keep-alive': { label: 'Keep connections open and reuse them', kind: 'application' },
  'app-close-connections': { label: 'Close connections that the other side has closed', kind: 'application' },
  'app-timeouts': { label: 'Give connection attempts a time limit', kind: 'application' },
  'app-late-bind': { label: 'Leave the choice of the port to connect()', kind: 'application' },
  'app-spread-destinations': { label: 'Spread the load over more destinations', kind: 'application' },
  'linux-widen-range': { label: 'Widen the port range', kind: 'system' },
  'linux-reserve-ports': { label: 'Reserve the ports of services', kind: 'system' },
  'linux-tw-reuse': { label: 'Reuse TIME_WAIT ports for new connections', kind: 'system' },
  'linux-timestamps': { label: 'Turn TCP timestamps on', kind: 'system' },
  'linux-tw-buckets': { label: 'Raise the limit of TIME_WAIT sockets', kind: 'system' },
  'linux-release-time-wait': { label: 'Release the TIME_WAIT ports of this pool now', kind: 'relief' },
  'linux-conntrack': { label: 'Enlarge the connection-tracking table', kind: 'system' },
  'linux-descriptor-limit': { label: 'Raise the limit of open files', kind: 'system' },
  'linux-backlog': { label: 'Lengthen the listen queue', kind: 'system' },
  'linux-source-addresses': { label: 'Add source addresses', kind: 'system' },
  'linux-fin-timeout': { label: 'Shorten FIN_WAIT_2 of orphans', kind: 'system' },
  'windows-widen-range': { label: 'Widen the dynamic port range', kind: 'system' },
  'windows-excluded-blocks': { label: 'Free excluded port blocks', kind: 'system' },
  'windows-timed-wait-delay': { label: 'Set TcpTimedWaitDelay to a valid value', kind: 'system' },
  'windows-auto-reuse': { label: 'Use the auto-reuse port range', kind: 'system' },
  'macos-widen-range': { label: 'Widen the port range', kind: 'system' },
  'macos-msl': { label: 'Shorten TIME_WAIT', kind: 'system' },
  'nat-more-addresses': { label: 'Give the NAT more addresses or ports', kind: 'system' },
  'restart-host': { label: 'Restart the machine', kind: 'relief' },
} as const satisfies Record<string, Named>;

export type FixId = keyof typeof NAMED_FIXES;

/** A remedy and why it stands at its place of the list. */
export function remedy(fixId: FixId, why: string): Remedy {
  const { label, kind } = NAMED_FIXES[fixId];
  return { fixId, label, kind, why };
}
