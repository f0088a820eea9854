/** The built workbench, served as `npm run serve` serves it, and a page of a real browser that looks at it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import type { TestNamespace } from './namespace.ts';

/** Another build than the one in out/ where the variable names its folder. */
const BUILT = process.env.FOURTUPLE_OUT ?? fileURLToPath(new URL('../../out', import.meta.url));
const SERVE = join(BUILT, 'main/serve.js');
const START_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 5000;

export interface Served {
  readonly pid: number;
  /** The address as printed: it lets one browser in, once. */
  readonly url: string;
  /** What it wrote to stderr so far. */
  complaints(): string;
  /** Processes it started that still run: the sampler, normally one. */
  childPids(): number[];
  /** Resident memory of the process and those it started, bytes. */
  residentBytes(): number;
  /** SIGTERM, then waits; gives the exit status. */
  stop(): Promise<number | null>;
}

/** Why nothing can be served here, for a suite's title; null when it can. */
export function servedMissing(): string | null {
  return existsSync(SERVE) ? null : 'the workbench is not built (npm run build)';
}

/** What node is told to run. */
export function servedFile(): string {
  return SERVE;
}

export interface ServeOptions {
  /** Beside the test's own. */
  environment?: Record<string, string | undefined>;
  /** argv of what becomes the workbench: another user, a file system of its own. */
  through?: readonly string[];
}

/** Starts `serve`, inside the namespace if one is given, and waits for its address. Port 0 takes any free one. */
export async function startServed(
  namespace?: TestNamespace,
  port = 0,
  { environment, through = [] }: ServeOptions = {},
): Promise<Served> {
  const argv = [...through, process.execPath, SERVE, '--port', String(port)];
  const [program = '', ...rest] = argv;
  const child = namespace
    ? namespace.spawn(argv, { environment })
    : spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const url = await firstLine(child, () => complaints);
  const pid = child.pid ?? 0;
  return {
    pid,
    url,
    complaints: () => complaints,
    childPids: () => childrenOf(pid),
    residentBytes: () => residentBytes([pid, ...childrenOf(pid)]),
    stop: () => stop(child),
  };
}

/** Opens the workbench in a new page of the context. Its code works once: a second page needs a session or a new one. */
export async function openWorkbench(context: BrowserContext, served: Served): Promise<Page> {
  const page = await context.newPage();
  await page.goto(served.url);
  return page;
}

function firstLine(child: ChildProcess, complaints: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (why: string) => reject(new Error(`serve printed no address: ${why}; ${complaints()}`));
    const timer = setTimeout(() => fail(`nothing within ${START_LIMIT_MS} ms`), START_LIMIT_MS);
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => fail(`it ended with ${code}`));
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const line = /^(http:\/\/\S+)\n/m.exec(text);
      if (!line?.[1]) return;
      clearTimeout(timer);
      resolve(line[1]);
    });
  });
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  const code = await closed;
  clearTimeout(forced);
  return code;
}

/** Processes that one has started and that still run. Linux only; elsewhere none are found. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(Number),
    );
  } catch {
    return [];
  }
}

/** Memory of processes of one program: what each has of its own, and once the pages of files that they share. */
export function residentBytes(pids: readonly number[]): number {
  const parts = pids.map((pid) => {
    const status = statusOf(pid);
    const bytes = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
    return { own: bytes('RssAnon') + bytes('RssShmem'), files: bytes('RssFile') };
  });
  return parts.reduce((sum, { own }) => sum + own, Math.max(0, ...parts.map(({ files }) => files)));
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
