/** Every fix there is, in the order of safe advice: the application, then room, then what has side effects. */
import type { SystemId } from '../readings.ts';
import { appKeepAlive } from './application/keep-alive.ts';
import {
  appCloseConnections,
  appLateBind,
  appSpreadDestinations,
  appTimeouts,
  natMoreAddresses,
  restartHost,
} from './application/others.ts';
import { bsdMsl } from './bsd/msl.ts';
import { bsdWidenRange } from './bsd/widen-range.ts';
import { linuxBacklog } from './linux/backlog.ts';
import { linuxConntrack } from './linux/conntrack.ts';
import { linuxDescriptorLimit } from './linux/descriptor-limit.ts';
import { linuxFinTimeout } from './linux/fin-timeout.ts';
import { linuxReleaseTimeWait } from './linux/release-time-wait.ts';
import { linuxReservePorts } from './linux/reserve-ports.ts';
import { linuxSourceAddresses } from './linux/source-addresses.ts';
import { linuxTimestamps } from './linux/timestamps.ts';
import { linuxTwBuckets } from './linux/tw-buckets.ts';
import { linuxTwReuse } from './linux/tw-reuse.ts';
import { linuxWidenRange } from './linux/widen-range.ts';
import type { Fix } from './model.ts';
import { windowsAutoReuse } from './windows/auto-reuse.ts';
import { windowsExcludedBlocks } from './windows/excluded-blocks.ts';
import { windowsMaxUserPort } from './windows/max-user-port.ts';
import { windowsTimedWaitDelay } from './windows/timed-wait-delay.ts';
import { windowsWidenRange } from './windows/widen-range.ts';

export const FIXES: readonly Fix[] = [
  appKeepAlive,
  appCloseConnections,
  appTimeouts,
  appLateBind,
  appSpreadDestinations,
  linuxWidenRange,
  linuxReservePorts,
  linuxTwReuse,
  linuxTimestamps,
  linuxSourceAddresses,
  linuxTwBuckets,
  linuxFinTimeout,
  linuxConntrack,
  linuxDescriptorLimit,
  linuxBacklog,
  linuxReleaseTimeWait,
  windowsWidenRange,
  windowsExcludedBlocks,
  windowsAutoReuse,
  windowsTimedWaitDelay,
  windowsMaxUserPort,
  bsdWidenRange,
  bsdMsl,
  natMoreAddresses,
  restartHost,
];

export function findFix(id: string): Fix | null {
  return FIXES.find((fix) => fix.id === id) ?? null;
}

export function fixesFor(system: SystemId): Fix[] {
  return FIXES.filter(({ platforms }) => platforms.includes(system));
}
