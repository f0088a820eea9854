import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TcpState } from '../../../../main/core/model.ts';
import { createLinuxPlatform } from '../../../../main/sampling/linux/platform.ts';
import { openProcNetTcp } from '../../../../main/sampling/linux/proc-source.ts';
import { SocketTable } from '../../../../main/sampling/socket-table.ts';
import { readFixture, readFixtureText } from '../../../support/fixtures.ts';

const TCP = 'linux/proc-net-tcp/6.18/stdout';
const TCP6 = 'linux/proc-net-tcp6/6.18/stdout';

function procWith(files: Record<string, string | Uint8Array>): string {
  const root = mkdtempSync(join(tmpdir(), 'fourtuple-proc-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'net'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, 'net', name), content);
  return root;
}

function openOver(files: Record<string, string | Uint8Array>) {
  const opened = openProcNetTcp({ procRoot: procWith(files) });
  if (!opened.ok) throw new Error('the made-up /proc did not open');
  return opened.value;
}

describe('the /proc source', () => {
  it('puts both families into one table, each dump anew', () => {
    const source = openOver({ tcp: readFixture(TCP), tcp6: readFixture(TCP6) });
    const table = new SocketTable();
    source.dump(table);
    expect(source.dump(table)).toMatchObject({ ok: true, value: { source: 'proc', degradations: [] } });
    expect(table.length).toBe(20);
  });

  it('gives open connections only when asked for the living', () => {
    const source = openOver({ tcp: readFixture(TCP), tcp6: readFixture(TCP6) });
    const table = new SocketTable();
    source.dumpLive(table);
    const states = [...table.state.subarray(0, table.length)];
    expect([states.length, states.includes(TcpState.TIME_WAIT), states.includes(TcpState.LISTEN)]).toEqual([
      10,
      false,
      false,
    ]);
    expect([...table.inode.subarray(0, table.length)]).toContain(1880940);
  });

  it('reads a file much longer than its buffer', () => {
    const [heading = '', ...lines] = readFixtureText(TCP).trimEnd().split('\n');
    const body = lines.join('\n');
    const tcp = `${heading}\n${`${body}\n`.repeat(400)}`;
    const table = new SocketTable();
    openOver({ tcp }).dump(table);
    expect(table.length).toBe(13 * 400);
  });

  it('S8: without IPv6 there is nothing to say: the kernel has no such sockets', () => {
    expect(openOver({ tcp: readFixture(TCP) }).dump(new SocketTable())).toMatchObject({
      ok: true,
      value: { degradations: [] },
    });
  });

  it('says how many lines it did not understand and which is the first', () => {
    const tcp = `${readFixtureText(TCP)}garbage\nmore\n`;
    const dumped = openOver({ tcp }).dump(new SocketTable());
    expect(dumped).toMatchObject({ ok: true, value: { degradations: [{ code: 'proc-line-unreadable' }] } });
    expect(dumped.ok && dumped.value.degradations[0]?.sentence).toBe(
      '2 lines were not understood in /proc/net/tcp and left out, the first is line 15.',
    );
  });
});

describe('createLinuxPlatform', () => {
  it('S8: falls back to /proc and says why', () => {
    const platform = createLinuxPlatform({
      procRoot: procWith({ tcp: readFixture(TCP) }),
      forceSource: 'proc',
    });
    const opened = platform.openSource();
    expect(opened.ok && opened.value.source.name).toBe('proc');
    expect(opened.ok && opened.value.degradations[0]?.code).toBe('source-proc');
  });

  it('S8: with neither netlink nor /proc it cannot measure, and says both reasons', () => {
    const platform = createLinuxPlatform({ procRoot: '/nonexistent', forceSource: 'proc' });
    const opened = platform.openSource();
    expect(opened).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    expect(JSON.stringify(opened)).toMatch(/sock_diag: .*\/nonexistent\/net\/tcp: /);
  });

  it('reads the machine it runs on', () => {
    expect(createLinuxPlatform().reader.readTarget()).toMatchObject({ platform: 'linux' });
  });
});
