import { describe, expect, it } from 'vitest';
import { findFix } from '../../../main/core/fixes/catalogue.ts';
import type { FixParameters, SystemState } from '../../../main/core/fixes/model.ts';
import { planInfo } from '../../../main/workbench/fix-plan-info.ts';
import { rightsInfo } from '../../../main/workbench/fix-rights.ts';
import { planSchema } from '../../../preload/contract-fixes.ts';
import { anInput, aState, summaryFor, tcp } from '../../support/fixes.ts';

const RIGHTS = { way: 'sudo', sentence: 'sudo asks.', obstacle: null } as const;

/** The plan of a fix as a page gets it. */
function shown(fixId: string, state: SystemState, parameters: Partial<FixParameters> = {}) {
  const fix = findFix(fixId);
  if (!fix) throw new Error(`there is no fix ${fixId}`);
  const input = anInput(state, parameters, summaryFor(state.system));
  const plan = fix.plan(input);
  const rights = rightsInfo({ plan, rights: RIGHTS, isImported: false, obstacle: null });
  const planHash = plan.steps.length > 0 ? 'hash' : null;
  const view = { fix, plan, parameters: input.parameters, planHash, state, rights };
  return planSchema.parse(planInfo(view));
}

describe('a plan as it is shown', () => {
  it('says each step in words, with the exact commands there and back', () => {
    const state = aState('linux', { tcpPorts: [tcp(15432, 'postgres')] });
    const range = { first: 10240, last: 65535 };
    const { steps, ranges } = shown('linux-widen-range', state, { range, reserve: 'found' });
    expect(steps.map(({ title, current, proposed }) => [title, current, proposed])).toEqual([
      ['net.ipv4.ip_local_reserved_ports', 'empty', '15432'],
      ['net.ipv4.ip_local_port_range', '32768 60999', '10240 65535'],
    ]);
    expect(steps.map(({ command, undoCommand }) => [command, undoCommand])).toEqual([
      [
        'sysctl -w net.ipv4.ip_local_reserved_ports=15432',
        'echo >/proc/sys/net/ipv4/ip_local_reserved_ports',
      ],
      [
        expect.stringMatching(/^sysctl -w .*net\.ipv4\.ip_local_port_range=.*10240 65535.$/),
        expect.stringMatching(/^sysctl -w .*net\.ipv4\.ip_local_port_range=.*32768 60999.$/),
      ],
    ]);
    expect(ranges).toEqual({
      present: { first: 32768, last: 60999 },
      proposed: range,
      presentPorts: 28232,
      proposedPorts: 55295,
      reserved: [{ first: 15432, last: 15432, label: 'postgres' }],
    });
  });

  it('names the usual services of ports that are reserved for them', () => {
    const { ranges } = shown('linux-widen-range', aState('linux'));
    expect(ranges?.reserved).toContainEqual({ first: 11211, last: 11211, label: 'memcached' });
    expect(ranges?.reserved).toContainEqual({ first: 27017, last: 27019, label: 'mongodb' });
  });

  it('shows a file by its path and its content whole', () => {
    const { steps, scopes } = shown('linux-tw-reuse', aState('linux'), { persist: true });
    expect(scopes).toContain('for good');
    expect(steps.at(-1)).toMatchObject({
      isFile: true,
      isLasting: true,
      current: 'not set',
      proposed: expect.stringContaining('net.ipv4.tcp_tw_reuse = 1'),
      command: '/etc/sysctl.d/90-fourtuple.conf',
      undoCommand: 'rm /etc/sysctl.d/90-fourtuple.conf',
    });
  });

  it('pictures the ranges of Windows and macOS, too', () => {
    const windows = shown('windows-widen-range', aState('windows'));
    expect(windows.ranges).toMatchObject({
      present: { first: 49152, last: 65535 },
      presentPorts: 16384,
      proposedPorts: (windows.effect?.capacity.then ?? 0) + 0,
    });
    expect(windows.script?.language).toBe('powershell');
    const macos = shown('macos-widen-range', aState('macos'));
    expect(macos.ranges?.present).toEqual({ first: 49152, last: 65535 });
    expect(macos.ranges?.proposed.first).toBeLessThan(49152);
  });

  it('has no picture and nothing to carry out where a person has to act', () => {
    const plan = shown('app-keep-alive', aState('linux'));
    expect(plan).toMatchObject({
      kind: 'application',
      steps: [],
      planHash: null,
      script: null,
      ranges: null,
    });
    expect(plan.recipes.length).toBeGreaterThan(0);
    expect(plan.rights).toMatchObject({ way: 'none', obstacle: null });
  });

  it('draws the pool as it is and with the change from now on', () => {
    const { curve } = shown('linux-widen-range', aState('linux'));
    expect(curve?.asIs[0]).toBeCloseTo(0.91, 2);
    expect(curve?.withChange[0]).toBeLessThan(0.5);
  });

  it('keeps the reason and the offer of a plan that is refused', () => {
    const state = aState('linux', { tcpPorts: [tcp(15432, 'postgres')] });
    const { refused, planHash, rights } = shown('linux-widen-range', state, {
      range: { first: 10240, last: 65535 },
    });
    expect(refused?.offer?.reserve).toEqual([{ first: 15432, last: 15432 }]);
    expect(planHash).toBeNull();
    expect(rights.obstacle).toBeNull();
  });
});

describe('the rights of a plan', () => {
  const fix = findFix('linux-tw-reuse');
  const plan = fix?.plan(anInput(aState('linux')));
  if (!plan) throw new Error('the fix is there');

  it('are those of this machine, whose obstacle comes after that of the journal', () => {
    expect(rightsInfo({ plan, rights: RIGHTS, isImported: false, obstacle: null })).toEqual(RIGHTS);
    const missing = { way: 'missing', sentence: 'none', obstacle: 'no sudo' } as const;
    expect(rightsInfo({ plan, rights: missing, isImported: false, obstacle: null }).obstacle).toBe('no sudo');
    expect(rightsInfo({ plan, rights: missing, isImported: false, obstacle: 'damaged' }).obstacle).toBe(
      'damaged',
    );
  });

  it('are none for files of another machine', () => {
    const { way, obstacle } = rightsInfo({ plan, rights: RIGHTS, isImported: true, obstacle: null });
    expect([way, obstacle]).toEqual(['none', expect.stringMatching(/Save the script/)]);
  });
});
