/**
 * Network namespaces of a test's own: nothing done inside is seen by the machine, and every port, setting and socket
 * of it goes when it is closed. Needs Linux with util-linux and iproute2; root, or unprivileged user namespaces.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio, SpawnSyncReturns } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

export interface NamespaceSettings {
  /** ip_local_port_range; the kernel's default when absent. */
  portRange?: { first: number; last: number };
  /** tcp_tw_reuse: 0 off, 1 all, 2 loopback (the kernel's default). */
  twReuse?: 0 | 1 | 2;
  /** ip_local_reserved_ports, for example "40010-40019". */
  reservedPorts?: string;
  /** tcp_max_tw_buckets. */
  twBuckets?: number;
  /** More addresses on lo, with their prefix: "192.0.2.7/32". Documentation addresses are not loopback to the kernel. */
  addresses?: string[];
}

export type NamespaceChild = ChildProcessByStdio<Writable, Readable, Readable>;

export interface NamespaceSpawnOptions {
  environment?: Record<string, string | undefined>;
  directory?: string;
}

export interface TestNamespace {
  /** argv that starts whatever follows it inside the namespace. */
  readonly enter: readonly string[];
  /** Runs a program to its end, 30 s at most. */
  run(
    argv: readonly string[],
    options?: NamespaceSpawnOptions & { input?: string },
  ): SpawnSyncReturns<string>;
  /** Starts a program in its own process group; ends with the namespace at the latest. */
  spawn(argv: readonly string[], options?: NamespaceSpawnOptions): NamespaceChild;
  /** Writes one setting below /proc/sys/net. */
  set(name: string, value: string): void;
  /** Kills everything inside and frees the namespace. */
  close(): Promise<void>;
}

const HOLDER = 'cat';
const OPEN_LIMIT_MS = 5000;
const RUN_LIMIT_MS = 30_000;
const CLOSE_LIMIT_MS = 5000;

/** Why no namespace can be made here, for the title of a skipped suite; null when they can. */
export function namespaceMissing(): string | null {
  if (process.platform !== 'linux') return `network namespaces need Linux, this is ${process.platform}`;
  for (const tool of ['unshare', 'nsenter', 'ip']) {
    if (spawnSync(tool, ['--version']).error && spawnSync(tool, ['-V']).error)
      return `${tool} is not installed`;
  }
  const tried = spawnSync('unshare', [...unshareFlags(), '--', 'ip', 'link', 'set', 'lo', 'up'], {
    encoding: 'utf8',
    timeout: OPEN_LIMIT_MS,
  });
  if (tried.status === 0) return null;
  return `no network namespace may be made here (${tried.stderr.trim().split('\n')[0] ?? 'no reason given'})`;
}

/** Opens a namespace with lo up and the settings applied. Throws with what went wrong; the caller closes it. */
export async function openNamespace(settings: NamespaceSettings = {}): Promise<TestNamespace> {
  // The holder reads a pipe from us: should this process be killed, it reads the end and the namespace is freed.
  const holder = spawn('unshare', [...unshareFlags(), '--', HOLDER], { stdio: ['pipe', 'ignore', 'pipe'] });
  const pid = await waitForHolder(holder);
  const namespace = new HeldNamespace(holder, pid);
  try {
    applySettings(namespace, settings);
  } catch (cause) {
    await namespace.close();
    throw cause;
  }
  return namespace;
}

class HeldNamespace implements TestNamespace {
  readonly enter: readonly string[];
  readonly #holder: ChildProcess;
  readonly #identity: string;
  readonly #children = new Set<ChildProcess>();

  constructor(holder: ChildProcess, pid: number) {
    this.#holder = holder;
    this.#identity = readlinkSync(`/proc/${pid}/ns/net`);
    const userFlags = isRoot() ? [] : ['--user', '--preserve-credentials'];
    this.enter = ['nsenter', '--target', String(pid), ...userFlags, '--net', '--'];
  }

  run(
    argv: readonly string[],
    options: NamespaceSpawnOptions & { input?: string } = {},
  ): SpawnSyncReturns<string> {
    const [program = '', ...rest] = [...this.enter, ...argv];
    const result = spawnSync(program, rest, {
      encoding: 'utf8',
      timeout: RUN_LIMIT_MS,
      maxBuffer: 64 * 1024 * 1024,
      cwd: options.directory,
      env: { ...process.env, ...options.environment },
      input: options.input,
    });
    if (result.error) throw new Error(`cannot run ${argv.join(' ')}`, { cause: result.error });
    return result;
  }

  spawn(argv: readonly string[], options: NamespaceSpawnOptions = {}): NamespaceChild {
    const [program = '', ...rest] = [...this.enter, ...argv];
    const child = spawn(program, rest, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      cwd: options.directory,
      env: { ...process.env, ...options.environment },
    });
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    child.stdin.on('error', ignoreClosedPipe);
    return child;
  }

  set(name: string, value: string): void {
    const path = `/proc/sys/net/${name}`;
    // A newline at least: zero bytes written to a setting change nothing.
    const result = this.run(['tee', path], { input: `${value}\n` });
    if (result.status !== 0) throw new Error(`cannot set ${path} to "${value}": ${result.stderr.trim()}`);
  }

  async close(): Promise<void> {
    for (const child of this.#children) killGroup(child.pid);
    const deadline = Date.now() + CLOSE_LIMIT_MS;
    while (this.#killInside() > 0 && Date.now() < deadline) await pause(20);
    this.#holder.stdin?.end();
    this.#holder.kill('SIGKILL');
  }

  /** Kills what is still in the namespace, whoever started it; gives how many there were. The holder stays. */
  #killInside(): number {
    let found = 0;
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || pid === this.#holder.pid || namespaceOf(pid) !== this.#identity) continue;
      found++;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone between the look and the signal.
      }
    }
    return found;
  }
}

function applySettings(namespace: TestNamespace, settings: NamespaceSettings): void {
  runOrThrow(namespace, ['ip', 'link', 'set', 'lo', 'up']);
  for (const address of settings.addresses ?? []) {
    runOrThrow(namespace, [
      'ip',
      'address',
      'add',
      address,
      'dev',
      'lo',
      ...(address.includes(':') ? ['nodad'] : []),
    ]);
  }
  const { portRange, twReuse, reservedPorts, twBuckets } = settings;
  if (portRange) namespace.set('ipv4/ip_local_port_range', `${portRange.first} ${portRange.last}`);
  if (twReuse !== undefined) namespace.set('ipv4/tcp_tw_reuse', String(twReuse));
  if (reservedPorts !== undefined) namespace.set('ipv4/ip_local_reserved_ports', reservedPorts);
  if (twBuckets !== undefined) namespace.set('ipv4/tcp_max_tw_buckets', String(twBuckets));
}

function runOrThrow(namespace: TestNamespace, argv: readonly string[]): void {
  const result = namespace.run(argv);
  if (result.status !== 0) throw new Error(`${argv.join(' ')}: ${result.stderr.trim()}`);
}

function unshareFlags(): string[] {
  return isRoot() ? ['--net'] : ['--user', '--map-root-user', '--net'];
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The holder's program runs only after unshare has made the namespace and its user map. */
async function waitForHolder(holder: ChildProcess): Promise<number> {
  let complaint = '';
  holder.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  holder.stdin?.on('error', ignoreClosedPipe);
  holder.once('error', (error) => (complaint += error.message));
  const deadline = Date.now() + OPEN_LIMIT_MS;
  while (Date.now() < deadline && holder.exitCode === null) {
    const { pid } = holder;
    if (pid !== undefined && commandOf(pid) === HOLDER) return pid;
    await pause(5);
  }
  holder.kill('SIGKILL');
  throw new Error(`cannot open a network namespace: ${complaint.trim()}`);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

function namespaceOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return null;
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}

function ignoreClosedPipe(): void {
  // A program that ended does not read on; what it said is on its other pipes.
}
