/** The terminal's child process as it is, with real commands: each waits for ever on a FIFO nobody writes to. */
import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FromTerminal, ToTerminal } from '../../../main/terminal/protocol.ts';
import { readFromTerminal } from '../../../main/terminal/read-messages.ts';
import type { RunRequest, RunWay } from '../../../main/terminal/run.ts';
import { findLeash } from '../../../main/terminal/systems/linux-leash.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const WORKER = at('../../../main/terminal/worker.ts');

let folder: string;
let fifo: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'terminal-'));
  fifo = join(folder, 'never-written');
  spawnSync('mkfifo', [fifo]);
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await expect.poll(hanging, { timeout: 6000 }).toEqual([]);
  rmSync(folder, { recursive: true });
});

const waits = (way: RunWay, more: Partial<RunRequest> = {}): RunRequest => ({
  tool: 'cat',
  argv: [fifo],
  way,
  limits: { timeoutMs: 60_000, silenceMs: 60_000, graceMs: 500 },
  ...more,
});

/** Pids of the commands that wait on the FIFO. */
function hanging(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && commandLineOf(pid).startsWith('/usr/bin/cat\0' + fifo));
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

class Terminal {
  readonly heard: FromTerminal[] = [];
  readonly child = fork(WORKER, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });

  constructor() {
    started.push(this.child);
    this.child.on('message', (raw) => {
      const message = readFromTerminal(raw);
      if (!message) throw new Error(`not a message of the protocol: ${JSON.stringify(raw)}`);
      this.heard.push(message);
    });
  }

  send(message: ToTerminal): void {
    this.child.send(message);
  }

  async ended(id: number) {
    const find = () => this.heard.find((message) => message.type === 'ended' && message.id === id);
    await expect.poll(find, { timeout: 5000 }).toBeDefined();
    const found = find();
    return found?.type === 'ended' ? found.result : null;
  }

  output(id: number): string {
    return this.heard
      .map((message) => (message.type === 'output' && message.id === id ? message.data : ''))
      .map((data) => Buffer.from(data, 'base64').toString('latin1'))
      .join('');
  }
}

describe.skipIf(process.platform !== 'linux')('the terminal’s process', () => {
  test('runs what it is asked to, both ways, and tells how it ended', async () => {
    const terminal = new Terminal();
    terminal.send({ type: 'run', id: 1, request: { tool: 'uname', argv: ['-s'], way: 'visible' } });
    terminal.send({ type: 'run', id: 2, request: { tool: 'uname', argv: ['-s'], way: 'quiet' } });
    expect(await terminal.ended(1)).toMatchObject({
      end: 'exited',
      exitCode: 0,
      stdoutBytes: 7,
      way: 'visible',
    });
    expect(await terminal.ended(2)).toMatchObject({
      end: 'exited',
      exitCode: 0,
      stdoutBytes: 6,
      way: 'quiet',
    });
    expect([terminal.output(1), terminal.output(2)]).toEqual(['Linux\r\n', 'Linux\n']);
    expect(terminal.heard[0]).toEqual({ type: 'ready', pid: terminal.child.pid });
  });

  test('cancels by id, and stops with all its runs when told to', async () => {
    const terminal = new Terminal();
    for (const [id, way] of (['quiet', 'visible', 'quiet', 'visible'] as const).entries()) {
      terminal.send({ type: 'run', id, request: waits(way) });
    }
    await expect.poll(hanging, { timeout: 5000 }).toHaveLength(4);
    terminal.send({ type: 'cancel', id: 0 });
    expect(await terminal.ended(0)).toMatchObject({ end: 'cancelled', signal: 'SIGTERM' });
    expect(hanging()).toHaveLength(3);
    const exit = once(terminal.child, 'exit');
    terminal.send({ type: 'stop' });
    expect(await exit).toEqual([0, null]);
    expect(hanging()).toEqual([]);
    expect(terminal.heard.filter(({ type }) => type === 'ended')).toHaveLength(4);
  });

  test('C8: nothing is left when the process that forked it is killed', async () => {
    const requests = JSON.stringify([waits('quiet'), waits('visible')]);
    const parent = spawn(process.execPath, [at('../../support/terminal/parent.mjs'), WORKER, requests], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    started.push(parent);
    const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
    await expect.poll(hanging, { timeout: 5000 }).toHaveLength(2);
    parent.kill('SIGKILL');
    await expect.poll(hanging, { timeout: 5000 }).toEqual([]);
    await expect.poll(() => commandLineOf(Number(printed.toString())), { timeout: 6000 }).toBe('');
  });

  test('a command that asked for it hears the terminal hang up when it is killed, and can put things back', async () => {
    const terminal = new Terminal();
    const put = join(folder, 'put-back');
    const script = 'trap \'echo back >"$1"; exit\' HUP; echo up; while :; do sleep 0.05; done';
    terminal.send({
      type: 'run',
      id: 1,
      request: { ...waits('visible'), tool: 'sh', argv: ['-c', script, 'sh', put], onParentDeath: 'hang-up' },
    });
    await expect.poll(() => terminal.output(1), { timeout: 5000 }).toBe('up\r\n');
    terminal.child.kill('SIGKILL');
    await expect.poll(() => existsSync(put) && readFileSync(put, 'utf8'), { timeout: 5000 }).toBe('back\n');
  });

  test('C8: nothing is left when it is killed itself', async ({ skip }) => {
    if ((await findLeash()).length === 0) skip('setpriv --pdeathsig is not to be had here');
    const terminal = new Terminal();
    terminal.send({ type: 'run', id: 1, request: waits('quiet') });
    terminal.send({ type: 'run', id: 2, request: waits('visible') });
    await expect.poll(hanging, { timeout: 5000 }).toHaveLength(2);
    terminal.child.kill('SIGKILL');
    await expect.poll(hanging, { timeout: 2000 }).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends its runs with it', async (signal) => {
    const terminal = new Terminal();
    terminal.send({ type: 'run', id: 1, request: waits('quiet') });
    await expect.poll(hanging, { timeout: 5000 }).toHaveLength(1);
    const exit = once(terminal.child, 'exit');
    terminal.child.kill(signal);
    expect(await exit).toEqual([0, null]);
    expect(hanging()).toEqual([]);
  });

  test('a hostile message does it no harm', async () => {
    const terminal = new Terminal();
    for (const message of [
      null,
      1,
      'run',
      [],
      { type: 'run' },
      { type: 'run', id: -1 },
      { type: 'no', id: 1 },
    ]) {
      terminal.child.send(message as never);
    }
    terminal.child.send({ type: 'run', id: 7, request: { tool: 'cat', argv: [1], way: 'quiet' } });
    terminal.send({ type: 'run', id: 8, request: { tool: 'bash', argv: ['-c', 'id'], way: 'quiet' } });
    terminal.send({ type: 'run', id: 9, request: { tool: 'uname', argv: [], way: 'quiet' } });
    expect(await terminal.ended(9)).toMatchObject({ end: 'exited' });
    expect(terminal.heard.filter(({ type }) => type === 'refused')).toEqual([
      { type: 'refused', id: 7, failure: expect.objectContaining({ code: 'invalid', field: 'argv' }) },
      { type: 'refused', id: 8, failure: expect.objectContaining({ code: 'invalid', field: 'tool' }) },
    ]);
  });
});
