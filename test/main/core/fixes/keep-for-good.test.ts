import { describe, expect, test } from 'vitest';
import { findFix, FIXES } from '../../../../main/core/fixes/catalogue.ts';
import { valueOf } from '../../../../main/core/fixes/known.ts';
import type { FixParameters, SystemState } from '../../../../main/core/fixes/model.ts';
import { valueOfPlan } from '../../../../main/core/fixes/plan-value.ts';
import { anInput, aState } from '../../../support/fixes.ts';

function planOf(id: string, state: SystemState, parameters: Partial<FixParameters>) {
  const fix = findFix(id);
  if (!fix) throw new Error(`there is no fix ${id}`);
  const plan = fix.plan(anInput(state, parameters));
  return { plan, value: valueOfPlan(fix, plan) };
}

/** The machine once the settings of a plan are in force. */
function after(state: SystemState, plan: ReturnType<typeof planOf>['plan']): SystemState {
  const values = new Map(state.values);
  for (const { target, proposed } of plan.steps)
    if (target.kind === 'sysctl') values.set(target.key, proposed);
  return { ...state, values };
}

describe('what is in force is kept for good as it is, not proposed anew', () => {
  const linux = aState('linux', {
    values: { 'net.ipv4.tcp_fin_timeout': '300', 'net.ipv4.tcp_timestamps': '0' },
  });
  test.each([
    ['linux-tw-buckets', linux, 262_144],
    ['linux-backlog', linux, 8192],
    ['linux-conntrack', linux, 524_288],
    ['linux-fin-timeout', linux, 15],
    ['linux-timestamps', linux, null],
    ['linux-tw-reuse', linux, null],
    ['macos-msl', aState('macos'), null],
  ] as const)('%s', (id, state, known) => {
    const first = planOf(id, state, {});
    expect(first.plan.refused).toBeNull();
    expect(first.plan.steps.every(({ isLasting }) => !isLasting)).toBe(true);
    if (known !== null) expect(first.value).toBe(known);
    const { plan } = planOf(id, after(state, first.plan), { value: first.value, persist: true });
    expect(plan.refused).toBeNull();
    expect(plan.steps.map(({ isLasting }) => isLasting)).toEqual([true]);
    const [lasting] = plan.steps;
    for (const { proposed } of first.plan.steps) {
      const text = proposed.kind === 'value' ? proposed.text : '';
      expect(lasting?.proposed).toMatchObject({ text: expect.stringContaining(text) });
    }
  });

  test('a limit of open files', () => {
    const process = (softLimit: number, hardLimit: number) =>
      aState('linux', {
        processes: [
          {
            pid: 7,
            startTicks: 1,
            process: 'nginx',
            descriptors: 9,
            softLimit,
            hardLimit,
            unit: 'nginx.service',
            user: null,
          },
        ],
        files: new Map([['/etc/systemd/system/nginx.service.d/90-fourtuple.conf', { kind: 'absent' }]]),
      });
    const first = planOf('linux-descriptor-limit', process(1024, 4096), { pid: 7 });
    expect(first.value).toBe(65_536);
    const { plan } = planOf('linux-descriptor-limit', process(65_536, 65_536), {
      pid: 7,
      value: first.value,
      persist: true,
    });
    expect(plan.steps.map(({ target }) => target.kind)).toEqual(['file', 'action']);
    expect(plan.steps[0]?.proposed).toEqual(valueOf('[Service]\nLimitNOFILE=65536\n'));
  });

  test('every fix that takes a number and can be kept for good says which setting that is', () => {
    for (const { id, takes, scopes, valueSets } of FIXES) {
      if (takes.value !== undefined && takes.persist !== undefined && scopes.includes('for good')) {
        expect([id, valueSets]).toEqual([id, expect.any(String)]);
      }
    }
  });
});
