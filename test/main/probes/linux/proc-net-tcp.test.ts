import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SocketTimer, TcpState } from '../../../../main/core/model.ts';
import { parseProcNetTcp, procNetTcpFormat } from '../../../../main/probes/linux/proc-net-tcp.ts';
import { parseProcNetTcp as decodeProcNetTcp } from '../../../../main/sampling/linux/proc-net-tcp.ts';
import { SocketTable } from '../../../../main/sampling/socket-table.ts';
import { formatRowAddress } from '../../../../main/core/address.ts';
import { readFixture, readFixtureText } from '../../../support/fixtures.ts';
import { hostileText, mutatedLine } from '../../../support/mutations.ts';
import {
  countStates,
  endpointText,
  growsLinearly,
  itReadsShared,
  listSockets,
  socketsWith,
} from '../../../support/probes.ts';

const TCP = readFixtureText('linux/proc-net-tcp/6.18/stdout');
const TCP6 = readFixtureText('linux/proc-net-tcp6/6.18/stdout');

function read(text: string) {
  return listSockets(parseProcNetTcp, text);
}

describe('/proc/net/tcp as text', () => {
  it('reads endpoints, queues, timers, users and inodes', () => {
    const { reading, sockets } = read(TCP);
    expect(countStates(sockets)).toEqual({
      LISTEN: 4,
      ESTABLISHED: 4,
      TIME_WAIT: 2,
      CLOSE_WAIT: 1,
      FIN_WAIT_2: 1,
      SYN_SENT: 1,
    });
    expect(reading).toMatchObject({ format: 'proc-net-tcp', rows: 13, problems: [], facts: [] });
    expect(socketsWith(sockets, '192.0.2.10:8080 > 192.0.2.20:41206')[0]).toMatchObject({
      state: TcpState.ESTABLISHED,
      sendQueue: 33624,
      receiveQueue: 0,
      uid: 0,
      inode: 1880940,
      timer: { kind: SocketTimer.probe },
    });
    expect(socketsWith(sockets, 'TIME_WAIT')[0]).toMatchObject({
      uid: null,
      inode: 0,
      timer: { kind: SocketTimer.timeWait, expiresMs: 55_610 },
    });
  });

  it('reads tcp6, mapped addresses as IPv4', () => {
    const { sockets } = read(TCP6);
    expect(countStates(sockets)).toEqual({ LISTEN: 3, ESTABLISHED: 3, TIME_WAIT: 1 });
    expect(socketsWith(sockets, '192.0.2.10:8443 > 192.0.2.20:57670')[0]).toMatchObject({
      family: 4,
      inode: 1880927,
    });
    expect(socketsWith(sockets, 'LISTEN [fe80::5eff:fe00:5301]:9100')[0]?.family).toBe(6);
  });

  it.each(['proc-net-tcp/6.18', 'proc-net-tcp/own', 'proc-net-tcp6/6.18', 'proc-net-tcp6/own'])(
    'says the same as the sampler reads from the bytes of %s',
    (name) => {
      const bytes = readFixture(`linux/${name}/stdout`);
      const table = new SocketTable();
      const at = { family: name.includes('tcp6') ? 6 : 4, firstLine: 1, isLast: true } as const;
      decodeProcNetTcp(bytes, bytes.length, at, table, { count: 0, line: 0, text: '' });
      const { sockets } = read(new TextDecoder().decode(bytes));
      const fromTable = Array.from({ length: table.length }, (_, row) => [
        table.state[row],
        table.family[row],
        formatRowAddress(table, row, 'local'),
        table.remotePort[row],
        table.inode[row],
        table.sendQueue[row],
      ]);
      const fromText = sockets.map(({ state, family, local, remote, inode, sendQueue }) => [
        state,
        family,
        endpointText(local).replace(/:\d+$/, '').replace(/[[\]]/g, ''),
        remote.port,
        inode,
        sendQueue,
      ]);
      expect(fromText).toEqual(fromTable);
    },
  );

  itReadsShared(
    'linux-proc-net-tcp-5x.txt',
    'reads captures one after the other and says how many',
    (text) => {
      const { reading, sockets } = read(text);
      expect(countStates(sockets)).toEqual({
        LISTEN: 4,
        CLOSE_WAIT: 1,
        FIN_WAIT_1: 6,
        TIME_WAIT: 15,
        ESTABLISHED: 1,
      });
      expect(reading).toMatchObject({ problems: [], facts: [{ name: 'captures', value: '2', line: 6 }] });
      expect(socketsWith(sockets, 'CLOSE_WAIT 192.168.42.128:54352')[0]).toMatchObject({
        receiveQueue: 82,
        inode: 149098,
        uid: 1000,
      });
    },
  );

  itReadsShared('linux-proc-net-tcp6-5x.txt', 'reads tcp6 of another kernel', (text) => {
    const { reading, sockets } = read(text);
    expect(countStates(sockets)).toEqual({ LISTEN: 1, TIME_WAIT: 7 });
    expect(reading).toMatchObject({ problems: [], facts: [] });
    expect(sockets.map(({ local }) => endpointText(local))).toContain('[2001:db8::3a4c]:59136');
    expect(socketsWith(sockets, 'LISTEN')[0]).toMatchObject({ inode: 23556, local: { port: 22 } });
  });

  it('takes tcp and tcp6 one after the other for one capture', () => {
    expect(read(TCP + TCP6).reading).toMatchObject({ rows: 20, problems: [], facts: [] });
    expect(read(TCP + TCP6 + TCP + TCP6).reading.facts).toMatchObject([{ value: '2' }]);
  });

  it('reports lines that are no rows and drops a cut last one', () => {
    const lines = TCP.split('\n');
    const { reading } = read([lines[0], 'what?', lines[1], lines[2]?.slice(0, 93)].join('\n'));
    expect(reading).toMatchObject({ rows: 1, truncated: true, problems: [{ line: 2 }] });
  });

  it('never throws, and loses at most the row that was damaged', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        expect(read(text).reading.format).toBe('proc-net-tcp');
      }),
    );
    const before = read(TCP).sockets.map(({ line }) => line);
    fc.assert(
      fc.property(mutatedLine(TCP, 1), ({ lines, lineIndex }) => {
        const after = new Set(read(`${lines.join('\n')}\n`).sockets.map(({ line }) => line));
        expect(before.filter((line) => !after.has(line) && line !== lineIndex + 1)).toEqual([]);
      }),
    );
  });

  it('takes time in proportion to the text, and is recognised', () => {
    expect(growsLinearly(parseProcNetTcp, TCP6.repeat(300), TCP6.repeat(3000))).toBe(true);
    expect(procNetTcpFormat.recognises(TCP)).toBe(1);
    expect(procNetTcpFormat.recognises(TCP6)).toBe(1);
    expect(procNetTcpFormat.recognises('sl local_address\n')).toBe(0);
  });
});
