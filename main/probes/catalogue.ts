/** The probes of each system: the one place that chooses between their folders. */
import { FREEBSD_PROBES } from './freebsd/catalogue.ts';
import { LINUX_PROBES } from './linux/catalogue.ts';
import { MACOS_PROBES } from './macos/catalogue.ts';
import type { Probe } from './probe.ts';
import { WINDOWS_PROBES } from './windows/catalogue.ts';

const BY_PLATFORM: ReadonlyMap<NodeJS.Platform, readonly Probe[]> = new Map<
  NodeJS.Platform,
  readonly Probe[]
>([
  ['linux', LINUX_PROBES],
  ['android', LINUX_PROBES],
  ['win32', WINDOWS_PROBES],
  ['darwin', MACOS_PROBES],
  ['freebsd', FREEBSD_PROBES],
]);

/** What can be asked on `platform`, in the order in which it is listed; nothing where its tools are not known. */
export function probesOf(platform: NodeJS.Platform): readonly Probe[] {
  return BY_PLATFORM.get(platform) ?? [];
}
