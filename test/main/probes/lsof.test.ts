import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lsofFormat, parseLsof } from '../../../main/probes/lsof.ts';
import { readFixtureText } from '../../support/fixtures.ts';
import { hostileText, mutatedLine } from '../../support/mutations.ts';
import {
  countStates,
  growsLinearly,
  itReadsShared,
  listSockets,
  socketsWith,
  socketText,
} from '../../support/probes.ts';

const HEADER = 'COMMAND     PID USER   FD   TYPE  DEVICE SIZE/OFF NODE NAME\n';
const RECORDED = readFixtureText('linux/lsof/nP-iTCP/stdout');
const QUEUES = readFixtureText('linux/lsof/Tqs/stdout');

function read(text: string) {
  return listSockets(parseLsof, text);
}

describe('lsof', () => {
  it('reads a row for each process that holds a socket, with the inode they share', () => {
    const { reading, sockets } = read(RECORDED);
    expect(countStates(sockets)).toEqual({
      LISTEN: 14,
      ESTABLISHED: 10,
      CLOSE_WAIT: 2,
      FIN_WAIT_2: 2,
      SYN_SENT: 2,
    });
    expect(reading).toMatchObject({ format: 'lsof', rows: 30, problems: [], truncated: false });
    expect(new Set(sockets.map(({ inode }) => inode)).size).toBe(15);
    expect(socketsWith(sockets, '192.0.2.10:8080 > 192.0.2.20:41206')[0]).toMatchObject({
      inode: 1880940,
      holders: [{ pid: 12037, process: 'web wo', fd: 17 }],
    });
    expect(socketsWith(sockets, 'LISTEN [::1]:9000 > [::]:0').map(({ holders }) => holders[0]?.pid)).toEqual([
      12037, 12122,
    ]);
  });

  it('reads the queues of -Tqs and a name that another tool would stumble over', () => {
    const { reading, sockets } = read(QUEUES);
    expect(reading).toMatchObject({ rows: 19, problems: [] });
    expect(socketsWith(sockets, 'CLOSE_WAIT')[0]).toMatchObject({
      receiveQueue: 1,
      sendQueue: 0,
      holders: [{ pid: 25807, process: 'a"b,pid=1', fd: 22 }],
    });
    expect(socketsWith(sockets, 'LISTEN [::]:9000')[0]?.family).toBe(6);
  });

  itReadsShared(
    'macos-lsof-i-n-P.txt',
    'reads macOS, skips UDP, and takes no kernel address for an inode',
    (text) => {
      const { reading, sockets } = read(text);
      expect(countStates(sockets)).toEqual({ LISTEN: 4, ESTABLISHED: 2 });
      expect(reading).toMatchObject({ problems: [], skipped: [{ what: 'udp', count: 2 }] });
      expect(socketsWith(sockets, '10.59.0.110:62031 > 203.0.113.12:443')[0]).toMatchObject({
        inode: null,
        details: new Map([['device', '0xb408514747714089']]),
        holders: [{ pid: 2238, process: 'NTKDaemon', fd: 51 }],
      });
      expect(socketsWith(sockets, '0.0.0.0:7000')[0]?.holders[0]?.process).toBe('ControlCe');
    },
  );

  it.each([
    [
      'COMMAND PID PPID USER FD TYPE DEVICE SIZE/OFF NODE NAME',
      'x 812 1 root 3u IPv4 99 0t0 TCP 10.0.0.1:80 (LISTEN)',
    ],
    [
      'COMMAND PID PGID PPID USER FD TYPE DEVICE SIZE/OFF NODE NAME',
      'x 812 7 1 root 3u IPv4 99 0t0 TCP 10.0.0.1:80 (LISTEN)',
    ],
    [
      'COMMAND PID TID TASKCMD USER FD TYPE DEVICE SIZE/OFF NODE NAME',
      'x 812 813 y root 3u IPv4 99 0t0 TCP 10.0.0.1:80 (LISTEN)',
    ],
    [
      'COMMAND PID TID TASKCMD USER FD TYPE DEVICE SIZE/OFF NODE NAME',
      'x 812 root 3u IPv4 99 0t0 TCP 10.0.0.1:80 (LISTEN)',
    ],
  ])('finds the pid among the columns of %s', (header, row) => {
    const { sockets } = read(`${header}\n${row}\n`);
    expect(sockets[0]).toMatchObject({ inode: 99, holders: [{ pid: 812, process: 'x', fd: 3 }] });
  });

  it('passes over files and notices, reports what it does not understand', () => {
    const text = `lsof: WARNING: can't stat() fuse file system /run/x\n      Output information may be incomplete.\n${HEADER}x 812 root cwd DIR 8,1 4096 2 /\nx 812 root 3u IPv4 99 0t0 TCP nonsense (LISTEN)\nwhat?\nx 812 root 4u IPv4 98 0t0 TCP *:80 (LISTEN)\n`;
    const { reading, sockets } = read(text);
    expect(sockets.map(({ inode }) => inode)).toEqual([98]);
    expect(reading.problems.map(({ line }) => line)).toEqual([5, 6]);
    expect(reading.skipped).toEqual([{ what: 'other files', count: 1 }]);
    expect(reading.facts).toHaveLength(2);
  });

  it('C5: drops a last row that is cut off', () => {
    for (const end of [
      'x 812 root 4u IPv4 98 0t0 TCP 10.0.0.1:8',
      'x 812 root 4u IPv4 98',
      'x 812 root 4u IPv4 98 0t0 TCP *:80 (LIST',
    ]) {
      expect(read(`${QUEUES}${end}`).reading).toMatchObject({ rows: 19, truncated: true, problems: [] });
    }
  });

  it('never throws, and loses at most the row that was damaged', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        expect(read(text).reading.format).toBe('lsof');
      }),
    );
    const before = read(RECORDED).sockets.map(({ line }) => line);
    fc.assert(
      fc.property(mutatedLine(RECORDED, 1), ({ lines, lineIndex }) => {
        const after = new Set(read(`${lines.join('\n')}\n`).sockets.map(({ line }) => line));
        expect(before.filter((line) => !after.has(line) && line !== lineIndex + 1)).toEqual([]);
      }),
    );
  });

  it.each([
    ['rows', RECORDED.repeat(2000)],
    ['header', `COMMAND PID${' '.repeat(1_000_000)}x\n`],
    ['sockets on a line', `x${' IPv4 1'.repeat(150_000)}\n`],
    ['words', `${'IPv4 '.repeat(200_000)}\n`],
  ])('takes time in proportion to the text: %s', (_, text) => {
    expect(growsLinearly(parseLsof, text.slice(0, text.length / 10), text)).toBe(true);
  });

  it('is recognised, and shows its rows without stray characters', () => {
    expect(lsofFormat.recognises(RECORDED)).toBe(1);
    expect(lsofFormat.recognises(QUEUES.slice(QUEUES.indexOf('\n') + 1))).toBeGreaterThan(0.5);
    expect(lsofFormat.recognises('PID COMMAND\n')).toBe(0);
    expect(read(QUEUES).sockets.map(socketText)[0]).toBe('LISTEN 0.0.0.0:8080 > 0.0.0.0:0');
  });
});
