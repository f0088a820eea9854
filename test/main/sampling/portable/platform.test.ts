import { describe, expect, it } from 'vitest';
import { OwnerConfidence, SocketTimer, TcpState } from '../../../../main/core/model.ts';
import { choosePlatform } from '../../../../main/sampling/choose.ts';
import { sampleCommandsOf } from '../../../../main/sampling/portable/commands.ts';
import { createPortablePlatform } from '../../../../main/sampling/portable/platform.ts';
import { SocketTable } from '../../../../main/sampling/socket-table.ts';
import { FakeClock } from '../../../support/fake-platform.ts';
import { readFixtureText, readSharedFixture } from '../../../support/fixtures.ts';
import { scriptedRun, type ScriptedOutput } from '../../../support/scripted-run.ts';

const SYSCTL = readFixtureText('macos/sysctl/ports/stdout');
const LISTING = readFixtureText('macos/netstat/anv-tcp-process-pid/stdout');

function aMac(answers: Record<string, ScriptedOutput | null> = {}) {
  const clock = new FakeClock();
  const script = scriptedRun((commandLine) => {
    if (commandLine in answers) return answers[commandLine] ?? null;
    if (commandLine === 'netstat -anv -p tcp') return { stdout: LISTING };
    if (commandLine === 'netstat -s -p tcp') return { stdout: readFixtureText('macos/netstat/s-tcp/stdout') };
    if (commandLine.startsWith('sysctl')) return { stdout: SYSCTL };
    if (commandLine.startsWith('ps')) return { stdout: readFixtureText('macos/ps/pid-comm/stdout') };
    return null;
  });
  const commands = sampleCommandsOf('darwin');
  if (!commands) throw new Error('no commands for darwin');
  const platform = createPortablePlatform({
    commands,
    run: script.run,
    nowMs: clock.nowMs,
    monotonicMs: clock.monotonicMs,
  });
  const opened = platform.openSource();
  if (!opened.ok) throw new Error('not opened');
  const refresh = (signal = new AbortController().signal) =>
    platform.refresh?.(signal) ?? Promise.reject(new Error('no refresh'));
  return { platform, source: opened.value.source, refresh, asked: script.asked, clock };
}

describe('portable sampling', () => {
  it.each(['win32', 'darwin', 'freebsd', 'openbsd', 'linux'] as const)('knows commands for %s', (name) => {
    const commands = sampleCommandsOf(name);
    expect(commands?.sockets.group).toBe('sockets');
    expect(commands?.settings.length).toBeGreaterThan(0);
    expect(choosePlatform(name).ok).toBe(true);
  });

  it('says that it knows no commands for other systems', () => {
    expect(sampleCommandsOf('aix')).toBeNull();
    expect(choosePlatform('aix')).toMatchObject({
      ok: false,
      failure: { code: 'unsupported', what: 'live sampling on aix' },
    });
  });

  it('fills a table from the last listing: timers and queues as told, owners by pid and name', async () => {
    const { platform, source, refresh } = aMac();
    const table = new SocketTable();
    expect(source.dump(table)).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    expect(await refresh()).toEqual({ ok: true, value: true });
    expect(source.dump(table)).toMatchObject({ ok: true, value: { source: 'netstat', approximate: false } });
    expect(table.length).toBe(7);
    expect([...table.state.subarray(0, 3)]).toEqual([
      TcpState.ESTABLISHED,
      TcpState.TIME_WAIT,
      TcpState.TIME_WAIT,
    ]);
    expect([...table.timer.subarray(0, 3)]).toEqual([
      SocketTimer.unknown,
      SocketTimer.unknown,
      SocketTimer.unknown,
    ]);
    expect(platform.owners.owner(table.owner[0] ?? -1)).toMatchObject({
      pid: 4312,
      // The listing cuts names, the list of processes does not; what stands beside the socket counts.
      process: 'Google Chrome H',
      commandLine: '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    });
    expect([table.owner[1], table.ownerConfidence[1]]).toEqual([-1, OwnerConfidence.unknown]);
    expect(new Set(table.cookieLow.subarray(0, 7)).size).toBe(7);
  });

  it('reads settings every 30 s and names every 10 s, counters with every listing', async () => {
    const { refresh, asked, clock } = aMac();
    const tools = async () => {
      asked.length = 0;
      await refresh();
      return asked.map((line) => line.split(' ').slice(0, 2).join(' '));
    };
    expect(await tools()).toEqual(['netstat -anv', 'sysctl net.inet.ip.portrange', 'ps -axo', 'netstat -s']);
    clock.advance(9000);
    expect(await tools()).toEqual(['netstat -anv', 'netstat -s']);
    clock.advance(1000);
    expect(await tools()).toEqual(['netstat -anv', 'ps -axo', 'netstat -s']);
    clock.advance(20_000);
    expect(await tools()).toEqual(['netstat -anv', 'sysctl net.inet.ip.portrange', 'ps -axo', 'netstat -s']);
  });

  it('S8: keeps unknown apart from zero where a command fails, and says which', async () => {
    const { platform, refresh } = aMac({
      'netstat -s -p tcp': { stdout: '', stderr: 'netstat: sysctl: Operation not permitted', exitCode: 1 },
      [`sysctl ${sampleCommandsOf('darwin')?.settings[0]?.probe.argv.join(' ') ?? ''}`]: null,
    });
    await refresh();
    expect(platform.reader.readCounters().activeOpens).toBeNull();
    const { settings, degradations } = platform.reader.readSettings();
    expect(settings).toMatchObject({
      range: { first: 49152, last: 65535 },
      timeWaitSeconds: 30,
      scope: 'host',
    });
    expect(degradations.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['range-assumed', 'command-failed:macos.sysctl-ports']),
    );
  });

  it('tells settings, counters and the age of the TCP clock as the commands do', async () => {
    const { platform, refresh } = aMac();
    await refresh();
    expect(platform.reader.readCounters()).toMatchObject({ activeOpens: 32_114, passiveOpens: 1 });
    expect(platform.reader.readSettings().settings).toMatchObject({
      profileName: 'macOS 15.3.1',
      timeWaitBasis: 'setting',
    });
  });

  it('C5: gives the failure of a listing that ended badly, and none of its rows', async () => {
    const { source, refresh } = aMac({ 'netstat -anv -p tcp': { stdout: LISTING, end: 'timed-out' } });
    expect(await refresh()).toMatchObject({
      ok: false,
      failure: { code: 'unavailable', what: 'netstat -anv -p tcp' },
    });
    expect(source.dump(new SocketTable()).ok).toBe(false);
  });

  it('says which line a listing was not understood at', async () => {
    const { source, refresh } = aMac({ 'netstat -anv -p tcp': { stdout: 'Illegal instruction\n' } });
    await refresh();
    expect(source.dump(new SocketTable())).toEqual({
      ok: false,
      failure: { code: 'unreadable', source: 'netstat -anv -p tcp', line: 1, text: 'Illegal instruction' },
    });
  });

  it('reports lines it did not understand and addresses that were cut off', async () => {
    const cut = `${readFixtureText('macos/netstat/Abn-cut/stdout').split('Active LOCAL')[0] ?? ''}broken line\n`;
    const { source, refresh } = aMac({ 'netstat -anv -p tcp': { stdout: cut } });
    await refresh();
    const dumped = source.dump(new SocketTable());
    expect(dumped.ok && dumped.value.degradations.map(({ code }) => code)).toEqual([
      'listing:lines-not-understood',
      'listing:incomplete-rows',
    ]);
  });

  it('runs one refresh at a time, and ends one that is stopped', async () => {
    const { refresh, asked } = aMac();
    const abort = new AbortController();
    const both = Promise.all([refresh(), refresh(abort.signal)]);
    abort.abort();
    expect((await both).map(({ ok }) => ok)).toEqual([true, false]);
    expect(asked.filter((line) => line === 'netstat -anv -p tcp')).toHaveLength(2);
    expect(asked.indexOf('netstat -s -p tcp')).toBeLessThan(asked.lastIndexOf('netstat -anv -p tcp'));
  });

  it('has no quick look between listings', () => {
    expect(aMac().source.dumpLive(new SocketTable())).toMatchObject({
      ok: false,
      failure: { code: 'unsupported' },
    });
  });

  it('fills a table from the shared recording of macOS 26', async ({ skip }) => {
    const found = readSharedFixture('macos-netstat-anv-tcp-26.4.txt');
    const text = found.found ? new TextDecoder().decode(found.bytes) : skip(found.why);
    const { source, refresh } = aMac({ 'netstat -anv -p tcp': { stdout: text } });
    await refresh();
    const table = new SocketTable();
    source.dump(table);
    expect([table.length, table.localPort[0], table.remotePort[0]]).toEqual([5, 22, 33556]);
  });
});
