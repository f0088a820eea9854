/** All of the shared recordings, found out and read as a file that somebody mails in, against their manifest's figures. */
import { expect, it } from 'vitest';
import { TCP_STATE_NAMES, type TcpStateName } from '../../../main/core/model.ts';
import type { Fact } from '../../../main/core/readings.ts';
import { splitOutputs } from '../../../main/probes/split-outputs.ts';
import { decodeText } from '../../../main/sampling/imported/decode-text.ts';
import { readSharedFixture } from '../../support/fixtures.ts';

/** File, its TCP sockets by state, and its rows of UDP, as MANIFEST.md counts them. */
const LISTINGS: readonly [string, string, number][] = [
  ['win-netstat-ano-en-win10.txt', 'ESTABLISHED 13, LISTEN 38', 8],
  ['win-netstat-anob-en-win10.txt', 'ESTABLISHED 6, LISTEN 28', 4],
  ['win-netstat-anb-en-winxp.txt', 'LISTEN 4', 2],
  ['win-netstat-ano-de.txt', 'CLOSE_WAIT 1, ESTABLISHED 12, FIN_WAIT_2 1, LISTEN 15, TIME_WAIT 10', 5],
  ['win-netstat-tn-de-offload.txt', 'CLOSE_WAIT 1, ESTABLISHED 6, FIN_WAIT_2 1, TIME_WAIT 4', 0],
  ['win-netstat-ano-fr.txt', 'CLOSE_WAIT 3, ESTABLISHED 7, LISTEN 18, TIME_WAIT 6', 7],
  ['win-netstat-nabo-es-cp850.txt', 'ESTABLISHED 8, LISTEN 11, TIME_WAIT 4', 4],
  ['win-netstat-ano-ja.txt', 'LISTEN 5', 0],
  ['win-netstat-ano-zh-CN.txt', 'LISTEN 7', 0],
  ['win-netstat-ru.txt', 'ESTABLISHED 2, FIN_WAIT_2 6', 0],
  ['win-netstat-pt-BR.txt', 'CLOSE_WAIT 1, ESTABLISHED 14', 0],
  ['synth-win-netstat-ano-it.txt', 'ESTABLISHED 1, LISTEN 4', 1],
  ['win-ps-gettcp-table.txt', 'LISTEN 8', 0],
  ['win-ps-gettcp-table-wrapped.txt', 'LISTEN 2', 0],
  ['win-ps-gettcp-list.txt', 'LISTEN 1', 0],
  ['win-ps-gettcp-json-ps51.txt', 'LISTEN 2', 0],
  ['synth-win-ps-gettcp-csv.txt', 'BOUND 1, ESTABLISHED 2, LISTEN 1, TIME_WAIT 1', 0],
  ['linux-ss-tan-6.1.txt', 'CLOSE_WAIT 1, ESTABLISHED 7, FIN_WAIT_2 1, LISTEN 7, SYN_SENT 1, TIME_WAIT 3', 0],
  ['linux-ss-tan-6.1-client.txt', 'CLOSE_WAIT 1, ESTABLISHED 7, FIN_WAIT_2 1, SYN_SENT 2', 0],
  [
    'linux-ss-tanp-6.1.txt',
    'CLOSE_WAIT 1, ESTABLISHED 7, FIN_WAIT_2 1, LISTEN 7, SYN_SENT 1, TIME_WAIT 3',
    0,
  ],
  [
    'linux-ss-tanpoie-6.1.txt',
    'CLOSE_WAIT 1, ESTABLISHED 7, FIN_WAIT_2 1, LISTEN 7, SYN_SENT 1, TIME_WAIT 3',
    0,
  ],
  ['linux-ss-tno-state-timewait-6.1.txt', 'TIME_WAIT 3', 0],
  ['linux-ss-tno-ubuntu1804-timers.txt', 'CLOSE_WAIT 1, ESTABLISHED 3, FIN_WAIT_2 1', 0],
  ['linux-ss-tulpen-ubuntu1804.txt', 'LISTEN 10', 3],
  ['linux-ss-tulpen-cgroup-debian.txt', 'LISTEN 21', 2],
  [
    'linux-netstat-tanpo-en.txt',
    'CLOSE_WAIT 1, ESTABLISHED 7, FIN_WAIT_2 1, LISTEN 7, SYN_SENT 1, TIME_WAIT 3',
    0,
  ],
  [
    'linux-netstat-tanpo-de.txt',
    'CLOSE_WAIT 1, ESTABLISHED 7, FIN_WAIT_2 1, LISTEN 7, SYN_SENT 1, TIME_WAIT 3',
    0,
  ],
  [
    'linux-netstat-tanpo-fr.txt',
    'CLOSE_WAIT 1, ESTABLISHED 7, FIN_WAIT_2 1, LISTEN 7, SYN_SENT 1, TIME_WAIT 3',
    0,
  ],
  [
    'linux-netstat-tanpo-ja.txt',
    'CLOSE_WAIT 1, ESTABLISHED 7, FIN_WAIT_2 1, LISTEN 7, SYN_SENT 1, TIME_WAIT 3',
    0,
  ],
  [
    'linux-netstat-tanpo-pt_BR.txt',
    'CLOSE_WAIT 1, ESTABLISHED 7, FIN_WAIT_2 1, LISTEN 7, SYN_SENT 1, TIME_WAIT 3',
    0,
  ],
  ['linux-netstat-nonroot-en-de-fr.txt', 'ESTABLISHED 4, LISTEN 11', 0],
  ['linux-netstat-tupuna-es.txt', 'LISTEN 10', 5],
  ['linux-netstat-natp-it.txt', 'ESTABLISHED 8, LISTEN 6, TIME_WAIT 6', 0],
  ['linux-netstat-nao-zh-CN.txt', 'ESTABLISHED 1, LISTEN 7, SYN_SENT 2', 7],
  ['linux-netstat-tunlp-busybox-alpine312.txt', 'LISTEN 5', 0],
  [
    'linux-proc-net-tcp-6.18.txt',
    'CLOSE_WAIT 1, ESTABLISHED 4, FIN_WAIT_2 1, LISTEN 4, SYN_SENT 1, TIME_WAIT 2',
    0,
  ],
  ['linux-proc-net-tcp6-6.18.txt', 'ESTABLISHED 3, LISTEN 3, TIME_WAIT 1', 0],
  ['linux-proc-net-tcp-5x.txt', 'CLOSE_WAIT 1, ESTABLISHED 1, FIN_WAIT_1 6, LISTEN 4, TIME_WAIT 15', 0],
  ['linux-proc-net-tcp6-5x.txt', 'LISTEN 1, TIME_WAIT 7', 0],
  ['linux-lsof-nP-iTCP.txt', 'CLOSE_WAIT 2, ESTABLISHED 10, FIN_WAIT_2 2, LISTEN 14, SYN_SENT 2', 0],
  ['linux-lsof-F.txt', 'CLOSE_WAIT 2, ESTABLISHED 10, FIN_WAIT_2 2, LISTEN 14, SYN_SENT 2', 0],
  ['macos-netstat-an-osx1012.txt', 'ESTABLISHED 1, LISTEN 2', 3],
  ['macos-netstat-Abn-osx1014.txt', 'CLOSE_WAIT 6, ESTABLISHED 43', 1],
  ['macos-netstat-vanp-tcp-2021.txt', 'LISTEN 1, TIME_WAIT 1', 0],
  ['macos-netstat-anv-tcp-26.4.txt', 'ESTABLISHED 1, LISTEN 4', 0],
  ['macos-lsof-i-n-P.txt', 'ESTABLISHED 2, LISTEN 4', 2],
  ['freebsd-netstat-an-10.1.txt', 'CLOSE 1, CLOSE_WAIT 1, ESTABLISHED 4, LISTEN 17', 13],
  ['freebsd-sockstat-4l.txt', 'LISTEN 15', 1],
];
/** File, how many facts it tells, and some of them. */
const FACTS: readonly [string, number, string[]][] = [
  ['win-netsh-dynamicport-en.txt', 1, ['dynamic-ports 1024 64511']],
  ['win-netsh-dynamicport-fr.txt', 1, ['dynamic-ports 49152 16384']],
  ['win-netsh-excluded-en.txt', 9, ['1: 56638-56737', '2: 55679-55679*']],
  ['win-netsh-excluded-de.txt', 8, ['1: 49711-49810', '1: 28380-28380']],
  ['win-netsh-excluded-es.txt', 4, ['1: 1898-1997', '1: 50000-50059*']],
  ['win-netsh-excluded-zh-CN.txt', 14, ['1: 1203-1302', '1: 10362-10363*']],
  ['win-eventlog-4227-4231-en.txt', 2, ['event 4227', 'event 4231']],
  [
    'linux-ss-s-6.1.txt',
    21,
    [
      'ss Total sockets 24',
      'ss TCP sockets 32',
      'ss TCP estab 8',
      'ss TCP closed 15',
      'ss TCP orphaned 0',
      'ss TCP timewait 3',
      'ss table TCP Total 17',
      'ss table TCP IP 11',
      'ss table TCP IPv6 6',
    ],
  ],
  [
    'linux-ss-s-old-kernel-leak.txt',
    26,
    [
      'ss Total sockets 76052',
      'ss Total kernel 76254',
      'ss TCP sockets 75924',
      'ss TCP closed 75524',
      'ss TCP synrecv 0',
      'ss TCP timewait 173',
      'ss TCP ports 104',
      'ss table TCP Total 116',
    ],
  ],
  [
    'linux-proc-net-snmp-6.18.txt',
    82,
    [
      'Tcp ActiveOpens 1',
      'Tcp PassiveOpens 12',
      'Tcp AttemptFails 0',
      'Tcp CurrEstab 8',
      'Tcp RetransSegs 5',
      'Tcp MaxConn -1',
    ],
  ],
  [
    'linux-proc-net-snmp-old.txt',
    77,
    [
      'Tcp ActiveOpens 3556',
      'Tcp PassiveOpens 230',
      'Tcp AttemptFails 341',
      'Tcp EstabResets 161',
      'Tcp RetransSegs 227',
      'Tcp InErrs 5',
      'Tcp OutRsts 1003',
    ],
  ],
  [
    'linux-proc-net-netstat-6.18.txt',
    229,
    [
      'TcpExt TW 3',
      'TcpExt ListenOverflows 8',
      'TcpExt ListenDrops 8',
      'TcpExt TCPTimeouts 4',
      'TcpExt TCPSynRetrans 4',
      'TcpExt TCPTimeWaitOverflow 0',
    ],
  ],
  [
    'linux-proc-net-sockstat-sockstat6-6.18.txt',
    18,
    [
      'sockstat sockets used 18',
      'sockstat TCP inuse 11',
      'sockstat TCP tw 3',
      'sockstat TCP alloc 29',
      'sockstat TCP mem 221',
      'sockstat TCP6 inuse 6',
    ],
  ],
  [
    'linux-proc-net-sockstat-leak.txt',
    12,
    [
      'sockstat sockets used 75724',
      'sockstat TCP inuse 886',
      'sockstat TCP alloc 72134',
      'sockstat TCP mem 222',
    ],
  ],
  ['linux-proc-net-nf_conntrack.txt', 2, ['flow ESTABLISHED 88', 'flow ESTABLISHED 299']],
  ['linux-proc-net-stat-nf_conntrack.txt', 85, []],
  ['linux-conntrack-S.txt', 45, []],
  [
    'linux-sysctl-6.18-with-errors.txt',
    20,
    [
      'net.ipv4.ip_local_port_range = 32768 60999',
      'net.ipv4.ip_local_reserved_ports = ',
      'net.ipv4.tcp_tw_reuse = 2',
      'net.ipv4.tcp_max_tw_buckets = 131072',
      'net.netfilter.nf_conntrack_max = 262144',
    ],
  ],
  [
    'linux-sysctl-ubuntu1804.txt',
    29,
    [
      'net.ipv4.ip_local_port_range = 32768 60999',
      'net.core.somaxconn = 128',
      'net.ipv4.tcp_max_tw_buckets = 8192',
    ],
  ],
  [
    'macos-sysctl-osx1014.txt',
    16,
    [
      'net.inet.ip.portrange.first = 49152',
      'net.inet.ip.portrange.last = 65535',
      'net.inet.tcp.msl = 15000',
      'kern.ipc.somaxconn = 128',
    ],
  ],
  [
    'freebsd-sysctl-12.txt',
    24,
    [
      'net.inet.ip.portrange.first = 10000',
      'net.inet.ip.portrange.last = 65535',
      'net.inet.tcp.msl = 30000',
      'net.inet.tcp.maxtcptw = 12860',
      'net.inet.tcp.finwait2_timeout = 60000',
    ],
  ],
  ['win-errors-multilang.txt', 0, []],
  ['linux-errors.txt', 0, []],
  ['linux-nettools-state-words.txt', 0, []],
];

function read(name: string) {
  const fixture = readSharedFixture(name);
  if (!fixture.found) return fixture;
  const states = new Map<TcpStateName | undefined, number>();
  const facts: Fact[] = [];
  let udpCount = 0;
  let rows = 0;
  for (const { format, text } of splitOutputs(decodeText(fixture.bytes).text)) {
    const reading = format?.parse(text, ({ state }) => {
      const word = TCP_STATE_NAMES[state];
      states.set(word, (states.get(word) ?? 0) + 1);
    });
    rows += reading?.rows ?? 0;
    facts.push(...(reading?.facts ?? []));
    for (const { what, count } of reading?.skipped ?? []) if (/^udp6?$/i.test(what)) udpCount += count;
  }
  const byState = [...states].map(([word, count]) => `${word} ${count}`).sort();
  return { found: true as const, rows, byState: byState.join(', '), udpCount, facts: facts.map(say) };
}

function say(fact: Fact): string {
  switch (fact.kind) {
    case 'setting':
      return `${fact.name} = ${fact.value}`;
    case 'counter':
      return `${fact.group} ${fact.name} ${fact.value}`;
    case 'dynamic-ports':
      return `dynamic-ports ${fact.first} ${fact.count}`;
    case 'excluded-ports':
      return `${fact.run}: ${fact.range.first}-${fact.range.last}${fact.administered ? '*' : ''}`;
    case 'tracked-flow':
      return `flow ${fact.state} ${fact.timeoutSeconds}`;
    case 'event':
      return `event ${fact.id}`;
    default:
      return fact.kind;
  }
}

it.for(LISTINGS)('%s has %s, and %i rows of UDP', ([name, byState, udpCount], { skip }) => {
  const reading = read(name);
  if (!reading.found) return skip(reading.why);
  expect(reading).toMatchObject({ byState, udpCount });
});

it.for(FACTS)('%s has no socket and %i facts', ([name, factCount, some], { skip }) => {
  const reading = read(name);
  if (!reading.found) return skip(reading.why);
  expect(reading).toMatchObject({ rows: 0, facts: expect.arrayContaining(some) });
  expect(reading.facts).toHaveLength(factCount);
});
