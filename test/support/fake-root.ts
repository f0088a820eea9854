/** A folder that stands for the root of a machine: files by their absolute path. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { aFolder } from './journal.ts';

/** Makes the files in a folder that goes with the test, and says where. */
export function aRoot(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = aFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** /proc/PID of a process with that limit of open files, "1024 524288"; its name is one that misleads. */
export function aProcess(
  pid: number,
  {
    startTicks = 88_001,
    limits = '1024                 524288',
    state = 'S',
    unit = 'order-sync.service',
  } = {},
): Record<string, string> {
  const before = Array.from({ length: 18 }, (_, index) => String(index + 4));
  return {
    [`/proc/${pid}/stat`]: `${pid} (a) R 7 (b) ${state} ${before.join(' ')} ${startTicks} 1 2 3\n`,
    [`/proc/${pid}/comm`]: 'a) R 7 (b\n',
    [`/proc/${pid}/status`]: 'Name:\ta) R 7 (b\nUid:\t33\t33\t33\t33\n',
    [`/proc/${pid}/cgroup`]: `0::/system.slice/${unit}\n`,
    [`/proc/${pid}/limits`]: `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${limits}               files     \n`,
    [`/proc/${pid}/fd/0`]: '',
    [`/proc/${pid}/fd/1`]: '',
  };
}
