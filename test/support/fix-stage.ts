/**
 * The stage of a test that changes settings in earnest: a namespace, the workbench with a journal in a folder of its own
 * and an /etc/sysctl.d that nobody else sees, and a browser. It can be killed, like the helper, and started again.
 */
import { chownSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { FixUser } from './fix-user.ts';
import type { NamespaceSettings, TestNamespace } from './namespace.ts';
import { namespaceMissing } from './namespace.ts';
import { openWorkbench, startServed } from './served.ts';
import type { ServeOptions, Served } from './served.ts';
import { SERVE_PORT, currentDoor, openStage, stageMissing } from './stage.ts';
import type { Stage, StageOptions } from './stage.ts';

export interface FixStageOptions extends Omit<StageOptions, 'serve' | 'settings' | 'flags'> {
  settings: NamespaceSettings;
  /** Who runs the workbench; absent: whoever runs the test. */
  user?: FixUser;
}

export interface FixStage extends Stage {
  readonly namespace: TestNamespace;
  /** Of XDG_STATE_HOME. */
  readonly stateFolder: string;
  /** A setting below /proc/sys/net, whole: "20000\t20599\n". */
  setting(name: string): string;
  /** Processes of the helper: the script, and what it waits with. */
  helperPids(): number[];
  /** kill -9 of the workbench; its children are left to find out by themselves. */
  killServed(): Promise<void>;
  /** kill -9 of workbench and helper, as if at one moment. */
  killBoth(): Promise<void>;
  /** The workbench again, after it was killed, in a new page. */
  restart(): Promise<Page>;
}

/** Why none of this can be tried here, for a suite's title; null when it can. */
export function fixStageMissing(): string | null {
  return stageMissing() ?? namespaceMissing();
}

/** Whatever is kept for good is kept in a folder that goes with the process. */
const OWN_ETC = `[ ! -d /etc/sysctl.d ] || mount -t tmpfs none /etc/sysctl.d || exit 1; exec "$@"`;
/** The browser is the test's own user; what it opens is passed on by the one whose workbench it is. */
const FORWARD_PORT = SERVE_PORT + 1;
const FORWARD = fileURLToPath(new URL('./forward.mjs', import.meta.url));
const FORWARDING = '"$1" "$2" "$3" "$4" </dev/null >/dev/null 2>&1 & shift 4; exec "$@"';
const KILL_LIMIT_MS = 5000;

export async function openFixStage({ settings, user, ...options }: FixStageOptions): Promise<FixStage> {
  const isServed = currentDoor() === 'web';
  const stateFolder = mkdtempSync(join(tmpdir(), 'fourtuple-fix-'));
  if (user) chownSync(stateFolder, user.uid, user.gid);
  const serve: ServeOptions = {
    environment: { XDG_STATE_HOME: stateFolder, ...(user && { HOME: stateFolder, USER: user.name }) },
    through: ['unshare', '--mount', 'sh', '-c', OWN_ETC, 'sh', ...(user ? asUser(user, isServed) : [])],
  };
  const flags =
    user && isServed ? [`--host-resolver-rules=MAP 127.0.0.1:${SERVE_PORT} 127.0.0.1:${FORWARD_PORT}`] : [];
  const stage = await openStage({ ...options, settings, serve, flags });
  const { namespace } = stage;
  if (namespace === null) throw new Error('no namespace could be made');
  return new KillableStage(stage, namespace, serve, stateFolder);
}

function asUser({ become }: FixUser, isServed: boolean): string[] {
  if (!isServed) return [...become];
  const forward = [process.execPath, FORWARD, String(FORWARD_PORT), String(SERVE_PORT)];
  return [...become, 'sh', '-c', FORWARDING, 'sh', ...forward];
}

class KillableStage implements FixStage {
  readonly #first: Stage;
  readonly #serve: ServeOptions;
  readonly #again: Served[] = [];
  page: Page;
  readonly namespace: TestNamespace;
  readonly stateFolder: string;

  constructor(first: Stage, namespace: TestNamespace, serve: ServeOptions, stateFolder: string) {
    this.#first = first;
    this.#serve = serve;
    this.page = first.page;
    this.namespace = namespace;
    this.stateFolder = stateFolder;
  }

  get served(): Served {
    return this.#again.at(-1) ?? this.#first.served;
  }

  get door() {
    return this.#first.door;
  }

  get desktop() {
    return this.#first.desktop;
  }

  get overhear() {
    return this.#first.overhear;
  }

  get browser() {
    return this.#first.browser;
  }

  get openedAtMs(): number {
    return this.#first.openedAtMs;
  }

  get troubles() {
    return this.#first.troubles;
  }

  get startLoad() {
    return this.#first.startLoad;
  }

  shoot(name: string): Promise<void> {
    return this.#first.shoot(name, this.page);
  }

  setting(name: string): string {
    return this.namespace.run(['cat', `/proc/sys/net/${name}`]).stdout;
  }

  helperPids(): number[] {
    const inside = readlinkSync(`/proc/${this.#anyPid()}/ns/net`);
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && isHelper(pid, inside));
  }

  async killServed(): Promise<void> {
    const { pid } = this.served;
    process.kill(pid, 'SIGKILL');
    await gone([pid]);
  }

  async killBoth(): Promise<void> {
    const { pid } = this.served;
    const helpers = this.helperPids();
    // Stopped first, so that neither sees the end of the other.
    process.kill(pid, 'SIGSTOP');
    for (const each of helpers) killOne(each);
    process.kill(pid, 'SIGKILL');
    await gone([pid, ...helpers]);
  }

  async restart(): Promise<Page> {
    const context = this.page.context();
    await this.page.close();
    const served = await startServed(this.namespace, SERVE_PORT, this.#serve);
    this.#again.push(served);
    this.page = await openWorkbench(context, served);
    return this.page;
  }

  async close(): Promise<void> {
    for (const served of this.#again.splice(0)) await served.stop();
    await this.#first.close();
    rmSync(this.stateFolder, { recursive: true, force: true });
  }

  /** A process that is in the namespace as long as it stands. */
  #anyPid(): number {
    return Number(this.namespace.enter[this.namespace.enter.indexOf('--target') + 1]);
  }
}

/** Its arguments end as main/fixes/helper.ts says; what the shell forks to wait has the same. */
function isHelper(pid: number, networkNamespace: string): boolean {
  try {
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const isNamed = argv.includes('fourtuple') && (argv.includes('hold') || argv.includes('take-back'));
    return isNamed && readlinkSync(`/proc/${pid}/ns/net`) === networkNamespace;
  } catch {
    return false;
  }
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone by itself meanwhile.
  }
}

async function gone(pids: readonly number[]): Promise<void> {
  const deadline = Date.now() + KILL_LIMIT_MS;
  while (pids.some(isAlive)) {
    if (Date.now() > deadline) throw new Error(`${pids.join(', ')} did not end`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A zombie is gone for everybody but its parent. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
