import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absentFromError, recogniseError } from '../../../main/probes/errors.ts';
import { readFixtureText, readSharedFixture } from '../../support/fixtures.ts';

/** The blocks of linux/errors: command, output, exit status. */
function blocks(): { command: string; output: string }[] {
  const text = readFixtureText('linux/errors/6.18/stdout');
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((block) => ({
      command: block.slice(0, block.indexOf('\n')),
      output: block.slice(block.indexOf('\n') + 1).replace(/\[exit status \d+\]\n?$/, ''),
    }));
}

describe('recogniseError', () => {
  it('recognises each recorded failure of Linux tools and shells, in four languages', () => {
    const codes = blocks().map(({ command, output }) => [
      command.replace(/ +/g, ' '),
      recogniseError(output)?.code ?? null,
    ]);
    expect(codes).toEqual([
      ['netstat -tan (bash, not installed)', 'tool-missing'],
      ['ss -tan (interactive bash, not installed)', 'tool-missing'],
      ['ss -tan (sh = dash, not installed)', 'tool-missing'],
      ['netstat -tan (bash, LC_ALL=de_DE.UTF-8)', 'tool-missing'],
      ['netstat -tan (bash, LC_ALL=fr_FR.UTF-8)', 'tool-missing'],
      ['netstat -tan (bash, LC_ALL=ja_JP.UTF-8)', 'tool-missing'],
      ['sysctl -w net.ipv4.ip_local_port_range="1024 65000" (as nobody)', 'not-permitted'],
      ['cat /proc/net/nf_conntrack (as nobody)', 'not-permitted'],
      ['ss --tcpx', 'bad-argument'],
      ['netstat -Z9', 'unsupported'],
      ['ss -K dst 192.0.2.20 (as nobody)', 'not-permitted'],
      ['lsof -iTCP:99999', null],
      ['lsof -nP -iTCP:65000 (nothing matches: no output)', null],
    ]);
  });

  it.each([
    [
      'bash: Zeile 1: netstat: Kommando nicht gefunden.',
      'netstat is not installed there, or not where programs are looked for: install the package that brings it.',
    ],
    [
      'zsh: command not found: ss',
      'ss is not installed there, or not where programs are looked for: install the package that brings it.',
    ],
    [
      'cat: /proc/net/nf_conntrack: Permission denied',
      'The system refused access to /proc/net/nf_conntrack: run it as root.',
    ],
    [
      'cat: /proc/net/nf_conntrack: Datei oder Verzeichnis nicht gefunden',
      '/proc/net/nf_conntrack does not exist here: the kernel tracks no connections (module nf_conntrack is not loaded).',
    ],
    [
      'cat: /proc/4711/cgroup: No such file or directory',
      'Process 4711 has ended, or is hidden from this user (hidepid).',
    ],
    [
      "ls: cannot open directory '/proc/1/fd': Permission denied",
      'The system refused access to /proc/1/fd: run it as root.',
    ],
    [
      'SOCK_DESTROY answers: Operation not permitted',
      'The kernel refused to end the connections: that takes root (CAP_NET_ADMIN), and nothing was changed.',
    ],
    [
      "sysctl: error: 'net.foo' is an unknown key",
      'net.foo does not exist here: this kernel does not have it, or not in this network namespace.',
    ],
    [
      "nstat: unrecognized option '--bogus'",
      'This version of the tool does not know “--bogus”: a newer version may.',
    ],
    ['RTNETLINK answers: Invalid argument', 'This kernel does not answer that question (RTNETLINK).'],
    [
      'conntrack v1.4.7 (conntrack-tools): Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this',
      'The system refused access: run it as root.',
    ],
    [
      '(Für "-p": geteuid()=65534 konnte keine Information gelesen werden; sie sollten Root sein.)',
      'Processes of other users are not named: run it as root to see them all.',
    ],
  ])('says what to do about “%s”', (line, sentence) => {
    expect(recogniseError(`${line}\n`)?.sentence).toBe(sentence);
  });

  it('tells the weightiest of several', () => {
    const text = blocks().find(({ command }) => command.startsWith('ss -K'))?.output ?? '';
    expect(recogniseError(text)?.code).toBe('not-permitted');
    expect(recogniseError('cat: /a: No such file or directory\ncat: /b: Permission denied\n')?.code).toBe(
      'not-permitted',
    );
  });

  it.each([
    'ESTAB 0 0 10.0.0.1:22 10.0.0.2:50000 users:(("command not found",pid=1,fd=3))',
    'tcp        0      0 0.0.0.0:22   0.0.0.0:*  LISTEN   12/sh: ss: not found',
    'TCP: inuse 11 orphan 0 tw 3 alloc 29 mem 221',
    'net.ipv4.tcp_tw_reuse = 2',
    'kern.hostname: not found',
    '',
  ])('takes a line of data for no message: “%s”', (line) => {
    expect(recogniseError(line, 'linux')).toBeNull();
  });

  it('T1: a name in a message cannot carry escapes into the sentence', () => {
    const sentence = recogniseError('cat: /tmp/\u001b[2J\u202ex: Permission denied')?.sentence;
    expect(sentence).toBe('The system refused access to /tmp/\\x1b[2J\\u202ex: run it as root.');
  });

  it('knows the messages of Windows where the system is Windows or open, and only there', () => {
    const text =
      "'ss' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n";
    expect(recogniseError(text)?.code).toBe('tool-missing');
    expect(recogniseError('Access is denied.\r\n', 'windows')?.code).toBe('not-permitted');
    expect(recogniseError('Access is denied.\r\n', 'linux')).toBeNull();
  });

  const windows = readSharedFixture('win-errors-multilang.txt');
  it.skipIf(!windows.found)(
    `recognises each shared message of Windows${windows.found ? '' : ` (${windows.why})`}`,
    () => {
      const text = windows.found ? new TextDecoder().decode(windows.bytes) : '';
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      expect(lines.filter((line) => recogniseError(line) === null)).toEqual([]);
    },
  );

  const notices = readSharedFixture('linux-netstat-nonroot-en-de-fr.txt');
  it.skipIf(!notices.found)(
    `recognises the notice of netstat to a normal user${notices.found ? '' : ` (${notices.why})`}`,
    () => {
      const text = notices.found ? new TextDecoder().decode(notices.bytes) : '';
      const found = text.split('\n').filter((line) => line.startsWith('('));
      expect(found.length).toBe(3);
      expect(found.map((line) => recogniseError(line)?.code)).toEqual([
        'owners-hidden',
        'owners-hidden',
        'owners-hidden',
      ]);
    },
  );

  it('never throws, and is linear: 1 MB of one line and of many', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void recogniseError(text)));
    expect(recogniseError('ss: '.repeat(250_000))).toBeNull();
    expect(recogniseError("sysctl: '\n".repeat(100_000))).toBeNull();
  });
});

describe('absentFromError', () => {
  it('names the file and why it cannot be read', () => {
    expect(absentFromError('cat: /proc/net/sockstat6: No such file or directory')).toEqual({
      name: '/proc/net/sockstat6',
      why: 'it does not exist here',
    });
    expect(absentFromError("cat: can't open '/proc/nope': No such file or directory")).toEqual({
      name: '/proc/nope',
      why: 'it does not exist here',
    });
    expect(absentFromError('bash: ss: command not found')).toBeNull();
    expect(absentFromError('TCP: inuse 3')).toBeNull();
  });
});
