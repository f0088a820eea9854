import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINUX_PROBES } from '../../main/probes/linux/catalogue.ts';
import { namespaceMissing, openNamespace, type TestNamespace } from '../support/namespace.ts';
import type { ProbeTrial } from '../support/run-probes.ts';

const SCRIPT = resolve(import.meta.dirname, '../support/run-probes.ts');
const MAKER = resolve(import.meta.dirname, '../support/few-sockets.mjs');
/** As `nobody`; the sockets belong to root. */
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];

const missing = namespaceMissing();
if (missing !== null) console.info(`skipped: ${missing}`);

/** Why the probes cannot run as another user, or null. */
function nobodyMissing(): string | null {
  if (process.getuid?.() !== 0) return 'only root can become another user';
  const tried = spawnSync('setpriv', [...AS_NOBODY.slice(1), process.execPath, '--check', SCRIPT]);
  if (tried.error) return 'setpriv is not installed';
  return tried.status === 0 ? null : 'nobody may not read the project here';
}

type Ran = Extract<ProbeTrial, { isMissing: false }>;

/** What each probe gave, by its id without "linux."; null where its tool is absent. */
function trialsOf(output: string): Map<string, Ran | null> {
  const trials = JSON.parse(output) as ProbeTrial[];
  const absent = trials.flatMap((trial) =>
    trial.isMissing ? [`${trial.id} (${trial.tool} is not installed)`] : [],
  );
  if (absent.length > 0) console.info(`skipped: ${absent.join(', ')}`);
  return new Map(trials.map((trial) => [trial.id.replace('linux.', ''), trial.isMissing ? null : trial]));
}

const ALL = { LISTEN: 3, ESTABLISHED: 10, TIME_WAIT: 4 };

interface Expected {
  outcome?: string;
  states?: Record<string, number>;
  values?: Record<string, number | string>;
  notes?: string[];
  sentence?: RegExp;
}

describe.skipIf(missing !== null)(`the probes against the kernel${missing ? ` (${missing})` : ''}`, () => {
  let namespace: TestNamespace;
  let makerPid: number;
  let heldSockets: number;
  let heldDescriptors: number;

  beforeAll(async () => {
    namespace = await openNamespace({
      addresses: ['192.0.2.1/32', '192.0.2.2/32'],
      portRange: { first: 40000, last: 40999 },
      reservedPorts: '40010-40019',
      twReuse: 0,
    });
    const maker = namespace.spawn([process.execPath, MAKER]);
    await once(maker.stdout, 'data');
    makerPid = maker.pid ?? 0;
    const targets = readdirSync(`/proc/${makerPid}/fd`).map((fd) =>
      readlinkSync(`/proc/${makerPid}/fd/${fd}`),
    );
    heldDescriptors = targets.length;
    heldSockets = targets.filter((target) => target.startsWith('socket:[')).length;
  });
  afterAll(() => namespace?.close());

  function run(way: 'quiet' | 'visible', as: readonly string[] = []): Map<string, Ran | null> {
    const ran = namespace.run([...as, process.execPath, SCRIPT, way, String(makerPid), '192.0.2.1']);
    if (ran.status !== 0) throw new Error(ran.stderr);
    return trialsOf(ran.stdout);
  }

  /** What every user sees: nothing of it needs rights. */
  const forEverybody: Record<string, Expected> = {
    'ss-tan': { states: ALL },
    'ss-timers': { states: { TIME_WAIT: 4 } },
    'ss-tlnpe': { states: { LISTEN: 3 } },
    'ss-tanpoie': { states: ALL },
    'ss-destination': { states: { ESTABLISHED: 5, TIME_WAIT: 4 } },
    'ss-summary': { values: { 'ss TCP estab': 10, 'ss TCP timewait': 4 } },
    'netstat-tanp': { states: ALL },
    'netstat-tanoe': { states: ALL },
    'cat-proc-net-tcp': { states: ALL },
    'cat-proc-net-tcp6': { outcome: 'empty', states: {} },
    'sysctl-ports': {
      values: {
        'net.ipv4.ip_local_port_range': '40000 40999',
        'net.ipv4.ip_local_reserved_ports': '40010-40019',
      },
    },
    'sysctl-time-wait': { values: { 'net.ipv4.tcp_tw_reuse': '0' } },
    'proc-snmp': {
      values: { 'Tcp ActiveOpens': 9, 'Tcp PassiveOpens': 9, 'Tcp CurrEstab': 10, 'Tcp AttemptFails': 0 },
    },
    'proc-netstat': { values: { 'TcpExt TW': 4, 'TcpExt TCPTimeWaitOverflow': 0 } },
    'proc-sockstat': { values: { 'sockstat TCP inuse': 13, 'sockstat TCP tw': 4 } },
    nstat: { values: { 'Tcp ActiveOpens': 9, 'TcpExt TW': 4 } },
    'ip-address': { notes: ['lo 127.0.0.1', 'lo 192.0.2.1', 'lo 192.0.2.2', 'lo ::1'] },
    'ip-route': { outcome: 'empty' },
    'ip-route-get': {
      notes: [expect.stringMatching(/^route local 192\.0\.2\.1 dev lo .*src 192\.0\.2\.1$/)],
    },
    'folklore-fin-timeout': { values: { 'net.ipv4.tcp_fin_timeout': '60' } },
    'folklore-port-range': { values: { 'net.ipv4.ip_local_port_range': '40000 40999' } },
  };

  function compare(trials: Map<string, Ran | null>, expected: Record<string, Expected>): void {
    for (const [id, { sentence, ...values }] of Object.entries(expected)) {
      const trial = trials.get(id);
      expect([id, trial !== undefined]).toEqual([id, true]);
      if (trial === null || trial === undefined) continue;
      expect([id, trial]).toMatchObject([id, { outcome: 'good', problems: [], ...values }]);
      if (values.states) expect([id, trial.states]).toEqual([id, values.states]);
      if (sentence) expect([id, trial.sentence]).toEqual([id, expect.stringMatching(sentence)]);
    }
  }

  function compareFolklore(trials: Map<string, Ran | null>): void {
    const compared = [...trials.values()].flatMap((trial) => (trial?.folklore ? [trial] : []));
    expect(compared.length).toBeGreaterThan(0);
    // `ss -s` counts the sockets of all kinds, those of this very run among them.
    const stable = (text: string | undefined) => text?.replace(/^Total: \d+/, 'Total');
    for (const { id, folklore } of compared) {
      expect([id, stable(folklore?.reduced)]).toEqual([id, stable(folklore?.real)]);
    }
  }

  const asRoot = (): Record<string, Expected> => ({
    ...forEverybody,
    'lsof-tcp': { states: { LISTEN: 3, ESTABLISHED: 10 } },
    'lsof-fields': { states: { LISTEN: 3, ESTABLISHED: 10 } },
    'lsof-of-process': { states: { LISTEN: 3, ESTABLISHED: 10 } },
    'process-descriptors': {
      values: { 'descriptors open': heldDescriptors, 'descriptors sockets': heldSockets },
    },
    'process-limits': {},
    'file-nr': {},
    'cgroup-process': {},
    'cgroup-self': {},
  });

  it.each(['quiet', 'visible'] as const)('run %s as root, they tell what was made', (way) => {
    const trials = run(way);
    expect([...trials.keys()]).toEqual(LINUX_PROBES.map(({ id }) => id.replace('linux.', '')));
    compare(trials, asRoot());
    for (const id of ['ss-tanpoie', 'lsof-tcp', 'netstat-tanp']) {
      expect([id, trials.get(id)?.pids ?? [makerPid]]).toEqual([id, [makerPid]]);
    }
    expect(trials.get('ss-time-wait')?.states ?? {}).toEqual({});
    for (const trial of trials.values()) expect([trial?.id, trial?.problems ?? []]).toEqual([trial?.id, []]);
  });

  it('the misleading commands print what the real pipelines print, and mislead', () => {
    const trials = run('quiet');
    compareFolklore(trials);
    const claims = (id: string) => trials.get(`folklore-${id}`)?.folklore?.reduced;
    // 9 ports of the range are taken, 4 of them in TIME_WAIT, 5 connections go to port 443.
    expect(claims('ss-tulnp-wc')).toBe('4');
    expect(claims('ss-time-wait-wc')).toBe('5');
    expect(claims('netstat-grep-443') ?? '11').toBe('11');
    expect(claims('fin-timeout')).toBe('60');
  });

  const otherUser = nobodyMissing();
  it.skipIf(otherUser !== null)(
    `as an unprivileged user they tell the same of sockets, and say what is hidden${otherUser ? ` (${otherUser})` : ''}`,
    () => {
      const trials = run('quiet', AS_NOBODY);
      compare(trials, {
        ...forEverybody,
        'lsof-tcp': { outcome: 'empty', states: {} },
        'process-descriptors': {
          outcome: 'failed',
          sentence: /Not permitted\. It needs root, for processes of other users\. /,
        },
        'conntrack-list': { outcome: 'failed', sentence: /Not permitted\. It needs root \(CAP_NET_ADMIN\)/ },
        'process-limits': {},
        'cgroup-process': {},
      });
      expect(trials.get('ss-tanpoie')?.pids ?? []).toEqual([]);
      compareFolklore(trials);
    },
  );
});
