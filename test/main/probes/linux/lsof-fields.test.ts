import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lsofFieldsFormat, parseLsofFields } from '../../../../main/probes/linux/lsof-fields.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { hostileText } from '../../../support/mutations.ts';
import { countStates, growsLinearly, listSockets, socketsWith, socketText } from '../../../support/probes.ts';

const RECORDED = readFixtureText('linux/lsof-fields/pcLftPnT/stdout');
const OWN = readFixtureText('linux/lsof-fields/own/stdout');
const NUL = readFixtureText('linux/lsof-fields/F0/stdout');

function read(text: string) {
  return listSockets(parseLsofFields, text);
}

describe('lsof -F', () => {
  it('reads two processes with fifteen sockets each, full names and queues', () => {
    const { reading, sockets } = read(RECORDED);
    expect(countStates(sockets)).toEqual({
      LISTEN: 14,
      ESTABLISHED: 10,
      CLOSE_WAIT: 2,
      FIN_WAIT_2: 2,
      SYN_SENT: 2,
    });
    expect(reading).toMatchObject({ rows: 30, problems: [], truncated: false });
    const pids = sockets.map(({ holders }) => holders[0]?.pid);
    expect(pids.filter((pid) => pid === 12037)).toHaveLength(15);
    expect(pids.filter((pid) => pid === 12122)).toHaveLength(15);
    expect(socketsWith(sockets, '192.0.2.10:8080 > 192.0.2.20:41206')[0]).toMatchObject({
      sendQueue: 33624,
      holders: [{ process: 'web worker', fd: 17 }],
    });
    expect(socketsWith(sockets, 'LISTEN 0.0.0.0:9200')[0]).toMatchObject({
      receiveQueue: 2,
      holders: [{ fd: 8 }],
    });
  });

  it('reads the same with NUL and with line ends, users and inodes too', () => {
    const [lines, nul] = [read(OWN), read(NUL)];
    expect(nul.reading).toMatchObject({ rows: 19, problems: [] });
    expect(nul.sockets.map(socketText)).toEqual(lines.sockets.map(socketText));
    expect(nul.sockets[0]).toMatchObject({ uid: 0, inode: 8012689, holders: [{ process: 'a"b,pid=1\\nx' }] });
  });

  it('skips other files and reports other lines', () => {
    const text =
      'p1\ncx\nfcwd\ntDIR\nn/\nf3\ntIPv4\nPUDP\nn*:53\nf4\ntIPv4\nPTCP\nnnonsense\n#?\nf5\ntIPv4\nPTCP\nn*:80\nTST=WHAT\n';
    const { reading, sockets } = read(text);
    expect(sockets).toMatchObject([{ state: 0, line: 15, details: new Map([['state', 'WHAT']]) }]);
    expect(reading.skipped).toEqual([
      { what: 'other files', count: 1 },
      { what: 'udp', count: 1 },
    ]);
    expect(reading.problems.map(({ line }) => line)).toEqual([14, 10, 15]);
  });

  it('C5: drops the last file when its fields may not be all there', () => {
    expect(read(OWN.trimEnd()).reading).toMatchObject({ rows: 18, truncated: true });
    expect(read('').reading).toMatchObject({ rows: 0, truncated: false });
  });

  it('never throws, and takes time in proportion to the text', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        expect(read(text).reading.format).toBe('lsof-fields');
      }),
    );
    expect(growsLinearly(parseLsofFields, RECORDED.repeat(100), RECORDED.repeat(1000))).toBe(true);
    expect(growsLinearly(parseLsofFields, '\0'.repeat(100_000), '\0'.repeat(1_000_000))).toBe(true);
  });

  it('is recognised with either end of fields', () => {
    for (const text of [RECORDED, OWN, NUL]) expect(lsofFieldsFormat.recognises(text)).toBeGreaterThan(0.5);
    for (const text of ['', 'p1\n', 'hello\n']) expect(lsofFieldsFormat.recognises(text)).toBe(0);
  });
});
