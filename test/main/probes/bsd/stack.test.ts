import { describe, expect, it } from 'vitest';
import { parseBsdProcesses } from '../../../../main/probes/bsd/processes.ts';
import { MACOS_CLOCK_LIMIT_SECONDS, deriveBsdStack } from '../../../../main/probes/bsd/stack.ts';
import { parseSysctl } from '../../../../main/probes/sysctl.ts';
import type { Fact } from '../../../../main/core/readings.ts';
import { readFixtureText, readSharedFixture } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

const factsOf = (text: string): Fact[] => listSockets(parseSysctl, text).reading.facts;

describe('what the sysctls of macOS and FreeBSD imply', () => {
  it.for([
    [
      'macos-sysctl-osx1014.txt',
      'macos',
      { range: { first: 49152, last: 65535 }, timeWaitSeconds: 30, scope: 'host' },
    ],
    ['freebsd-sysctl-12.txt', 'freebsd', { range: { first: 10000, last: 65535 }, timeWaitSeconds: 60 }],
  ] as const)('%s gives range and hold of its manifest', ([name, system, expected], { skip }) => {
    const found = readSharedFixture(name);
    const text = found.found ? new TextDecoder().decode(found.bytes) : skip(found.why);
    expect(deriveBsdStack(system, factsOf(text))).toMatchObject({
      ...expected,
      timeWaitBasis: 'setting',
      isRangeKnown: true,
    });
  });

  it('takes first and last, not hifirst and hilast, in either order', () => {
    const facts = factsOf(
      'net.inet.ip.portrange.hifirst: 49152\nnet.inet.ip.portrange.hilast: 65535\nnet.inet.ip.portrange.first: 60000\nnet.inet.ip.portrange.last: 20000\nnet.inet.tcp.msl: 5000\n',
    );
    expect(deriveBsdStack('macos', facts)).toMatchObject({
      range: { first: 20000, last: 60000 },
      timeWaitSeconds: 10,
      notes: [],
    });
  });

  it('says what it assumes where nothing is told, and believes no nonsense', () => {
    const stack = deriveBsdStack(
      'macos',
      factsOf('net.inet.tcp.msl: 99999999\nnet.inet.ip.portrange.first: x\n'),
    );
    expect(stack).toMatchObject({
      range: { first: 49152, last: 65535 },
      isRangeKnown: false,
      timeWaitSeconds: 30,
      timeWaitBasis: 'documented',
    });
    expect(stack.notes).toHaveLength(2);
  });

  it('counts ports of the whole host on FreeBSD before 13, of each destination since', () => {
    const scopeOf = (release: string) => deriveBsdStack('freebsd', factsOf(`kern.osrelease: ${release}\n`));
    expect(scopeOf('12.4-RELEASE')).toMatchObject({ scope: 'host', profileName: 'FreeBSD 12.4' });
    expect(scopeOf('14.1-RELEASE-p3')).toMatchObject({ scope: 'destination', profileName: 'FreeBSD 14.1' });
    expect(deriveBsdStack('freebsd', []).notes.at(-1)).toContain('kern.osrelease');
  });

  it('suspects the TCP clock of a Mac that is up for 49.7 days, not of one that is not, nor of FreeBSD', () => {
    const bootSeconds = 1_763_000_000;
    const facts = factsOf(readFixtureText('macos/sysctl/ports/stdout'));
    const after = (seconds: number) => (bootSeconds + seconds) * 1000;
    expect(deriveBsdStack('macos', facts, after(MACOS_CLOCK_LIMIT_SECONDS - 1)).isClockSuspect).toBe(false);
    const stack = deriveBsdStack('macos', facts, after(60 * 86_400));
    expect(stack).toMatchObject({
      isClockSuspect: true,
      uptimeSeconds: 60 * 86_400,
      profileName: 'macOS 15.3.1',
    });
    expect(stack.clockNote).toContain('more than 49.7 days');
    expect(stack.notes).toEqual([]);
    expect(deriveBsdStack('freebsd', facts, after(60 * 86_400)).isClockSuspect).toBe(false);
    expect(deriveBsdStack('macos', facts, after(-5)).uptimeSeconds).toBeNull();
  });
});

describe('ps of macOS and the BSDs', () => {
  it('names each process by the last part of its path', () => {
    const { reading } = listSockets(parseBsdProcesses, readFixtureText('macos/ps/pid-comm/stdout'));
    expect(reading.facts.map((fact) => (fact.kind === 'process' ? [fact.pid, fact.name] : null))).toEqual([
      [1, 'launchd'],
      [640, 'ControlCenter'],
      [4312, 'Google Chrome'],
      [9999, 'login -fp'],
    ]);
  });

  it('reports a line without a pid', () => {
    const { reading } = listSockets(parseBsdProcesses, '  PID COMM\nps: illegal option\n 12 a\n');
    expect([reading.problemCount, reading.facts.length]).toEqual([1, 1]);
  });
});
