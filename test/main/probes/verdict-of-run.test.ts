import { describe, expect, it } from 'vitest';
import { probesOf } from '../../../main/probes/catalogue.ts';
import { LINUX_PROBES } from '../../../main/probes/linux/catalogue.ts';
import type { Probe } from '../../../main/probes/probe.ts';
import { judgeRun, type EndedRun } from '../../../main/probes/verdict-of-run.ts';
import { readFixtureText } from '../../support/fixtures.ts';

function probe(id: string): Probe {
  const found = LINUX_PROBES.find((candidate) => candidate.id === `linux.${id}`);
  if (found === undefined) throw new Error(`no probe ${id}`);
  return found;
}

const ENDED: EndedRun = { exitCode: 0, signal: null, end: 'exited', text: '', stderr: '' };
const judge = (id: string, run: Partial<EndedRun>) => judgeRun(probe(id), { ...ENDED, ...run });
const SNMP = readFixtureText('linux/proc-net-snmp/6.18/stdout');
const SS = readFixtureText('linux/pipelines/tan/stdout');

describe('judgeRun', () => {
  it('C5: is good with status 0, no signal and the expected shape', () => {
    expect(judge('proc-snmp', { text: SNMP })).toEqual({
      outcome: 'good',
      sentence: 'Ended with exit status 0.',
    });
    expect(judge('ss-tan', { text: SS })).toEqual({ outcome: 'good', sentence: 'Ended with exit status 0.' });
  });

  it('C5: output of another shape is no success, and the first line is named', () => {
    expect(judge('proc-snmp', { text: 'hello\nworld\n' })).toEqual({
      outcome: 'failed',
      sentence:
        'Ended with exit status 0. 2 lines were not understood, the first is line 1: no section name at its start.',
    });
    expect(judge('proc-snmp', { text: `${SNMP}hello\n` })).toMatchObject({
      outcome: 'partial',
      sentence: expect.stringContaining('1 line was not understood, the first is line 11'),
    });
  });

  it('C5: a cut last row makes it partial', () => {
    expect(judge('proc-snmp', { text: SNMP.slice(0, -5) })).toEqual({
      outcome: 'partial',
      sentence: 'Ended with exit status 0. Its last line is cut off and was left out.',
    });
  });

  it('no data is an answer where a probe says so, and a heading without rows always', () => {
    const none = {
      outcome: 'empty',
      sentence:
        'Ended with exit status 1. No data: nothing matches, or this user may not see it: all of it needs root, to see the sockets of other users.',
    };
    expect(judge('lsof-tcp', { exitCode: 1 })).toEqual(none);
    expect(judge('conntrack-list', {}).outcome).toBe('empty');
    expect(judge('ss-tan', { text: SS.split('\n')[0] + '\n' }).outcome).toBe('empty');
    expect(judge('proc-snmp', {})).toEqual({
      outcome: 'failed',
      sentence: 'Ended with exit status 0. It printed nothing, where a system that works prints something.',
    });
  });

  it('names the rights that are missing and how to ask with them', () => {
    const text = readFixtureText('linux/conntrack-list/refused/stdout');
    const sentence =
      'Ended with exit status 1. Not permitted. It needs root (CAP_NET_ADMIN) and the module nf_conntrack. Start a terminal as root, or with sudo before the command: fourtuple probe linux.conntrack-list.';
    expect(judge('conntrack-list', { exitCode: 1, text })).toEqual({ outcome: 'failed', sentence });
    expect(judge('conntrack-list', { exitCode: 1, stderr: text })).toEqual({ outcome: 'failed', sentence });
    expect(
      judge('proc-nf-conntrack', { exitCode: 1, stderr: 'cat: /proc/net/nf_conntrack: Permission denied\n' })
        .outcome,
    ).toBe('failed');
  });

  it('is not taken in by a tool that ends with 0 although it was refused', () => {
    const text =
      'SOCK_DESTROY answers: Operation not permitted\nRTNETLINK answers: Invalid argument\nNetid State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n';
    expect(judge('ss-tan', { text })).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringMatching(/^Ended with exit status 0\. Not permitted\./),
    });
  });

  it('says which settings do not exist, and keeps the others', () => {
    const text = readFixtureText('linux/sysctl/6.18-with-errors/stdout');
    expect(judge('sysctl-time-wait', { exitCode: 1, text })).toEqual({
      outcome: 'partial',
      sentence:
        'Ended with exit status 1. Not there: net.ipv4.tcp_max_orphans, net.ipv4.tcp_mem, net.ipv4.tcp_tw_recycle.',
    });
    const [values, errors] = [text.split('sysctl:')[0] ?? '', text.slice(text.indexOf('sysctl:'))];
    expect(judge('sysctl-time-wait', { exitCode: 1, text: values, stderr: errors }).outcome).toBe('partial');
  });

  it('a kernel that tracks no connections is no failure', () => {
    const stderr = 'cat: /proc/net/nf_conntrack: No such file or directory\n';
    expect(judge('proc-nf-conntrack', { exitCode: 1, stderr })).toEqual({
      outcome: 'empty',
      sentence:
        'Ended with exit status 1. /proc/net/nf_conntrack does not exist here: the kernel tracks no connections (module nf_conntrack is not loaded).',
    });
    expect(
      judge('proc-snmp', { exitCode: 1, stderr: 'cat: /proc/net/snmp: No such file or directory\n' }).outcome,
    ).toBe('failed');
  });

  it('hidden owners are said, and no fault', () => {
    const text = `(No info could be read for "-p": geteuid()=65534 but you should be root.)\n${readFixtureText('linux/pipelines/netstat-an/stdout').split('Active UNIX')[0]}`;
    expect(judge('netstat-tanp', { text })).toEqual({
      outcome: 'good',
      sentence:
        'Ended with exit status 0. Processes of other users are not named: run it as root to see them all.',
    });
  });

  it.each([
    [{ exitCode: null, signal: 'SIGKILL', end: 'signalled' }, 'Ended by signal SIGKILL.'],
    [{ exitCode: 0, signal: 'SIGTERM', end: 'exited' }, 'Ended by signal SIGTERM.'],
    [
      { exitCode: null, signal: 'SIGTERM', end: 'timed-out', tookMs: 10_012 },
      'Stopped after 10 s: it had not come to an end.',
    ],
    [
      { exitCode: null, signal: 'SIGTERM', end: 'silent', tookMs: 2500 },
      'Stopped after 2.5 s: it printed nothing more.',
    ],
    [
      { exitCode: null, signal: 'SIGTERM', end: 'too-much-output', tookMs: 400 },
      'Stopped after 400 ms: it printed more than is kept.',
    ],
    [{ exitCode: null, signal: 'SIGTERM', end: 'line-too-long' }, 'Stopped: it printed a line without end.'],
    [
      { exitCode: null, signal: 'SIGTERM', end: 'too-many-lines' },
      'Stopped: it printed more lines than are read.',
    ],
    [{ exitCode: null, signal: null, end: 'exited' }, 'Ended without an exit status.'],
  ] as const)('C5, C6: %j is never good', (run, sentence) => {
    expect(judge('proc-snmp', run)).toEqual({
      outcome: 'failed',
      sentence: `${sentence} It printed nothing of use.`,
    });
    expect(judge('proc-snmp', { ...run, text: SNMP })).toEqual({
      outcome: 'partial',
      sentence: `${sentence} What it printed until then is not all.`,
    });
  });

  it('a run that a person stopped is cancelled, whatever it printed', () => {
    expect(judge('ss-tan', { end: 'cancelled', exitCode: null, signal: 'SIGTERM', text: SS })).toEqual({
      outcome: 'cancelled',
      sentence: 'Stopped on request.',
    });
  });

  it('a status that means failure is one, with the reason where it is known', () => {
    expect(
      judge('nstat', { exitCode: 255, stderr: "nstat: unrecognized option '--x'\nUsage: nstat\n" }),
    ).toEqual({
      outcome: 'failed',
      sentence:
        'Ended with exit status 255. This version of the tool does not know “--x”: a newer version may.',
    });
    expect(judge('nstat', { exitCode: 3 }).sentence).toBe('Ended with exit status 3. It printed no reason.');
    expect(judge('nstat', { exitCode: 127 }).sentence).toBe(
      'Ended with exit status 127. nstat is not installed here.',
    );
  });

  it('takes a reading that exists already instead of parsing again', () => {
    const reading = probe('proc-snmp').parse(SNMP, () => undefined);
    expect(judge('proc-snmp', { text: 'x', reading }).outcome).toBe('good');
  });

  it('a process named like a message is data', () => {
    const text = `${SS}ESTAB 0 0 192.0.2.10:40000 192.0.2.10:8080 users:(("Permission denied",pid=1,fd=3))\n`;
    expect(judge('ss-tan', { text }).outcome).toBe('good');
  });
});

describe('probesOf', () => {
  it('knows the systems whose tools are known, each with probes of its own', () => {
    expect(probesOf('linux')).toBe(LINUX_PROBES);
    expect(probesOf('win32').every(({ platform }) => platform === 'windows')).toBe(true);
    expect(probesOf('darwin').every(({ platform }) => platform === 'macos')).toBe(true);
    expect(probesOf('freebsd').every(({ platform }) => platform === 'freebsd')).toBe(true);
    expect(probesOf('aix')).toEqual([]);
  });

  it.each(['linux', 'win32', 'darwin', 'freebsd'] as const)(
    '%s has unique ids and some misleading commands',
    (platform) => {
      const probes = probesOf(platform);
      expect(new Set(probes.map(({ id }) => id)).size).toBe(probes.length);
      expect(probes.some(({ group, folklore }) => group === 'misleading' && folklore !== undefined)).toBe(
        true,
      );
      for (const { group, folklore } of probes) expect(group === 'misleading').toBe(folklore !== undefined);
    },
  );
});
