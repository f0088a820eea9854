import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Step, Target } from '../../../main/core/fixes/model.ts';
import type { SystemId } from '../../../main/core/readings.ts';
import { placeNow, readPresent, type PresentMachine } from '../../../main/fixes/present.ts';
import type { RunCommand, RunRequest, RunResult } from '../../../main/terminal/run.ts';
import { aProcess, aRoot } from '../../support/fake-root.ts';
import { aPlan } from '../../support/journal.ts';

function planWith(system: SystemId, ...targets: Target[]) {
  const [step] = aPlan().steps;
  return { system, steps: targets.map((target) => ({ ...step, target }) as Step) };
}

const RANGE: Target = { kind: 'sysctl', key: 'net.ipv4.ip_local_port_range' };
const FILE: Target = { kind: 'file', path: '/etc/sysctl.d/90-fourtuple.conf', mode: '0644' };
const limit = (startTicks: number | null): Target => ({ kind: 'descriptor-limit', pid: 4312, startTicks });
const onLinux = (root: string): PresentMachine => ({ platform: 'linux', run: null, root });

/** Answers each command with one line, or an exit status. */
function fakeSysctl(answers: Record<string, string | number>): { run: RunCommand; asked: RunRequest[] } {
  const asked: RunRequest[] = [];
  const run: RunCommand = (request) => {
    asked.push(request);
    const answer = answers[request.argv.at(-1) ?? ''] ?? 1;
    const value = {
      end: 'exited',
      exitCode: typeof answer === 'number' ? answer : 0,
      stdout: new TextEncoder().encode(typeof answer === 'number' ? '' : answer),
      truncated: false,
    } as unknown as RunResult;
    return Promise.resolve({ ok: true, value });
  };
  return { run, asked };
}

describe('readPresent on Linux', () => {
  test('F4: has one value a step, settings with one space, files exactly', async () => {
    const root = aRoot({
      '/proc/sys/net/ipv4/ip_local_port_range': '1024\t65535\n',
      '/etc/sysctl.d/90-fourtuple.conf': 'a \n',
      ...aProcess(4312),
    });
    const plan = planWith('linux', RANGE, FILE, limit(88_001), { kind: 'action', name: 'x' });
    expect(await readPresent(plan, onLinux(root))).toEqual([
      { kind: 'value', text: '1024 65535' },
      { kind: 'value', text: 'a \n' },
      { kind: 'value', text: '1024:524288' },
      { kind: 'absent' },
    ]);
  });

  test('S3: the limit of a process that has ended is absent, whoever has its pid now', async () => {
    const read = (files: Record<string, string>, startTicks: number | null) =>
      readPresent(planWith('linux', limit(startTicks)), onLinux(aRoot(files)));
    expect(await read({}, 88_001)).toEqual([{ kind: 'absent' }]);
    expect(await read(aProcess(4312), 88_002)).toEqual([{ kind: 'absent' }]);
    expect(await read(aProcess(4312, { state: 'Z' }), 88_001)).toEqual([{ kind: 'absent' }]);
    expect(await read(aProcess(4312, { limits: 'unlimited            unlimited' }), null)).toEqual([
      { kind: 'value', text: 'unlimited:unlimited' },
    ]);
  });

  test('S8: what is not there is absent, what belongs elsewhere is not known', async () => {
    const machine = onLinux(aRoot({}));
    expect(await readPresent(planWith('linux', RANGE, FILE), machine)).toEqual([
      { kind: 'absent' },
      { kind: 'absent' },
    ]);
    const windows = planWith('windows', { kind: 'dynamic-ports', family: 4 });
    const why = 'it belongs to another system than this one';
    expect(await readPresent(windows, machine)).toEqual([{ kind: 'unknown', why }]);
  });
});

describe('readPresent elsewhere', () => {
  const MSL: Target = { kind: 'sysctl', key: 'net.inet.tcp.msl' };

  test('asks sysctl for each setting', async () => {
    const { run, asked } = fakeSysctl({ 'net.inet.tcp.msl': '15000\n' });
    const plan = planWith('macos', MSL, { kind: 'sysctl', key: 'net.inet.ip.portrange.first' });
    expect(await readPresent(plan, { platform: 'darwin', run })).toEqual([
      { kind: 'value', text: '15000' },
      { kind: 'unknown', why: 'sysctl did not tell it' },
    ]);
    expect(asked[0]).toEqual({ tool: 'sysctl', argv: ['-n', 'net.inet.tcp.msl'], way: 'quiet' });
  });

  test('S8: what cannot be asked is not known, with the reason', async () => {
    const broken: RunCommand = () =>
      Promise.resolve({ ok: false, failure: { code: 'tool-missing', tool: 'sysctl', hint: '' } });
    const why = (plan: ReturnType<typeof planWith>, machine: PresentMachine) =>
      readPresent(plan, machine).then(([known]) => known?.kind === 'unknown' && known.why);
    expect(await why(planWith('freebsd', MSL), { platform: 'freebsd', run: broken })).toBe(
      'sysctl could not be run',
    );
    expect(await why(planWith('macos', MSL), { platform: 'darwin', run: null })).toBe(
      'it cannot be read back here yet',
    );
    const registry = planWith('windows', { kind: 'registry', name: 'MaxUserPort' });
    expect(await why(registry, { platform: 'win32', run: null })).toBe('it cannot be read back here yet');
  });
});

describe('placeNow', () => {
  test('is this run of the system and this network namespace', () => {
    const root = aRoot({ '/proc/sys/kernel/random/boot_id': '0f3ae4b1-3d4c-4a8b-9d27-0e9a1c2b3d4e\n' });
    mkdirSync(`${root}/proc/self/ns`, { recursive: true });
    symlinkSync('net:[4026531840]', `${root}/proc/self/ns/net`);
    expect(placeNow({ platform: 'linux', root })).toEqual({
      bootId: '0f3ae4b1-3d4c-4a8b-9d27-0e9a1c2b3d4e',
      networkNamespace: 'net:[4026531840]',
    });
  });

  test('S8: is not known where the system does not say', () => {
    const nowhere = { bootId: null, networkNamespace: null };
    expect(placeNow({ platform: 'linux', root: aRoot({}) })).toEqual(nowhere);
    expect(placeNow({ platform: 'darwin' })).toEqual(nowhere);
  });

  test.skipIf(process.platform !== 'linux')('is told by this kernel', () => {
    const { bootId, networkNamespace } = placeNow({ platform: 'linux' });
    expect(bootId).toMatch(/^[0-9a-f-]{36}$/);
    expect(networkNamespace).toMatch(/^net:\[\d+\]$/);
  });
});
