import { unixEnvironment } from '../environment.ts';
import type { System } from '../system.ts';
import { GroupTree } from './group-tree.ts';
import { makeKeeper } from './private-descriptors.ts';

export function macosSystem(): System {
  return {
    ...bsdSystem('/usr/sbin:/usr/bin:/sbin:/bin'),
    // Both node-pty and libuv start commands with POSIX_SPAWN_CLOEXEC_DEFAULT there.
    keepPrivate: async () => () => undefined,
  };
}

export function freebsdSystem(): System {
  return bsdSystem('/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin');
}

function bsdSystem(path: string): System {
  let keeper: ReturnType<typeof makeKeeper> | null = null;
  return {
    environment: () => unixEnvironment(path),
    directory: '/',
    hasSessions: true,
    holdsPtyOpen: true,
    visibleRefusal: () => null,
    treeOf: (leader) => new GroupTree(leader),
    keepPrivate: () => (keeper ??= makeKeeper()),
    leash: async () => [],
  };
}
