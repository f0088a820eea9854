/** Plans and changes for tests of the page: the incident's range widened, synthetic, and a link that answers for them. */
import type { EventPayload } from '../../preload/contract.ts';
import type { PlanInfo } from '../../preload/contract-fixes.ts';
import type { FakeLink } from './fake-link.ts';
import { INCIDENT_AT_MS, INCIDENT_POOL_KEY, incidentPorts } from './incident.ts';
import { incidentLink } from './mount-screen.ts';

export type ChangeInfo = EventPayload<'change.updated'>;
type ChangeStepInfo = ChangeInfo['steps'][number];

/** 58 s after the overview, as in the interface design. */
export const APPLIED_AT_MS = INCIDENT_AT_MS + 58_000;
const RANGE_KEY = 'net.ipv4.ip_local_port_range';
const RESERVED_KEY = 'net.ipv4.ip_local_reserved_ports';
const RESERVED = '5432,6379,8080,9090,9100';

/** Widening the range with five ports reserved; `change` replaces parts of it whole. */
export function aPlan(change: Partial<PlanInfo> = {}): PlanInfo {
  return {
    fixId: 'linux.widen-range',
    title: 'Widen the ephemeral port range',
    kind: 'system',
    takesEffect: 'at once',
    needsReboot: false,
    scopes: ['now', 'for good'],
    parameters: {
      range: null,
      reserve: 'found',
      poolKey: INCIDENT_POOL_KEY,
      value: null,
      pid: null,
      persist: false,
    },
    takes: [
      { name: 'range', meaning: 'the range; the widest that keeps clear of well-known services when absent' },
      { name: 'reserve', meaning: 'ports to reserve beside those that are' },
      { name: 'persist', meaning: 'keep it after a restart' },
    ],
    value: null,
    refused: null,
    steps: [
      {
        title: RESERVED_KEY,
        current: 'empty',
        proposed: RESERVED,
        why: 'keeps 5 services’ ports out of the pool',
        command: `sysctl -w ${RESERVED_KEY}=${RESERVED}`,
        undoCommand: `sysctl -w ${RESERVED_KEY}=`,
        undoNote: null,
        isFile: false,
        needsAdmin: true,
        isLasting: false,
      },
      {
        title: RANGE_KEY,
        current: '32768 60999',
        proposed: '2048 65000',
        why: '28,232 → 62,948 usable ports',
        command: `sysctl -w ${RANGE_KEY}="2048 65000"`,
        undoCommand: `sysctl -w ${RANGE_KEY}="32768 60999"`,
        undoNote: null,
        isFile: false,
        needsAdmin: true,
        isLasting: false,
      },
    ],
    advice: [],
    recipes: [],
    effect: anEffect(),
    warnings: ['A firewall in front of this machine that is limited to the old range is not seen from here.'],
    checked: [
      '5 services listen inside the new range; all of them are reserved.',
      'Connection tracking has room: 31,204 of 262,144.',
      'No UDP socket is bound inside the new range.',
    ],
    planHash: 'c0ffee',
    script: {
      language: 'sh',
      name: 'fourtuple-widen-range.sh',
      text: '#!/bin/sh\nset -u\n',
    },
    ranges: {
      present: { first: 32_768, last: 60_999 },
      proposed: { first: 2048, last: 65_000 },
      presentPorts: 28_232,
      proposedPorts: 62_948,
      reserved: [
        { first: 5432, last: 5432, label: 'postgres' },
        { first: 6379, last: 6379, label: 'redis' },
        { first: 8080, last: 8080, label: 'order-api' },
        { first: 9090, last: 9090, label: 'prometheus' },
        { first: 9100, last: 9100, label: 'node-exporter' },
      ],
    },
    curve: aCurve(),
    rights: { way: 'sudo', sentence: 'sudo asks for your password in the terminal.', obstacle: null },
    ...change,
  };
}

function anEffect(): PlanInfo['effect'] {
  return {
    poolKey: INCIDENT_POOL_KEY,
    target: '10.0.3.12:443',
    capacity: { now: 28_232, then: 62_948 },
    sustainableRatePerSecond: { now: 28_232 / 60, then: 62_948 / 60 },
    opensPerSecond: { now: 412, then: 412 },
    lockSeconds: { now: 60, then: 60 },
    steadyState: { now: 26_212, then: 26_212 },
    used: { now: 25_691, then: 25_691 },
    runsOutInSeconds: { now: 130, then: 1900 },
    sentence: '62,948 ports hold 1,049 connections a second; 412 are opened.',
  };
}

function aCurve(): PlanInfo['curve'] {
  const atSeconds = Array.from({ length: 49 }, (_, index) => index * 10);
  return {
    atSeconds,
    asIs: atSeconds.map((at) => Math.min(1, (25_691 + 19.55 * at) / 28_232)),
    withChange: atSeconds.map((at) => (25_691 + 19.55 * at) / 62_948),
    sentence: 'As it is the pool is full in about 2 min 10 s; with this change it is 56% used in 8 min.',
  };
}

/** One of the two steps of the plan, done. */
export function aChangeStep(change: Partial<ChangeStepInfo> = {}): ChangeStepInfo {
  return {
    title: RANGE_KEY,
    before: '32768 60999',
    after: '2048 65000',
    present: '2048 65000',
    status: 'done',
    state: 'after',
    note: null,
    atMs: APPLIED_AT_MS,
    canUndo: true,
    ...change,
  };
}

/** Both steps in one status. */
export function someChangeSteps(change: Partial<ChangeStepInfo> = {}): ChangeStepInfo[] {
  const isBack = change.state === 'before';
  return [
    aChangeStep({
      title: RESERVED_KEY,
      before: 'empty',
      after: RESERVED,
      present: isBack ? 'empty' : RESERVED,
      ...change,
    }),
    aChangeStep({ ...(isBack ? { present: '32768 60999' } : {}), ...change }),
  ];
}

/** The change that holds; `change` replaces parts of it whole. */
export function aChange(change: Partial<ChangeInfo> = {}): ChangeInfo {
  return {
    changeId: 7,
    fixId: 'linux.widen-range',
    title: 'Widen the ephemeral port range',
    phase: 'holding',
    phaseAtMs: APPLIED_AT_MS,
    preparedAtMs: APPLIED_AT_MS - 7000,
    asUser: 'uid 1000',
    sentence: 'Both settings are as planned; it undoes itself unless it is kept.',
    level: 'ok',
    isInterrupted: false,
    isUndoneByItself: false,
    canFinish: false,
    canUndo: true,
    canKeep: true,
    canStop: true,
    undoAfterSeconds: 300,
    undoesAtMs: APPLIED_AT_MS + 300_000,
    rightsWay: 'sudo',
    wantsTyping: false,
    steps: someChangeSteps(),
    outcome: null,
    poolKey: INCIDENT_POOL_KEY,
    target: '10.0.3.12:443',
    printedCharacters: 0,
    ...change,
  };
}

/** What was measured two minutes after it. */
export function anOutcome(
  change: Partial<NonNullable<ChangeInfo['outcome']>> = {},
): NonNullable<ChangeInfo['outcome']> {
  const row = (title: string, before: string, predicted: string, measured: string, note: string) => ({
    title,
    before,
    predicted,
    measured,
    state: 'held' as const,
    note,
  });
  return {
    level: 'ok',
    sentence: 'It works: 29,167 ports are in use, more than the old pool had.',
    measuredSeconds: 120,
    fromMs: APPLIED_AT_MS,
    untilMs: APPLIED_AT_MS + 120_000,
    rows: [
      row('Usable ports', '28,232', '62,948', '62,948', 'as predicted'),
      row('Pool in use', '95.0%', '46%', '46.3%', 'as predicted'),
      row('Sustainable rate', '470/s', '1,049/s', '1,049/s', 'from a 60.0 s hold'),
      row('Runs out', 'in 1 min 12 s', 'in 29 min', 'in 29 min', 'estimate'),
      row('New connections', '412/s', '412/s', '418/s', 'as predicted'),
    ],
    ...change,
  };
}

/** What the helper printed of the change. */
export const PRINTED = [
  '[sudo] password for ordersync: \r\n',
  '# net.ipv4.ip_local_reserved_ports\r\n',
  '$ sysctl -w net.ipv4.ip_local_reserved_ports=5432,6379,8080,9090,9100\r\n',
  'net.ipv4.ip_local_reserved_ports = 5432,6379,8080,9090,9100\r\n',
  '# net.ipv4.ip_local_port_range\r\n',
  '$ sysctl -w net.ipv4.ip_local_port_range="2048 65000"\r\n',
  'net.ipv4.ip_local_port_range = 2048 65000\r\n',
].join('');

/** A link whose journal has these changes, newest first, and whose transcripts are `printed`. */
export function changesLink(
  changes: ChangeInfo[] = [],
  printed: Record<number, string> = {},
  link: FakeLink = incidentLink(),
): FakeLink {
  return link
    .respond('changes.list', () => ({
      changes,
      obstacle: null,
      folder: '/home/ordersync/.local/state/fourtuple',
    }))
    .respond('changes.before', () => ({ capacity: 28_232, curve: aPlan().curve, map: incidentPorts() }))
    .respond('changes.transcript', ({ changeId, offset, limit }) => {
      const all = printed[changeId] ?? '';
      const text = all.slice(offset, offset + limit);
      const end = offset + text.length;
      return { text, nextOffset: end < all.length ? end : null, totalCharacters: all.length };
    })
    .respond('changes.type', () => ({ typed: true }))
    .respond('changes.resize', () => ({ resized: true }));
}
