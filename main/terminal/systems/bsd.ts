import { unixEnvironment } from '../environment.ts';
import type { System } from '../system.ts';
import { GroupTree } from './group-tree.ts';

export function macosSystem(): System {
  return bsdSystem('/usr/sbin:/usr/bin:/sbin:/bin');
}

export function freebsdSystem(): System {
  return bsdSystem('/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin');
}

function bsdSystem(path: string): System {
  return {
    environment: () => unixEnvironment(path),
    directory: '/',
    hasSessions: true,
    holdsPtyOpen: true,
    visibleRefusal: () => null,
    treeOf: (leader) => new GroupTree(leader),
    leash: async () => [],
  };
}
