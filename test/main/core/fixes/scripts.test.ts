import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findFix } from '../../../../main/core/fixes/catalogue.ts';
import type { FixParameters, Plan, SystemState } from '../../../../main/core/fixes/model.ts';
import { scriptOf } from '../../../../main/core/fixes/script.ts';
import { stepInfo } from '../../../../main/workbench/fix-step-info.ts';
import { anInput, aState, summaryFor, tcp } from '../../../support/fixes.ts';

const FOLDER = '../../../fixtures/fixes';

/** One case a line: name of the expected files, fix, state, parameters. The scripts have never run on those systems here. */
const CASES: readonly [string, string, SystemState, Partial<FixParameters>][] = [
  [
    'windows-range-default',
    'windows-widen-range',
    aState('windows', { tcpPorts: [tcp(445), tcp(5985)] }),
    {},
  ],
  [
    'windows-range-services',
    'windows-widen-range',
    aState('windows', {
      tcpPorts: [tcp(47001, 'System'), tcp(15432, 'postgres.exe'), tcp(15433, 'postgres.exe')],
    }),
    {},
  ],
  [
    'windows-range-families-differ',
    'windows-widen-range',
    aState('windows', {
      values: { 'dynamicport ipv4 tcp': '1025 3976', 'excludedportrange ipv4 tcp blocks': '50000-50099' },
    }),
    { range: { first: 1025, last: 65535 } },
  ],
  [
    'windows-excluded-blocks',
    'windows-excluded-blocks',
    aState('windows', { values: { 'excludedportrange ipv4 tcp blocks': '49671-49770,50000-50099' } }),
    { reserve: [{ first: 50051, last: 50051 }] },
  ],
  ['windows-delay-absent', 'windows-timed-wait-delay', aState('windows'), {}],
  [
    'windows-delay-set',
    'windows-timed-wait-delay',
    aState('windows', { values: { 'Tcpip\\Parameters\\TcpTimedWaitDelay': '240' } }),
    { value: 60 },
  ],
  ['windows-max-user-port', 'windows-max-user-port', aState('windows', { isLegacyWindows: true }), {}],
  ['windows-auto-reuse', 'windows-auto-reuse', aState('windows'), { range: { first: 10000, last: 59999 } }],
  [
    'windows-auto-reuse-set',
    'windows-auto-reuse',
    aState('windows', { values: { 'auto-reuse InternetCustom': '20000 1000' } }),
    {},
  ],
  ['macos-range-default', 'macos-widen-range', aState('macos'), {}],
  [
    'macos-range-service-kept',
    'macos-widen-range',
    aState('macos', { tcpPorts: [tcp(32000, 'Plex Media Server')] }),
    { persist: true },
  ],
  [
    'macos-range-high-differs',
    'macos-widen-range',
    aState('macos', { values: { 'net.inet.ip.portrange.hifirst': '20000' } }),
    { range: { first: 32768, last: 65535 } },
  ],
  ['macos-msl', 'macos-msl', aState('macos'), { persist: true }],
  ['freebsd-range', 'macos-widen-range', aState('freebsd'), { persist: true }],
];

function planFor(id: string, state: SystemState, parameters: Partial<FixParameters>): Plan {
  const plan = findFix(id)?.plan(anInput(state, parameters, summaryFor(state.system)));
  if (!plan) throw new Error(`no fix ${id}`);
  return plan;
}

/** A limit that is kept in a drop-in of the process's unit. */
function planOfUnit(): Plan {
  const process = {
    pid: 4312,
    startTicks: 1,
    process: "o'brien $(id)",
    descriptors: null,
    softLimit: 1024,
    hardLimit: null,
    unit: 'order-sync.service',
    user: null,
  };
  const state = aState('linux', { processes: [process] });
  return planFor('linux-descriptor-limit', state, { pid: 4312, persist: true });
}

describe('plans and scripts for other systems, whole', () => {
  test.each(CASES)('%s', async (name, id, state, parameters) => {
    const plan = planFor(id, state, parameters);
    expect(plan.refused).toBeNull();
    await expect(`${JSON.stringify(plan, null, 2)}\n`).toMatchFileSnapshot(`${FOLDER}/${name}.plan.json`);
    const language = state.system === 'windows' ? 'powershell' : 'sh';
    const script = scriptOf(plan, language);
    if (!script.ok) throw new Error('no script');
    const ending = language === 'sh' ? 'sh' : 'ps1';
    await expect(script.value).toMatchFileSnapshot(`${FOLDER}/${name}.${ending}`);
  });
});

describe('scripts', () => {
  test.skipIf(process.platform === 'win32')('are understood by sh, each of them', () => {
    const scripts = [
      ...CASES.filter(([, , state]) => state.system !== 'windows').map(([, id, state, parameters]) =>
        planFor(id, state, parameters),
      ),
      planFor('linux-widen-range', aState('linux'), { persist: true }),
      planFor('linux-release-time-wait', aState('linux'), {}),
      planOfUnit(),
    ].map((plan) => scriptOf(plan, 'sh'));
    for (const script of scripts) {
      if (!script.ok) throw new Error('no script');
      expect(spawnSync('/bin/sh', ['-n'], { input: script.value, encoding: 'utf8' })).toMatchObject({
        status: 0,
        stderr: '',
      });
    }
  });

  test('of PowerShell are ASCII: no code page changes them', () => {
    for (const [, id, state, parameters] of CASES.filter(([, , each]) => each.system === 'windows')) {
      const script = scriptOf(planFor(id, state, parameters), 'powershell');
      expect(script.ok && /^[\x20-\x7e\n]*$/.test(script.value), id).toBe(true);
    }
  });

  test('are made in the language of the system only, and of no refused plan', () => {
    const plan = planFor('windows-widen-range', aState('windows'), {});
    expect(scriptOf(plan, 'sh')).toMatchObject({
      failure: { message: expect.stringContaining('powershell') },
    });
    const refused = planFor('linux-widen-range', aState('linux'), { range: { first: 1, last: 2 } });
    expect(scriptOf(refused, 'sh')).toMatchObject({ ok: false });
    expect(scriptOf(planFor('app-keep-alive', aState('linux'), {}), 'sh')).toMatchObject({ ok: false });
  });
});

describe('refusals on Windows and macOS', () => {
  test.each([
    [1024, 1000, 'start must be at least 1025'],
    [10000, 10253, 'num must be at least 255'],
    [1025, 65536, 'last port must be'],
  ])('F2: refuses the range %d–%d', (first, last, why) => {
    const { refused } = planFor('windows-widen-range', aState('windows'), {
      range: { first, last: first === 1024 ? 2000 : last },
    });
    expect(refused?.reason).toContain(why);
  });

  test('F7: refuses a range over a listener, offering what the system can do', () => {
    const windows = planFor('windows-widen-range', aState('windows', { tcpPorts: [tcp(15432)] }), {
      range: { first: 10240, last: 65535 },
    });
    expect(windows.refused?.offerOptions).toBe('--range 10240-65535 --reserve 15432');
    const macos = planFor('macos-widen-range', aState('macos', { tcpPorts: [tcp(15432)] }), {
      range: { first: 10240, last: 65535 },
    });
    expect(macos.refused?.offerOptions).toBe('--range 16384-65535');
  });

  test('sends each Windows to what it reads', () => {
    expect(planFor('windows-max-user-port', aState('windows'), {}).refused?.reason).toContain('netsh');
    const legacy = aState('windows', { isLegacyWindows: true });
    expect(planFor('windows-widen-range', legacy, {}).refused?.reason).toContain('MaxUserPort');
  });

  test('refuses a delay that Windows does not use', () => {
    for (const value of [29, 301]) {
      expect(planFor('windows-timed-wait-delay', aState('windows'), { value }).refused?.reason).toContain(
        '30 to 300',
      );
    }
  });
});

describe.skipIf(process.platform !== 'linux')('a drop-in of a unit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fourtuple-unit-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'systemd/order-sync.service.d/90-fourtuple.conf');

  /** The script without its first step, with a folder for units and a systemctl of the test's own. */
  function runScript(action: 'apply' | 'undo' | 'take-back', systemctl: string | null) {
    const plan = planOfUnit();
    const script = scriptOf({ ...plan, steps: plan.steps.slice(1) }, 'sh');
    if (!script.ok) throw new Error('no script');
    const programs = join(folder, 'bin');
    rmSync(programs, { recursive: true, force: true });
    mkdirSync(programs, { recursive: true });
    for (const tool of ['cat', 'chmod', 'mkdir', 'mktemp', 'mv', 'rm', 'rmdir', 'sed', 'sync', 'tr', 'wc'])
      symlinkSync(execPathOf(tool), join(programs, tool));
    if (systemctl !== null) writeFileSync(join(programs, 'systemctl'), systemctl, { mode: 0o755 });
    const text = script.value
      .replace(/^PATH=.*$/m, `PATH=${programs}`)
      .replaceAll('/etc/systemd/system/', `${join(folder, 'systemd')}/`);
    return spawnSync('/bin/sh', ['-c', text, 'sh', action], { encoding: 'utf8' });
  }

  const told = () => readFileSync(join(folder, 'told'), 'utf8');
  const systemctl = `#!/bin/sh\n[ -e ${file} ] && is=there || is=gone\necho "$* $is" >>${folder}/told\n`;

  test('is told to systemd when it is written, and again when it is deleted', () => {
    expect(runScript('apply', systemctl)).toMatchObject({ status: 0, stderr: '' });
    expect(told()).toBe('daemon-reload there\n');
    const undone = runScript('take-back', systemctl);
    expect(undone).toMatchObject({ status: 0, stderr: '' });
    expect(undone.stdout).toMatch(/\$ rm .*90-fourtuple\.conf\n\$ systemctl daemon-reload\n/);
    expect(told()).toBe('daemon-reload there\ndaemon-reload gone\n');
    expect(existsSync(dirname(file))).toBe(false);
  });

  test.each([
    ['is not there', null],
    ['fails', '#!/bin/sh\nexit 1\n'],
  ])('is taken back all the same where systemctl %s', (_what, then) => {
    expect(runScript('apply', systemctl)).toMatchObject({ status: 0 });
    expect(runScript('undo', then)).toMatchObject({ status: 0 });
    expect(existsSync(file)).toBe(false);
  });

  test('says in the preview what its undo runs', () => {
    const [, step] = planOfUnit().steps;
    expect(step && stepInfo(step, 'linux').undoCommand).toBe(
      'rm /etc/systemd/system/order-sync.service.d/90-fourtuple.conf && systemctl daemon-reload',
    );
  });
});

function execPathOf(tool: string): string {
  const found = ['/usr/bin', '/bin'].map((place) => join(place, tool)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no ${tool} here`);
  return found;
}
