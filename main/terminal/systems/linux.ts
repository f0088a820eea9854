import { unixEnvironment } from '../environment.ts';
import type { System } from '../system.ts';
import { uvGate } from '../uv-gate.ts';
import { findLeash } from './linux-leash.ts';
import { LinuxTree } from './linux-tree.ts';
import { makeKeeper } from './private-descriptors.ts';

export function linuxSystem(): System {
  let leash: Promise<readonly string[]> | null = null;
  let keeper: ReturnType<typeof makeKeeper> | null = null;
  return {
    environment: () => unixEnvironment('/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin'),
    directory: '/',
    hasSessions: true,
    holdsPtyOpen: true,
    visibleRefusal: () => uvGate(process.versions.uv),
    treeOf: (leader) => new LinuxTree(leader),
    keepPrivate: () => (keeper ??= makeKeeper()),
    leash: () => (leash ??= findLeash()),
  };
}
