import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan, Step } from '../../../main/core/fixes/model.ts';
import { checkPlan, hashPlan } from '../../../main/fixes/plan-hash.ts';
import { aState } from '../../support/fixes.ts';
import { aPlan, everyPlan } from '../../support/journal.ts';

function withStep(plan: Plan, index: number, change: (step: Step) => unknown): Plan {
  const steps = plan.steps.map((step, at) => (at === index ? change(step) : step));
  return { ...plan, steps: steps as Step[] };
}

function reasonOf(plan: Plan): string {
  const checked = checkPlan(plan);
  return checked.ok || checked.failure.code !== 'invalid' ? 'accepted' : checked.failure.message;
}

/** Every path to a leaf of a value of plain data. */
function leaves(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return Object.entries(value).flatMap(([key, member]) =>
    leaves(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], leaf: unknown): unknown {
  if (key === undefined) return leaf;
  if (Array.isArray(value)) return value.map((each, at) => (at === key ? replaced(each, rest, leaf) : each));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, leaf) };
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((at, key) => (at as Record<string | number, unknown>)[key], value);
}

const plans = everyPlan();
/** What a person reads and nothing acts on; the hash alone guards it. */
const WORDS = new Set(['why', 'title', 'undoNote']);

describe('hashPlan', () => {
  test('F1: is the same for the same plan, however its keys are ordered', () => {
    const plan = aPlan();
    const turned = Object.fromEntries(Object.entries(plan).reverse()) as unknown as Plan;
    expect(hashPlan(plan)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashPlan(turned)).toBe(hashPlan(plan));
    expect(hashPlan(JSON.parse(JSON.stringify(plan)))).toBe(hashPlan(plan));
  });

  test('drops nothing in silence', () => {
    for (const odd of [undefined, Number.NaN, Infinity, new Map(), new Date(0), 1n, () => 0]) {
      expect(() => hashPlan({ ...aPlan(), title: odd } as unknown as Plan)).toThrow('has no place in JSON');
    }
  });
});

describe('checkPlan', () => {
  test.each(plans.map((plan) => [plan.system, plan.fixId, plan] as const))(
    'accepts what the fixes plan: %s %s',
    (_system, _id, plan) => {
      expect(checkPlan(plan)).toEqual({ ok: true, value: plan });
      expect(checkPlan(JSON.parse(JSON.stringify(plan)))).toEqual({ ok: true, value: plan });
    },
  );

  test('F1, F2: any single change of a step is refused or hashes differently; what acts is refused', () => {
    const places = plans.flatMap((plan) => leaves(plan.steps).map((path) => ({ plan, path })));
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant('; reboot'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), leaf, ({ plan, path }, value) => {
        fc.pre(valueAt(plan.steps, path) !== value);
        const mutated = { ...plan, steps: replaced(plan.steps, path, value) as Step[] };
        expect(hashPlan(mutated)).not.toBe(hashPlan(plan));
        const isOfWords = WORDS.has(String(path.at(-1))) || path[1] === 'target';
        if (!isOfWords) expect(checkPlan(mutated)).toMatchObject({ ok: false });
      }),
      { numRuns: 2000 },
    );
  });

  test('never throws, whatever a file held', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(checkPlan(value as Plan).ok).toBe(false);
        expect(checkPlan({ ...aPlan(), steps: value } as Plan).ok).toBe(false);
      }),
    );
  });

  const widen = aPlan('linux-widen-range', { persist: true });
  const set = (argv: string[]) => ({ kind: 'run', argv });
  const file = '/etc/sysctl.d/90-fourtuple.conf';
  const write = (path: string, content: string) => (step: Step) => ({
    ...step,
    title: path,
    target: { kind: 'file', path, mode: '0644' },
    proposed: { kind: 'value', text: content },
    apply: { kind: 'write-file', path, mode: '0644', content },
    undo: { kind: 'delete-file', path },
  });
  const sysctl = (key: string, before: string, after: string) => (step: Step) => ({
    ...step,
    title: key,
    target: { kind: 'sysctl', key },
    current: { kind: 'value', text: before },
    proposed: { kind: 'value', text: after },
    apply: set(['sysctl', '-w', `${key}=${after}`]),
    undo: set(['sysctl', '-w', `${key}=${before}`]),
  });
  test.each<[string, Plan, string]>([
    [
      'another command',
      withStep(widen, 1, (step) => ({ ...step, apply: set(['sh', '-c', 'id']) })),
      'step 2: it does something else than set net.ipv4.ip_local_port_range',
    ],
    [
      'another undo',
      withStep(widen, 1, (step) => ({ ...step, undo: null })),
      'step 2: it does something else',
    ],
    [
      'a key that is none of ours',
      withStep(widen, 1, sysctl('kernel.core_pattern', 'core', '|/bin/sh')),
      'kernel.core_pattern is not a setting that is changed here',
    ],
    [
      'a value out of bounds',
      withStep(widen, 1, sysctl('net.ipv4.tcp_max_tw_buckets', '131072', '0')),
      'tcp_max_tw_buckets takes 4096',
    ],
    [
      'a value that two would mean',
      withStep(widen, 1, sysctl('net.ipv4.ip_local_port_range', '32768 60999', '1024  65535')),
      'not written in the form in which it is set',
    ],
    [
      'an old value that never was',
      withStep(widen, 1, sysctl('net.ipv4.tcp_tw_reuse', '1\nkernel.x=1', '1')),
      'net.ipv4.tcp_tw_reuse never was "1',
    ],
    [
      'a setting of another system',
      withStep(widen, 1, sysctl('net.inet.tcp.msl', '15000', '5000')),
      'net.inet.tcp.msl is no setting of linux',
    ],
    [
      'a step twice',
      { ...widen, steps: [...widen.steps, ...widen.steps] },
      'step 4: it changes again what a step before it changes',
    ],
    [
      "somebody else's file",
      withStep(widen, 2, write('/etc/sysctl.d/99-site.conf', 'net.core.somaxconn = 4096\n')),
      '/etc/sysctl.d/99-site.conf: it is no file of a fix',
    ],
    [
      'a path that climbs',
      withStep(
        widen,
        2,
        write(
          '/etc/systemd/system/../../shadow.service.d/90-fourtuple.conf',
          '[Service]\nLimitNOFILE=65536\n',
        ),
      ),
      'it is no file of a fix',
    ],
    [
      'a foreign setting in our file',
      withStep(widen, 2, write(file, 'kernel.core_pattern = |/bin/sh\n')),
      `${file}: kernel.core_pattern is not a setting`,
    ],
    [
      'another value for good than now',
      withStep(widen, 2, write(file, 'net.ipv4.ip_local_port_range = 1024 65535\n')),
      'it would keep another value of net.ipv4.ip_local_port_range than is set now',
    ],
    [
      'a unit that starts something',
      withStep(
        widen,
        2,
        write(
          '/etc/systemd/system/a.service.d/90-fourtuple.conf',
          '[Service]\nLimitNOFILE=65536\nExecStartPre=/bin/id\n',
        ),
      ),
      'it holds what no fix writes',
    ],
    [
      'a unit that would start something when it is put back',
      withStep(widen, 2, (step) => {
        const path = '/etc/systemd/system/a.service.d/90-fourtuple.conf';
        const content = '[Service]\nExecStartPre=/bin/id\n';
        return {
          ...write(path, '[Service]\nLimitNOFILE=65536\n')(step),
          current: { kind: 'value', text: content },
          undo: { kind: 'write-file', path, mode: '0644', content },
        };
      }),
      'it holds what no fix writes',
    ],
    [
      'limits of another kind',
      withStep(
        widen,
        2,
        write(
          '/etc/security/limits.d/90-fourtuple.conf',
          'a soft nofile 65536\na hard nofile 65536\na hard core unlimited\n',
        ),
      ),
      'it holds what no fix writes',
    ],
    [
      'a command of no fix',
      withStep(aPlan('linux-release-time-wait'), 0, (step) => ({ ...step, apply: set(['ss', '-K']) })),
      'step 1: it is no command of a fix',
    ],
    [
      'sockets of every state',
      withStep(aPlan('linux-release-time-wait'), 0, (step) => ({
        ...step,
        apply: {
          kind: 'run',
          argv:
            step.apply.kind === 'run'
              ? step.apply.argv.map((word) => (word === 'time-wait' ? 'all' : word))
              : [],
        },
      })),
      'step 1: it is no command of a fix',
    ],
    [
      'a fix that is not known',
      { ...widen, fixId: 'linux-make-it-fast' },
      'it is of no fix that is carried out here',
    ],
    ['a fix of another system', { ...widen, system: 'windows' }, 'its fix is not for windows'],
    ['nothing to do', { ...widen, steps: [] }, 'it has nothing to carry out'],
    [
      'a refused one',
      { ...widen, refused: { reason: 'No.', offer: null, offerOptions: null } },
      'it is refused: No',
    ],
    [
      'what was there is not known',
      withStep(widen, 0, (step) => ({ ...step, current: { kind: 'unknown', why: 'x' } })),
      'step 1: what was there before is not known',
    ],
    ['one more key', { ...widen, more: 1 } as unknown as Plan, 'it does not have the shape of one'],
  ])('F2: refuses %s, with the reason', (_what, plan, reason) => {
    expect(reasonOf(plan)).toContain(reason);
  });

  test('F2: a limit is set for the very process that was looked at, and its hard limit is not lowered', () => {
    const processes = [
      {
        pid: 4312,
        startTicks: 7,
        process: 'nginx',
        descriptors: 9,
        softLimit: 1024,
        hardLimit: 524_288,
        unit: null,
        user: null,
      },
    ];
    const plan = aPlan('linux-descriptor-limit', { pid: 4312 }, aState('linux', { processes }));
    const target = (change: object) => (step: Step) => ({ ...step, target: { ...step.target, ...change } });
    expect(reasonOf(withStep(plan, 0, target({ startTicks: null })))).toContain('it could be another one’s');
    expect(reasonOf(withStep(plan, 0, target({ pid: 1 })))).toContain('it does something else');
    const lowered = { kind: 'value', text: '1024:1024' };
    expect(reasonOf(withStep(plan, 0, (step) => ({ ...step, proposed: lowered })))).toContain(
      'is not lowered',
    );
  });
});
