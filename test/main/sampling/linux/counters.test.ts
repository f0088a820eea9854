import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  parseCount,
  parseFileHandles,
  parseHeaderPairs,
  parseSockstat,
  readCounters,
} from '../../../../main/sampling/linux/counters.ts';
import { readFixtureText, readSharedFixture } from '../../../support/fixtures.ts';

function procWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'fourtuple-counters-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

describe('readCounters', () => {
  it('reads recorded files by name', () => {
    const sockstat = readFixtureText('linux/proc-net-sockstat/6.18/stdout');
    const root = procWith({
      'net/snmp': readFixtureText('linux/proc-net-snmp/6.18/stdout'),
      'net/netstat': readFixtureText('linux/proc-net-netstat/6.18/stdout'),
      'net/sockstat': sockstat,
      'net/sockstat6': sockstat,
      'sys/net/netfilter/nf_conntrack_count': '17\n',
      'sys/net/netfilter/nf_conntrack_max': '262144\n',
      'sys/fs/file-nr': '608\t0\t9223372036854775807\n',
    });
    expect(readCounters(root)).toEqual({
      activeOpens: 1,
      passiveOpens: 12,
      attemptFails: 0,
      establishedResets: 0,
      retransmittedSegments: 5,
      timeWaitEntered: 3,
      timeWaitRecycled: 0,
      timeWaitOverflow: 0,
      listenOverflows: 8,
      listenDrops: 8,
      socketStatTimeWait: 3,
      socketStatInUse: 11,
      socketStatInUse6: 6,
      orphans: 0,
      conntrackCount: 17,
      conntrackMax: 262144,
      fileHandlesUsed: 608,
      fileHandlesMax: 9223372036854775807,
    });
  });

  it('S8: gives null, never zero, for what cannot be read', () => {
    expect(new Set(Object.values(readCounters(procWith({}))))).toEqual(new Set([null]));
  });

  it('S8: gives null for a counter that this kernel does not have', () => {
    const root = procWith({ 'net/netstat': 'TcpExt: TW\nTcpExt: 5\n' });
    expect(readCounters(root)).toMatchObject({ timeWaitEntered: 5, timeWaitOverflow: null });
  });
});

describe('parsers of counters', () => {
  it('pairs 135 names of TcpExt with their values', () => {
    const sections = parseHeaderPairs(readFixtureText('linux/proc-net-netstat/6.18/stdout'));
    expect([
      sections.get('TcpExt')?.size,
      sections.get('IpExt')?.size,
      sections.get('MPTcpExt')?.size,
    ]).toEqual([135, 18, 76]);
    expect(sections.get('TcpExt')?.get('TCPSynRetrans')).toBe(4);
  });

  const older = readSharedFixture('linux-proc-net-snmp-old.txt');
  it.skipIf(!older.found)('reads the columns of an older kernel by name', () => {
    if (!older.found) return;
    const tcp = parseHeaderPairs(new TextDecoder().decode(older.bytes)).get('Tcp');
    expect([tcp?.get('ActiveOpens'), tcp?.get('RetransSegs'), tcp?.get('OutRsts')]).toEqual([
      3556, 227, 1003,
    ]);
  });

  const leak = readSharedFixture('linux-proc-net-sockstat-leak.txt');
  it.skipIf(!leak.found)('reads the sockstat of a machine that leaks sockets', () => {
    if (!leak.found) return;
    const tcp = parseSockstat(new TextDecoder().decode(leak.bytes)).get('TCP');
    expect([tcp?.get('inuse'), tcp?.get('alloc')]).toEqual([886, 72134]);
  });

  it('gives only the names that have a value when a pair is cut', () => {
    const tcp = parseHeaderPairs('Tcp: A B C\nTcp: 1 2\n').get('Tcp');
    expect([...(tcp ?? [])]).toEqual([
      ['A', 1],
      ['B', 2],
    ]);
  });

  it('T4: keeps hostile names in maps', () => {
    expect(parseHeaderPairs('Tcp: __proto__ constructor\nTcp: 1 2\n').get('Tcp')?.get('__proto__')).toBe(1);
  });

  it('reads file-nr, and nothing from something else', () => {
    expect([parseFileHandles('608\t0\t100\n'), parseFileHandles('608'), parseFileHandles('')]).toEqual([
      { used: 608, max: 100 },
      null,
      null,
    ]);
  });

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const parse of [parseHeaderPairs, parseSockstat, parseFileHandles, parseCount]) parse(text);
      }),
    );
  });
});
