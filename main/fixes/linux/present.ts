/** Linux: what the target of a step is now. */
import type { Known, Target } from '../../core/fixes/model.ts';
import { readWholeFile } from '../read-known.ts';
import { readLimit } from './limited-process.ts';
import { readLinuxSetting } from './state.ts';

/** `root` is where the machine's files begin: "" but in tests. A command has no value: it is absent. */
export function readLinuxTarget(target: Target, root: string): Known {
  switch (target.kind) {
    case 'sysctl':
      return readLinuxSetting(target.key, root);
    case 'file':
      return readWholeFile(`${root}${target.path}`);
    case 'descriptor-limit':
      return readLimit(target.pid, target.startTicks, root);
    case 'action':
      return { kind: 'absent' };
    default:
      return { kind: 'unknown', why: 'there is no such thing on Linux' };
  }
}
