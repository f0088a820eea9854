/** A helper with the rights of a real sudo, as an unprivileged user: in our terminal, and in the person's own. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn, type IPty } from 'node-pty';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findFix } from '../../main/core/fixes/catalogue.ts';
import { scriptOf } from '../../main/core/fixes/script.ts';
import type { HelperCommand } from '../../main/fixes/helper.ts';
import { helperCommand } from '../../main/fixes/helper-command.ts';
import { sayHelperEnd } from '../../main/fixes/rights.ts';
import type { EndedRun } from '../../main/terminal/protocol.ts';
import { anInput, aState, summaryFor } from '../support/fixes.ts';
import { waitFor } from '../support/helper-run.ts';
import { openSudoStage, PASSWORD, sudoMissing, USERS, type SudoStage } from '../support/sudo-stage.ts';
import { TerminalAs } from '../support/terminal-as.ts';

const missing = sudoMissing();
const DRIVER = fileURLToPath(new URL('../support/foreground-run.ts', import.meta.url));
const BEFORE = ['32768\t60999\n', '\n'];
const AFTER = ['10240\t65535\n', '15432\n'];
const ASKS = 'Fourtuple asks for administrator rights. Password of ';

function script(): string {
  const parameters = { range: { first: 10_240, last: 65_535 }, reserve: [{ first: 15_432, last: 15_432 }] };
  const plan = findFix('linux-widen-range')?.plan(anInput(aState('linux'), parameters, summaryFor('linux')));
  const made = plan && scriptOf(plan, 'sh');
  if (!made?.ok) throw new Error('no script');
  return made.value;
}

function command(): HelperCommand {
  const made = helperCommand('sudo', script(), { kind: 'hold', seconds: 60 });
  if (!made.ok) throw new Error(JSON.stringify(made.failure));
  return made.value;
}

let stage: SudoStage;
let folder: string;
const terminals: TerminalAs[] = [];

function startAs(user: string): TerminalAs {
  const terminal = new TerminalAs(stage.enterAs(user), command());
  terminals.push(terminal);
  return terminal;
}

async function untilHolding(terminal: TerminalAs): Promise<void> {
  await terminal.printed(ASKS);
  terminal.type(`${PASSWORD}\n`);
  for (const step of [1, 2]) {
    await terminal.heard(`begin ${step}`);
    terminal.type(`go ${step}\n`);
  }
  await terminal.heard('holding');
}

function values(): string[] {
  const names = ['ip_local_port_range', 'ip_local_reserved_ports'];
  return names.map((name) => stage.namespace.run(['cat', `/proc/sys/net/ipv4/${name}`]).stdout);
}

function sayEnd({ exitCode }: EndedRun, printed: string): string {
  return sayHelperEnd('sudo', { kind: 'exited', exitCode: exitCode ?? -1 }, false, printed);
}

describe.skipIf(missing !== null)(`a helper through sudo${missing ? ` (skipped: ${missing})` : ''}`, () => {
  beforeAll(async () => {
    stage = await openSudoStage();
    folder = mkdtempSync(join(tmpdir(), 'fourtuple-sudo-'));
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'fix.sh'), script());
  });
  afterAll(async () => {
    await stage?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    for (const { child } of terminals.splice(0)) child.kill('SIGKILL');
  });

  describe.each([USERS.plain, USERS.open])('as %s', (user) => {
    it('asks in the terminal, applies, and takes back when it is told to', async () => {
      const terminal = startAs(user);
      await untilHolding(terminal);
      expect(values()).toEqual(AFTER);
      terminal.type('undo\n');
      expect(await terminal.ended()).toMatchObject({ end: 'exited', exitCode: 10 });
      expect(terminal.messages.slice(-3)).toEqual(['holding', 'undone 2', 'undone 1']);
      expect(values()).toEqual(BEFORE);
      // F11: neither the password nor our words are echoed.
      expect(terminal.text).not.toMatch(/kraftwerk|go 1|undo\b/);
      expect(terminal.text).toContain(`${ASKS}${user}: \n`);
    });

    it('takes back when the terminal’s process is killed', async () => {
      const terminal = startAs(user);
      await untilHolding(terminal);
      terminal.child.kill('SIGKILL');
      await expect.poll(values, { timeout: 5000 }).toEqual(BEFORE);
    });

    it('takes back when it is cancelled, though a signal may not be sent to it', async () => {
      const terminal = startAs(user);
      await untilHolding(terminal);
      terminal.post({ type: 'cancel', id: 1 });
      expect(await terminal.ended()).toMatchObject({ end: 'cancelled', exitCode: 4, survivors: [] });
      expect(terminal.messages.slice(-2)).toEqual(['undone 2', 'undone 1']);
      expect(values()).toEqual(BEFORE);
    });

    it('ends at once when it is cancelled while it asks', async () => {
      const terminal = startAs(user);
      await terminal.printed(ASKS);
      terminal.post({ type: 'cancel', id: 1 });
      expect(await terminal.ended()).toMatchObject({ end: 'cancelled', survivors: [] });
      expect([terminal.messages, values()]).toEqual([[], BEFORE]);
    });
  });

  it('F10: says that the password was wrong, and changes nothing', async () => {
    const terminal = startAs(USERS.plain);
    for (const attempt of [1, 2, 3]) {
      await waitFor('sudo to ask', () => terminal.text.split(ASKS).length > attempt);
      terminal.type('wrong\n');
    }
    const end = await terminal.ended();
    expect(sayEnd(end, terminal.text)).toBe(
      'The password was wrong too often. Nothing was changed. Apply again.',
    );
    expect([terminal.messages, values()]).toEqual([[], BEFORE]);
  });

  it('F10: says that the account may not use sudo, and changes nothing', async () => {
    const terminal = startAs(USERS.stranger);
    await terminal.printed(ASKS);
    terminal.type(`${PASSWORD}\n`);
    const end = await terminal.ended();
    expect(sayEnd(end, terminal.text)).toMatch(
      /^This account may not use sudo for it\. Nothing was changed\./,
    );
    expect([terminal.messages, values()]).toEqual([[], BEFORE]);
  });

  describe.each([USERS.plain, USERS.open])('in the own terminal of %s', (user) => {
    async function foreground(): Promise<{ terminal: IPty; text(): string }> {
      const [program = '', ...argv] = [
        ...stage.enterAs(user),
        process.execPath,
        DRIVER,
        join(folder, 'fix.sh'),
        'sudo',
      ];
      const terminal = spawn(program, argv, { name: 'dumb', cols: 100, rows: 40, env: {} });
      let text = '';
      terminal.onData((data) => (text += data));
      await waitFor('sudo to ask', () => text.includes(ASKS));
      terminal.write(`${PASSWORD}\r`);
      await waitFor('[holding]', () => text.includes('[holding]'));
      expect(values()).toEqual(AFTER);
      return { terminal, text: () => text };
    }

    it('sudo asks by itself; keep and undo are heard', async () => {
      const { terminal, text } = await foreground();
      terminal.write('undo\r');
      await waitFor('the end', () => text().includes('[ended'));
      expect(text()).toContain('[undone 1]\r\n[ended {"ok":true,"value":{"exitCode":10,"signal":null}}]');
      expect(text()).not.toContain('kraftwerk');
      expect(values()).toEqual(BEFORE);
    });

    it('Ctrl-C takes back', async () => {
      const { terminal, text } = await foreground();
      terminal.write('\u0003');
      await waitFor('the end', () => text().includes('[ended'));
      expect(text()).toContain('"exitCode":4');
      expect(values()).toEqual(BEFORE);
    });

    it('takes back when we are killed, and when we are told to end', async () => {
      const first = await foreground();
      process.kill(first.terminal.pid, 'SIGKILL');
      await expect.poll(values, { timeout: 5000 }).toEqual(BEFORE);
      const second = await foreground();
      process.kill(second.terminal.pid, 'SIGTERM');
      await waitFor('the end', () => second.text().includes('[ended'));
      expect(values()).toEqual(BEFORE);
    });
  });
});
