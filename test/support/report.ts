/** What a report is made of: the design's incident with findings, transcripts and a few sockets; synthetic. */
import { RULES } from '../../main/core/findings/rules.ts';
import type { KnownNames, ReportInput, ReportTranscript } from '../../main/report/model.ts';
import { aFinding } from './findings.ts';
import { INCIDENT_AT_MS, incidentSummary, incidentTrend } from './incident.ts';

export const NO_NAMES: KnownNames = { hosts: [], files: [], processes: [], users: [] };

export function aReport(change: Partial<ReportInput> = {}): ReportInput {
  const trend = incidentTrend();
  return {
    version: '1.2.3',
    createdAtMs: INCIDENT_AT_MS + 4000,
    timeZone: 'UTC',
    summary: incidentSummary({ findings: incidentFindings() }),
    checks: RULES.map(({ id, title }) => ({ rule: id, title })),
    trends: [
      { title: 'Pool to 10.0.3.12:443 from 10.0.2.7', ...trend },
      { title: 'All pools', ...trend, forecast: null, capacity: null, slowFrom: null },
    ],
    transcripts: [aTranscript(), listenersTranscript()],
    changes: [],
    sockets: null,
    redactions: [],
    ...change,
  };
}

export function aTranscript(change: Partial<ReportTranscript> = {}): ReportTranscript {
  return {
    title: 'All TCP sockets, with processes and timers',
    figures: ['pool-used', 'sockets', 'consumers'],
    command: 'ss -tanpoie',
    startedAtMs: INCIDENT_AT_MS + 1000,
    tookMs: 44,
    end: 'Ended with exit status 0.',
    output: [
      'State      Recv-Q Send-Q Local Address:Port  Peer Address:Port Process',
      'TIME-WAIT  0      0      10.0.2.7:50314      10.0.3.12:443     timer:(timewait,59sec,0)',
      'ESTAB      0      0      10.0.2.7:50315      10.0.3.12:443     users:(("python3",pid=4312,fd=7)) uid:1000 ino:88120 sk:2a cgroup:/system.slice/order-sync.service',
      'ESTAB      0      0      [2001:db8::17]:40112 [2001:db8:0:3::20]:9200 users:(("java",pid=3055,fd=91))',
      '',
    ].join('\n'),
    isCut: true,
    ...change,
  };
}

function listenersTranscript(): ReportTranscript {
  return aTranscript({
    title: 'Ephemeral port range and reserved ports',
    figures: ['range'],
    command: 'sysctl net.ipv4.ip_local_port_range net.ipv4.ip_local_reserved_ports',
    tookMs: 3,
    output: 'net.ipv4.ip_local_port_range = 32768\t60999\nnet.ipv4.ip_local_reserved_ports = \n',
    isCut: false,
  });
}

function incidentFindings(): ReportInput['summary']['findings'] {
  return [
    aFinding({
      level: 'critical',
      title: 'The pool to 10.0.3.12:443 runs out',
      sentence:
        'python3 (pid 4312) opens 412 connections/s to 10.0.3.12:443 where 470/s can be kept for ever; 91% is used and the rest lasts about 2 min 10 s.',
      evidence: '25,691 of 28,232 ports used, 24,168 TIME_WAIT, 412 opens/s',
      disproof: 'The count of TIME_WAIT towards this destination falls while the rate stays.',
      remedies: [
        {
          fixId: 'app-keep-alive',
          label: 'Keep connections open in python3',
          why: 'it removes the cause: 34 instead of 412 opens/s',
          kind: 'application',
        },
        {
          fixId: 'linux-widen-range',
          label: 'Widen the range to 2048–65000',
          why: 'it buys time, also for the others',
          kind: 'system',
        },
      ],
      source: 'kernel, ip-sysctl.rst: ip_local_port_range; RFC 9293 section 3.6.1',
      poolKey: '10.0.2.7>10.0.3.12:443',
      pid: 4312,
    }),
    aFinding({
      id: 'close-wait-leak:2210',
      rule: 'close-wait-leak',
      level: 'warning',
      title: 'node leaves closed connections open',
      sentence:
        'node (pid 2210) holds 26 connections in CLOSE_WAIT for more than a minute: it does not close its end.',
      evidence: '26 CLOSE_WAIT, the oldest 9 min',
      figures: ['sockets'],
      disproof: 'The number of CLOSE_WAIT falls within a minute.',
      source: 'RFC 9293 section 3.6',
    }),
  ];
}
