/** A second machine: a network namespace joined to a test's own by a cable, so that only one end of a connection is there. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { NamespaceChild, TestNamespace } from './namespace.ts';

/** The two ends of the cable; both prefixes are /24. */
export const HERE = '192.0.2.1';
export const THERE = '192.0.2.2';
/** An address of the cable's network that nobody answers for, though packets to it are sent: a black hole. */
export const NOBODY = '192.0.2.66';

const HOLDER = 'cat';
const OPEN_LIMIT_MS = 5000;

/** Where programs are started: a namespace, or its peer. */
export type Place = Pick<TestNamespace, 'spawn'>;

/** Opens a peer of the namespace; it ends with it. Throws with what went wrong. */
export async function openPeer(namespace: TestNamespace): Promise<Place> {
  const holder = namespace.spawn(['unshare', '--net', '--', HOLDER]);
  const pid = await waitForHolder(holder);
  const enter = ['nsenter', '--target', String(pid), '--net', '--'];
  const ip = (argv: string[]) => runOrThrow(namespace, ['ip', ...argv]);
  const ipThere = (argv: string[]) => runOrThrow(namespace, [...enter, 'ip', ...argv]);
  ip(['link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', String(pid)]);
  ip(['address', 'add', `${HERE}/24`, 'dev', 'cable']);
  ip(['link', 'set', 'cable', 'up']);
  ipThere(['address', 'add', `${THERE}/24`, 'dev', 'cable']);
  ipThere(['link', 'set', 'cable', 'up']);
  ipThere(['link', 'set', 'lo', 'up']);
  // A neighbour that is known and not there: without it the kernel itself would say "no route to host" after 3 s.
  ip(['neighbour', 'add', NOBODY, 'lladdr', '02:00:00:00:00:66', 'dev', 'cable', 'nud', 'permanent']);
  return { spawn: (argv, options) => namespace.spawn([...enter, ...argv], options) };
}

/** Why no peer can be made here; null when it can. Asks the kernel for a pair of network devices. */
export function peerMissing(): string | null {
  const flags = process.getuid?.() === 0 ? ['--net'] : ['--user', '--map-root-user', '--net'];
  const made = spawnSync(
    'unshare',
    [...flags, '--', 'ip', 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'end'],
    { encoding: 'utf8', timeout: OPEN_LIMIT_MS },
  );
  return made.status === 0 ? null : `no veth devices here (${made.stderr.trim()})`;
}

function runOrThrow(namespace: TestNamespace, argv: string[]): void {
  const { status, stderr } = namespace.run(argv);
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${stderr.trim()}`);
}

/** nsenter and unshare replace themselves by what they start, so its process id is the child's. */
async function waitForHolder(holder: NamespaceChild): Promise<number> {
  let complaint = '';
  holder.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const deadline = Date.now() + OPEN_LIMIT_MS;
  while (Date.now() < deadline && holder.exitCode === null) {
    if (holder.pid !== undefined && commandOf(holder.pid) === HOLDER) return holder.pid;
    await pause(5);
  }
  throw new Error(`cannot open the peer's namespace: ${complaint.trim()}`);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
