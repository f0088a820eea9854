/** Probes and runs for tests of the page: a small catalogue of Linux, synthetic, over a link that answers for it. */
import type { CallArgs, CallResult, EventPayload } from '../../preload/contract.ts';
import { LinkError } from '../../renderer/link/link.ts';
import type { FakeLink } from './fake-link.ts';
import { INCIDENT_AT_MS } from './incident.ts';
import { incidentLink } from './mount-screen.ts';

export type ProbeInfo = CallResult<'probes.list'>['probes'][number];
export type RunInfo = EventPayload<'run.started'>;
export type ParsedRun = CallResult<'runs.parsed'>;

export function aProbe(change: Partial<ProbeInfo> = {}): ProbeInfo {
  return {
    id: 'linux.ss-tan',
    group: 'sockets',
    title: 'Every TCP socket',
    command: 'ss -tano',
    proves: 'Which 4-tuples exist, in which state, and when each port is free again.',
    needs: null,
    figures: ['verdict', 'pool-used', 'time-wait', 'sockets', 'port-map'],
    parameters: [],
    unavailable: null,
    folklore: null,
    ...change,
  };
}

/** One probe of each kind there is: plain, with a value to fill in, not possible here, misleading. */
export function someProbes(): ProbeInfo[] {
  const setting = (name: string, figure: ProbeInfo['figures'][number]) =>
    aProbe({
      id: `linux.sysctl-${name}`,
      group: 'settings',
      title: name,
      command: `sysctl net.ipv4.${name}`,
      proves: 'What the kernel is set to.',
      figures: [figure],
    });
  return [
    aProbe(),
    aProbe({
      id: 'linux.ss-s',
      title: 'Socket counts',
      command: 'ss -s',
      figures: ['time-wait', 'counters'],
    }),
    aProbe({
      id: 'linux.sockstat',
      title: 'Counts of /proc',
      command: 'cat /proc/net/sockstat',
      figures: ['counters'],
    }),
    setting('ip_local_port_range', 'range'),
    setting('ip_local_reserved_ports', 'range'),
    setting('tcp_tw_reuse', 'reuse'),
    aProbe({
      id: 'linux.nstat',
      group: 'counters',
      title: 'Connections opened',
      command: 'nstat -az TcpActiveOpens TcpExtTW',
      figures: ['new-connections', 'counters'],
    }),
    aProbe({
      id: 'linux.proc-fd',
      group: 'owners',
      title: 'Open files of a process',
      command: 'ls -l /proc/{pid}/fd',
      proves: 'Which sockets a process holds.',
      needs: 'root, for processes of other users',
      figures: ['consumers', 'descriptors'],
      parameters: [{ name: 'pid', type: 'pid', label: 'Process', preset: null }],
    }),
    aProbe({
      id: 'linux.conntrack',
      group: 'path',
      title: 'Tracked connections',
      command: 'conntrack -S',
      figures: ['conntrack'],
      unavailable: 'conntrack is not installed. Install it with: apt install conntrack',
    }),
    aProbe({
      id: 'linux.listeners-counted',
      group: 'misleading',
      title: 'Counting listeners',
      command: 'ss -tulnp',
      proves: 'How many sockets listen, and nothing about ephemeral ports.',
      figures: ['listeners'],
      folklore: {
        command: 'ss -tulnp | wc -l',
        takenFor: 'used ephemeral ports',
        why: 'It counts sockets that listen, the UDP ones and the heading with them; outgoing connections are left out.',
      },
    }),
  ];
}

/** What ss -tano prints on the incident's machine, cut short. */
export const SS_OUTPUT = [
  'State     Recv-Q Send-Q Local Address:Port  Peer Address:Port',
  'TIME-WAIT 0      0          10.0.2.7:47133    10.0.3.12:443   timer:(timewait,41sec,0)',
  'TIME-WAIT 0      0          10.0.2.7:46890    10.0.3.12:443   timer:(timewait,38sec,0)',
  'ESTAB     0      0          10.0.2.7:50314    10.0.3.12:443',
  'TIME-WAIT 0      0          10.0.2.7:46121    10.0.3.12:443   timer:(timewait,33sec,0)',
  'ESTAB     0      0          10.0.2.7:50310    10.0.3.12:443',
  '?? something nobody expected',
  'LISTEN    0      128         0.0.0.0:22         0.0.0.0:*',
  '',
].join('\n');

export function aRun(change: Partial<RunInfo> = {}): RunInfo {
  return {
    runId: 'run-1',
    probeId: 'linux.ss-tan',
    title: 'Every TCP socket',
    command: 'ss -tano',
    group: 'sockets',
    way: 'visible',
    startedAtMs: INCIDENT_AT_MS + 204,
    tookMs: 44,
    state: 'finished',
    outcome: 'good',
    endSentence: 'Ended with exit status 0.',
    exitCode: 0,
    signal: null,
    outputBytes: SS_OUTPUT.length,
    truncated: false,
    note: null,
    asUser: 'uid 1000',
    sha256: '9c1f03b2a4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5de07a',
    ...change,
  };
}

/** A run that has only begun. */
export function aRunningRun(change: Partial<RunInfo> = {}): RunInfo {
  const open = { state: 'running', tookMs: null, outcome: null, endSentence: null, exitCode: null } as const;
  return aRun({ ...open, outputBytes: 0, sha256: null, ...change });
}

export function someParsed(change: Partial<ParsedRun> = {}): ParsedRun {
  const socket = (line: number, state: string, port: number, timer: string | null) => ({
    line,
    state,
    local: `10.0.2.7:${port}`,
    remote: '10.0.3.12:443',
    timer,
    owner: null,
  });
  return {
    format: 'ss',
    summary: '6 TCP sockets, 1 line not understood.',
    socketCount: 6,
    sockets: [
      socket(2, 'TIME_WAIT', 47133, '41 s left'),
      socket(3, 'TIME_WAIT', 46890, '38 s left'),
      socket(4, 'ESTABLISHED', 50314, null),
      socket(5, 'TIME_WAIT', 46121, '33 s left'),
      socket(6, 'ESTABLISHED', 50310, null),
      {
        line: 8,
        state: 'LISTEN',
        local: '0.0.0.0:22',
        remote: '0.0.0.0:*',
        timer: null,
        owner: 'sshd · pid 700',
      },
    ],
    facts: [],
    factCount: 0,
    problems: [{ line: 7, text: '?? something nobody expected', why: 'no state at its beginning' }],
    problemCount: 1,
    skipped: [{ what: 'udp', count: 2 }],
    restsOn: [2, 3, 4, 5, 6],
    comparison: null,
    ...change,
  };
}

/** Answers runs.transcript as the workbench does, from a text. */
export function pieceOf(
  text: string,
  { offset, limit }: Pick<CallArgs<'runs.transcript'>, 'offset' | 'limit'>,
): CallResult<'runs.transcript'> {
  const end = Math.min(text.length, offset + limit);
  return {
    text: text.slice(offset, end),
    nextOffset: end < text.length ? end : null,
    totalCharacters: text.length,
  };
}

/** A link with the catalogue, the runs given, and the transcript of each by its id. */
export function evidenceLink(
  runs: readonly RunInfo[] = [],
  outputs: Readonly<Record<string, string>> = {},
  link: FakeLink = incidentLink(),
): FakeLink {
  let started = 0;
  return link
    .respond('probes.list', () => ({ probes: someProbes() }))
    .respond('runs.list', () => ({ runs: [...runs] }))
    .respond('probes.run', ({ probeId }) => {
      const probe = someProbes().find(({ id }) => id === probeId);
      if (!probe) throw new LinkError('invalid', `There is no probe ${probeId}.`);
      started++;
      return aRunningRun({
        runId: `started-${started}`,
        probeId,
        title: probe.title,
        command: probe.command,
        group: probe.group,
        startedAtMs: INCIDENT_AT_MS + started * 1000,
      });
    })
    .respond('runs.cancel', () => ({ cancelled: true }))
    .respond('runs.transcript', ({ runId, ...asked }) => pieceOf(outputs[runId] ?? '', asked))
    .respond('runs.parsed', () => someParsed());
}
