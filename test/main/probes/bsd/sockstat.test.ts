import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSockstat, sockstatFormat } from '../../../../main/probes/bsd/sockstat.ts';
import { readFixtureText, readSharedFixture } from '../../../support/fixtures.ts';
import { countStates, listSockets, socketText } from '../../../support/probes.ts';

describe('sockstat', () => {
  it('reads states and holders where the tool tells them; "?" is nobody', () => {
    const text = readFixtureText('freebsd/sockstat/46-s/stdout');
    const { reading, sockets } = listSockets(parseSockstat, text);
    expect(sockets.map(socketText)).toEqual([
      'ESTABLISHED 192.0.2.33:50000 > 198.51.100.10:443',
      'CLOSE_WAIT [2001:db8::33]:50001 > [2001:db8::10]:443',
      'LISTEN 0.0.0.0:22 > 0.0.0.0:0',
      'TIME_WAIT 192.0.2.33:50002 > 198.51.100.10:443',
    ]);
    expect(sockets.map(({ holders, uid }) => [holders[0] ?? null, uid])).toEqual([
      [{ pid: 913, process: 'nginx', fd: 7 }, null],
      [{ pid: 2911, process: 'my worker', fd: 12 }, 1001],
      [{ pid: 620, process: 'sshd', fd: 4 }, null],
      [null, null],
    ]);
    expect(reading).toMatchObject({
      system: 'freebsd',
      problemCount: 0,
      skipped: [
        { what: 'udp', count: 1 },
        { what: 'stream', count: 1 },
      ],
    });
    expect(sockstatFormat.recognises(text)).toBe(1);
  });

  it('without states, takes what is connected to nothing for listening and says of the others nothing', () => {
    const listening = listSockets(parseSockstat, readFixtureText('freebsd/sockstat/4l/stdout')).sockets;
    expect(countStates(listening)).toEqual({ LISTEN: 2 });
    const open = 'www nginx 913 7 tcp4 192.0.2.33:50000 198.51.100.10:443\n';
    expect(countStates(listSockets(parseSockstat, open).sockets)).toEqual({ UNKNOWN: 1 });
  });

  it('reports what it does not understand by its line, and goes on', () => {
    const { reading, sockets } = listSockets(
      parseSockstat,
      'www nginx 913 7 tcp4 192.0.2.33:99999 *:*\n%%%\nroot sshd 620 4 tcp4 *:22 *:*\n',
    );
    expect(sockets).toHaveLength(1);
    expect(reading.problems.map(({ line, why }) => [line, why])).toEqual([
      [1, 'an address is none'],
      [2, 'neither a heading nor a row of sockstat'],
    ]);
  });

  it('C5: drops a last row that is cut', () => {
    const text = readFixtureText('freebsd/sockstat/46-s/stdout');
    const until = text.indexOf('CLOSE_WAIT') + 5;
    const { reading, sockets } = listSockets(parseSockstat, text.slice(0, until));
    expect([sockets.length, reading.truncated]).toEqual([1, true]);
  });

  it('T1: shows a hostile command as text', () => {
    const { sockets } = listSockets(parseSockstat, 'root \u001b]0;x\u0007 1 tcp4 9 12 4 tcp4 *:22 *:*\n');
    expect(sockets[0]?.holders[0]?.process).toBe(String.raw`\x1b]0;x\x07 1 tcp4 9`);
  });

  it('never throws, and takes a long line for what it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void listSockets(parseSockstat, text)));
    expect(listSockets(parseSockstat, `a ${'b 1 '.repeat(2_500_000)}\n`).reading.problemCount).toBe(1);
  });

  it('reads 200,000 rows', () => {
    const text = 'www      httpd      913   4  tcp4   192.0.2.33:50000      198.51.100.10:443\n'.repeat(
      200_000,
    );
    expect(parseSockstat(text, () => undefined)).toMatchObject({ rows: 200_000, problemCount: 0 });
  });

  it('freebsd-sockstat-4l.txt has the counts of its manifest', ({ skip }) => {
    const found = readSharedFixture('freebsd-sockstat-4l.txt');
    const text = found.found ? new TextDecoder().decode(found.bytes) : skip(found.why);
    const { reading, sockets } = listSockets(parseSockstat, text);
    expect(countStates(sockets)).toEqual({ LISTEN: 15 });
    expect(reading).toMatchObject({ problemCount: 0, skipped: [{ what: 'udp', count: 1 }] });
    expect(sockets.filter(({ local }) => local.port === 80)).toHaveLength(11);
    expect(sockets[9]).toMatchObject({
      holders: [{ pid: 729, process: 'sendmail', fd: 3 }],
      local: { port: 25 },
      details: new Map([['user', 'root']]),
    });
    expect(socketText(sockets[13] ?? (undefined as never))).toBe('LISTEN 127.0.0.1:5901 > 0.0.0.0:0');
  });
});
