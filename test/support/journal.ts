/** Plans and changes for the journal and its readers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findFix } from '../../main/core/fixes/catalogue.ts';
import type { Change, ChangeStep } from '../../main/core/fixes/change.ts';
import type { FixParameters, LimitedProcess, Plan, SystemState } from '../../main/core/fixes/model.ts';
import { hashPlan } from '../../main/fixes/plan-hash.ts';
import { anInput, aState, summaryFor, tcp } from './fixes.ts';

export const PREPARED_AT_MS = Date.UTC(2026, 10, 23, 14, 33, 0);

/** The plan of a fix for a machine with its defaults. */
export function aPlan(
  fixId = 'linux-widen-range',
  parameters: Partial<FixParameters> = {},
  state: SystemState = aState('linux'),
): Plan {
  const plan = findFix(fixId)?.plan(anInput(state, parameters, summaryFor(state.system)));
  if (!plan || plan.refused !== null) throw new Error(`no plan of ${fixId}: ${plan?.refused?.reason ?? ''}`);
  return plan;
}

const NGINX: LimitedProcess = {
  pid: 4312,
  startTicks: 88_001,
  process: 'nginx',
  descriptors: 1000,
  softLimit: 1024,
  hardLimit: 524_288,
  unit: 'order-sync.service',
  user: 'www-data',
};

/** One plan of every fix that is carried out, in its variants. */
export function everyPlan(): Plan[] {
  const linux = aState('linux', { tcpPorts: [tcp(15432, 'postgres')] });
  const busy = aState('linux', { processes: [NGINX] });
  const file = '/etc/sysctl.d/90-fourtuple.conf';
  const kept = aState('linux', {
    files: new Map([
      [file, { kind: 'value', text: '# mine\nvm.swappiness = 1\nnet.core.somaxconn = 128\n' }],
    ]),
  });
  const windows = aState('windows');
  return [
    aPlan('linux-widen-range', { persist: true }, linux),
    aPlan(
      'linux-tw-reuse',
      { persist: true, value: 500 },
      aState('linux', {
        values: { 'net.ipv4.tcp_timestamps': '0' },
        files: new Map([[file, { kind: 'absent' }]]),
      }),
    ),
    aPlan('linux-tw-buckets', {}, linux),
    aPlan('linux-fin-timeout', {}, aState('linux', { values: { 'net.ipv4.tcp_fin_timeout': '300' } })),
    aPlan('linux-conntrack', {}, linux),
    aPlan('linux-backlog', { persist: true }, kept),
    aPlan('linux-reserve-ports', { reserve: [{ first: 40_000, last: 40_002 }] }, linux),
    aPlan('linux-timestamps', {}, aState('linux', { values: { 'net.ipv4.tcp_timestamps': '0' } })),
    aPlan('linux-release-time-wait', {}, linux),
    aPlan('linux-descriptor-limit', { pid: 4312, persist: true }, busy),
    aPlan(
      'linux-descriptor-limit',
      { pid: 4312, persist: true },
      aState('linux', { processes: [{ ...NGINX, unit: null, hardLimit: null }] }),
    ),
    aPlan('windows-widen-range', {}, aState('windows', { tcpPorts: [tcp(15432, 'postgres')] })),
    aPlan('windows-auto-reuse', {}, windows),
    aPlan('windows-timed-wait-delay', { value: 30 }, windows),
    aPlan('windows-excluded-blocks', { reserve: [{ first: 8080, last: 8080 }] }, windows),
    aPlan('windows-max-user-port', {}, aState('windows', { isLegacyWindows: true })),
    aPlan('macos-widen-range', { persist: true }, aState('macos')),
    aPlan('macos-msl', { persist: true }, aState('macos')),
    aPlan('macos-msl', {}, aState('freebsd')),
  ];
}

type ChangeParts = Partial<Omit<Change, 'steps'>> & { steps?: readonly Partial<ChangeStep>[] };

/** A change that is prepared and no more, unless told otherwise. */
export function aJournalChange({ steps = [], ...parts }: ChangeParts = {}): Change {
  const plan = parts.plan ?? aPlan();
  return {
    id: 1,
    plan,
    planHash: hashPlan(plan),
    place: { bootId: 'boot-1', networkNamespace: 'net:[4026531840]' },
    asUser: 'root',
    preparedAtMs: PREPARED_AT_MS,
    undoAfterSeconds: 300,
    phase: 'prepared',
    phaseAtMs: PREPARED_AT_MS,
    undoesAtMs: null,
    sentence: null,
    before: null,
    after: null,
    ...parts,
    steps: plan.steps.map((_, index) => ({ status: 'waiting', atMs: null, note: null, ...steps[index] })),
  };
}

/** The same without its number, as it is added. */
export function aNewChange(parts: ChangeParts = {}): Omit<Change, 'id'> {
  const { id: _, ...change } = aJournalChange(parts);
  return change;
}

/** An empty folder of this user alone, removed when the test ends. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fourtuple-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
