/** A socket list for renderer tests: rows, and a link that answers windows of them as the sampler does. Synthetic. */
import { createPinia, setActivePinia } from 'pinia';
import { createApp } from 'vue';
import type { CallArgs, CallResult, GroupRow, SocketRow } from '../../preload/contract.ts';
import { linkKey } from '../../renderer/stores/link-key.ts';
import { FakeLink } from './fake-link.ts';
import { incidentSummary, INCIDENT_AT_MS, RUNNING_SAMPLER } from './incident.ts';

export function aRow(change: Partial<SocketRow> = {}): SocketRow {
  return {
    kind: 'socket',
    key: 'c:47133',
    family: 4,
    state: 'TIME_WAIT',
    localAddress: '10.0.2.7',
    localPort: 47_133,
    remoteAddress: '10.0.3.12',
    remotePort: 443,
    process: 'python3',
    pid: 4312,
    confidence: 'observed',
    ownerHidden: false,
    uid: 998,
    ageSeconds: 19,
    ageIsMinimum: false,
    timer: 'timewait',
    timerSeconds: 41,
    receiveQueue: 0,
    sendQueue: 0,
    inode: null,
    ...change,
  };
}

export function aGroup(change: Partial<GroupRow> = {}): GroupRow {
  return {
    kind: 'group',
    key: 'state:TIME_WAIT',
    label: 'TIME_WAIT',
    state: 'TIME_WAIT',
    count: 24_168,
    share: 0.941,
    collapsed: false,
    ...change,
  };
}

/** `count` rows with keys c:0, c:1 … and local ports from 40000. */
export function rowsOf(count: number): SocketRow[] {
  return Array.from({ length: count }, (_, index) =>
    aRow({ key: `c:${index}`, localPort: 40_000 + (index % 20_000) }),
  );
}

export function aDetail(row: SocketRow | null): CallResult<'sockets.detail'> {
  return {
    row,
    poolKey: '10.0.2.7>10.0.3.12:443',
    poolCapacity: 28_232,
    poolUsed: 25_691,
    commandLine: 'python3 order_sync.py',
    unit: null,
    container: null,
    ownerSentence: 'Fourtuple saw this 4-tuple open.',
    openSeconds: 3.6,
    line: 'TIME-WAIT 0 0 10.0.2.7:47133 10.0.3.12:443',
    command: "ss -tano 'src = 10.0.2.7:47133'",
  };
}

/** A link whose list is `lines`, replaced at will; everything else answers the incident. */
export class ListLink extends FakeLink {
  lines: (SocketRow | GroupRow)[];
  problems: CallResult<'sockets.query'>['problems'] = [];
  snapshotId = 1;

  constructor(lines: (SocketRow | GroupRow)[]) {
    super('web');
    this.lines = lines;
    const sockets = () => this.lines.filter((line): line is SocketRow => line.kind === 'socket');
    this.respond('sockets.query', (args) => this.window(args));
    this.respond('sockets.detail', ({ key }) => aDetail(sockets().find((row) => row.key === key) ?? null));
    this.respond('sockets.pin', () => ({
      snapshotId: 77,
      takenAtMs: INCIDENT_AT_MS,
      total: sockets().length,
    }));
    this.respond('sockets.unpin', () => ({ released: true }));
    this.respond('sockets.suggest', ({ caret }) => ({ start: caret, end: caret, suggestions: [] }));
    this.respond('summary.get', () => ({ summary: incidentSummary(), sampler: RUNNING_SAMPLER }));
    this.respond('workbench.describe', () => ({
      version: '1',
      host: 'web',
      platform: 'linux',
      windowControls: false,
    }));
  }

  window({ offset, limit }: CallArgs<'sockets.query'>): CallResult<'sockets.query'> {
    const sockets = this.lines.filter((line) => line.kind === 'socket').length;
    return {
      snapshotId: this.snapshotId,
      takenAtMs: INCIDENT_AT_MS,
      total: 27_743,
      matching: sockets,
      lines: this.lines.length,
      offset,
      rows: this.lines.slice(offset, offset + limit),
      byState: { TIME_WAIT: sockets },
      problems: this.problems,
    };
  }

  /** A sample was taken. */
  sample(): void {
    this.snapshotId++;
    this.emit('summary.updated', incidentSummary({ sequence: 425 + this.snapshotId }));
  }
}

/** A pinia whose stores read `link`; `end` stops them. */
export function storesOver(link: FakeLink): { pinia: ReturnType<typeof createPinia>; end: () => void } {
  const pinia = createPinia();
  const app = createApp({ render: () => null });
  app.provide(linkKey, link);
  app.use(pinia);
  setActivePinia(pinia);
  return { pinia, end: () => pinia._e.stop() };
}

/** Lets answered calls reach their stores. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
}
