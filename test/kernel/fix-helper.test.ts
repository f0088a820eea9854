/** The helper's script, really run with each shell that is here, over a terminal and over pipes (main/fixes/helper.ts). */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findFix } from '../../main/core/fixes/catalogue.ts';
import type { FixParameters, Plan } from '../../main/core/fixes/model.ts';
import { scriptOf } from '../../main/core/fixes/script.ts';
import { actionStep } from '../../main/core/fixes/steps.ts';
import { anInput, aState, summaryFor } from '../support/fixes.ts';
import { startHelperRun, type HelperRun, type HelperWay } from '../support/helper-run.ts';
import { namespaceMissing, openNamespace, type TestNamespace } from '../support/namespace.ts';

const missing = namespaceMissing();

const SHELLS: readonly (readonly string[])[] = [
  ['/usr/bin/dash'],
  ['/bin/bash', '--posix'],
  ['/bin/busybox', 'ash'],
].filter(([program = '']) => existsSync(program));
const WAYS: readonly HelperWay[] = ['pipe', 'pty'];

const RANGE = 'ipv4/ip_local_port_range';
const RESERVED = 'ipv4/ip_local_reserved_ports';
const BEFORE = { [RANGE]: '32768\t60999\n', [RESERVED]: '\n' };
const AFTER = { [RANGE]: '10240\t65535\n', [RESERVED]: '15432\n' };

function widening(parameters: Partial<FixParameters> = {}): Plan {
  const asked = { range: { first: 10_240, last: 65_535 }, reserve: [{ first: 15_432, last: 15_432 }] };
  const plan = findFix('linux-widen-range')?.plan(
    anInput(aState('linux'), { ...asked, ...parameters }, summaryFor('linux')),
  );
  if (!plan) throw new Error('no plan');
  return plan;
}

function scriptFor(plan: Plan): string {
  const script = scriptOf(plan, 'sh');
  if (!script.ok) throw new Error(JSON.stringify(script.failure));
  return script.value;
}

let namespace: TestNamespace;
const runs: HelperRun[] = [];

interface Start {
  way?: HelperWay;
  shell?: readonly string[];
  script?: string;
  /** What goes before the shell. */
  within?: readonly string[];
}

function start(words: string[], { way = 'pipe', shell = ['/bin/sh'], script, within = [] }: Start = {}) {
  const text = script ?? scriptFor(widening());
  const run = startHelperRun(namespace, way, [...within, ...shell, '-c', text, 'fourtuple', ...words]);
  runs.push(run);
  return run;
}

function values(): Record<string, string> {
  const read = (name: string) => namespace.run(['cat', `/proc/sys/net/${name}`]).stdout;
  return { [RANGE]: read(RANGE), [RESERVED]: read(RESERVED) };
}

function reset(): void {
  namespace.set('ipv4/ip_unprivileged_port_start', '1024');
  namespace.set(RANGE, '32768 60999');
  namespace.set(RESERVED, '');
}

/** Goes with it until it holds. */
async function untilHolding(run: HelperRun): Promise<void> {
  for (const step of [1, 2]) {
    await run.heard(`begin ${step}`);
    run.say(`go ${step}`);
  }
  await run.heard('holding');
}

const APPLIED = ['ready', 'begin 1', 'done 1', 'begin 2', 'done 2', 'holding'];
/** What tells that everything printed for the person was the same way each time. */
const APPLYING = `$ sysctl -w net.ipv4.ip_local_reserved_ports=15432
net.ipv4.ip_local_reserved_ports = 15432
exit 0
read back: 15432
$ sysctl -w net.ipv4.ip_local_port_range="10240 65535"
net.ipv4.ip_local_port_range = 10240 65535
exit 0
read back: 10240 65535
`;
const UNDOING = `$ sysctl -w net.ipv4.ip_local_port_range="32768 60999"
net.ipv4.ip_local_port_range = 32768 60999
exit 0
read back: 32768 60999
$ echo >/proc/sys/net/ipv4/ip_local_reserved_ports
exit 0
read back: empty
`;

describe.skipIf(missing !== null)(`the helper${missing ? ` (skipped: ${missing})` : ''}`, () => {
  beforeAll(async () => void (namespace = await openNamespace()));
  afterAll(() => namespace?.close());
  afterEach(async () => {
    for (const run of runs.splice(0)) run.leave();
    // Nothing that a helper started outlives it: its ear, its clock.
    await expect.poll(leftInside, { timeout: 4000 }).toEqual([]);
    reset();
  });

  describe.each(SHELLS.map((shell) => ({ shell, name: shell.join(' ') })))('by $name', ({ shell }) => {
    describe.each(WAYS)('over a %s', (way) => {
      it('applies, holds and keeps, and shows what it does', async () => {
        const run = start(['hold', '60'], { way, shell });
        await untilHolding(run);
        expect(values()).toEqual(AFTER);
        run.say('keep');
        expect(await run.ended).toBe(0);
        expect(run.messages).toEqual([...APPLIED, 'kept']);
        expect(run.text()).toBe(APPLYING);
        expect(values()).toEqual(AFTER);
      });

      it('applies, holds and takes back exactly', async () => {
        const run = start(['hold', '60'], { way, shell });
        await untilHolding(run);
        run.say('undo');
        expect(await run.ended).toBe(10);
        expect(run.messages).toEqual([...APPLIED, 'undone 2', 'undone 1']);
        expect(run.text()).toBe(`${APPLYING}${UNDOING}`);
        expect(values()).toEqual(BEFORE);
      });

      it('takes back when its own clock runs out, without a word from us', async () => {
        const run = start(['hold', '1'], { way, shell });
        await untilHolding(run);
        const atMs = performance.now();
        expect(await run.ended).toBe(10);
        expect(performance.now() - atMs).toBeGreaterThan(900);
        expect(values()).toEqual(BEFORE);
      });

      it.each([
        ['begin 2', 'leave'],
        ['begin 2', 'SIGTERM'],
        ['holding', 'SIGHUP'],
      ] as const)('at "%s", on %s: takes back exactly and ends with 4', (point, end) =>
        breakOff(point, end, { way, shell }),
      );

      it('is not put off by what a person types, and runs none of it', async () => {
        const run = start(['hold', '60'], { way, shell });
        await run.heard('begin 1');
        const typed = [
          '',
          'hello',
          'go 2',
          'keep',
          ' go 1',
          'go 1; reboot',
          '$(touch /x)',
          '`',
          "'",
          '*',
          '\\',
        ];
        for (const line of typed) run.say(line);
        await pause(50);
        expect(run.messages).toEqual(['ready', 'begin 1']);
        await untilHolding(run);
        run.say('go 1');
        run.say('undo');
        expect(await run.ended).toBe(10);
        expect(run.text()).toBe(`${APPLYING}${UNDOING}`);
      });

      it('takes back, in the order of the plan, what a failing step came after', async () => {
        // The kernel then takes no range that begins lower.
        namespace.set('ipv4/ip_unprivileged_port_start', '20000');
        const run = start(['hold', '60'], { way, shell });
        for (const step of [1, 2]) {
          await run.heard(`begin ${step}`);
          run.say(`go ${step}`);
        }
        expect(await run.ended).toBe(1);
        expect(run.messages.map((each) => each.replace(/^failed 2 \d+$/, 'failed 2 STATUS'))).toEqual([
          'ready',
          'begin 1',
          'done 1',
          'begin 2',
          'failed 2 STATUS',
          'undone 2',
          'undone 1',
        ]);
        expect(run.text()).toContain('Invalid argument');
        expect(values()).toEqual(BEFORE);
      });

      it('F5: killed, it is finished or taken back by another one', async () => {
        for (const point of ['begin 2', 'holding'] as const) {
          const run = start(['hold', '60'], { way, shell });
          await run.heard('begin 1');
          run.say('go 1');
          await run.heard('begin 2');
          if (point === 'holding') run.say('go 2');
          await run.heard(point);
          process.kill(run.pid, 'SIGKILL');
          await run.ended;
          run.leave();
          const half = { ...BEFORE, [RESERVED]: AFTER[RESERVED] };
          expect(values()).toEqual(point === 'holding' ? AFTER : half);
          await finishThenTakeBack(way, shell, point);
          expect(values()).toEqual(BEFORE);
        }
      });
    });
  });

  describe.each(WAYS)('by sh over a %s', (way) => {
    const points = ['begin 1', 'begin 2', 'holding'] as const;
    const ends = ['leave', 'SIGHUP', 'SIGINT', 'SIGTERM'] as const;
    it.each(points.flatMap((point) => ends.map((end) => [point, end] as const)))(
      'at "%s", on %s: takes back exactly and ends with 4',
      (point, end) => breakOff(point, end, { way }),
    );

    it('waits for no answer for ever between two steps', async () => {
      const script = scriptFor(widening()).replace('ANSWER_SECONDS=60', 'ANSWER_SECONDS=1');
      const run = start(['hold', '60'], { way, script });
      await run.heard('begin 1');
      run.say('go 1');
      expect(await run.ended).toBe(4);
      expect(run.messages).toEqual(['ready', 'begin 1', 'done 1', 'begin 2', 'undone 1']);
      expect(values()).toEqual(BEFORE);
    });
  });

  async function breakOff(
    point: 'begin 1' | 'begin 2' | 'holding',
    end: 'leave' | 'SIGHUP' | 'SIGINT' | 'SIGTERM',
    options: Start,
  ): Promise<void> {
    const run = start(['hold', '60'], options);
    for (const step of [1, 2]) {
      await run.heard(`begin ${step}`);
      if (point === `begin ${step}`) break;
      run.say(`go ${step}`);
    }
    await run.heard(point);
    if (end === 'leave') run.leave();
    else process.kill(run.pid, end);
    // A terminal that was hung up tells nothing more.
    if (end !== 'leave' || options.way === 'pipe') expect(await run.ended).toBe(4);
    else await expect.poll(() => isThere(run.pid)).toBe(false);
    expect(values()).toEqual(BEFORE);
  }

  async function finishThenTakeBack(way: HelperWay, shell: readonly string[], point: string): Promise<void> {
    const second = start(['hold', '60'], { way, shell });
    if (point === 'begin 2') {
      await second.heard('begin 2');
      second.say('go 2');
    }
    await second.heard('holding');
    const steps = point === 'begin 2' ? ['begin 2', 'done 2'] : ['done 2'];
    expect(second.messages).toEqual(['ready', 'done 1', ...steps, 'holding']);
    second.say('keep');
    expect(await second.ended).toBe(0);
    expect(values()).toEqual(AFTER);
    for (const _again of [1, 2]) {
      const back = start(['take-back'], { way, shell });
      expect(await back.ended).toBe(0);
      expect(back.messages).toEqual(['ready', 'undone 2', 'undone 1']);
    }
  }

  it('is kept at once with 0 seconds', async () => {
    const run = start(['hold', '0']);
    for (const step of [1, 2]) {
      await run.heard(`begin ${step}`);
      run.say(`go ${step}`);
    }
    expect(await run.ended).toBe(0);
    expect(run.messages.at(-1)).toBe('kept');
    expect(values()).toEqual(AFTER);
  });

  it.each(['', '1h', '-1', '08', '999999', '$(id)'])('refuses to hold for "%s" seconds', async (seconds) => {
    const run = start(['hold', seconds]);
    expect(await run.ended).toBe(2);
    expect(values()).toEqual(BEFORE);
  });

  it('F4: refuses when a value has changed since, and changes nothing', async () => {
    namespace.set(RANGE, '30000 60999');
    const run = start(['hold', '60'], { way: 'pty' });
    expect(await run.ended).toBe(2);
    expect(run.messages).toEqual(['refused 2']);
    expect(run.text()).toBe(
      'net.ipv4.ip_local_port_range has changed since this was planned:\nread back: 30000 60999\nRefused; nothing was changed.\n',
    );
    expect(values()).toEqual({ [RANGE]: '30000\t60999\n', [RESERVED]: '\n' });
  });

  it('F4: does not overwrite what somebody changed while it waited', async () => {
    const run = start(['hold', '60']);
    await run.heard('begin 1');
    run.say('go 1');
    await run.heard('begin 2');
    namespace.set(RANGE, '30000 60999');
    run.say('go 2');
    expect(await run.ended).toBe(1);
    expect(run.messages.slice(3)).toEqual(['begin 2', 'failed 2 0', 'undone 1']);
    expect(values()).toEqual({ [RANGE]: '30000\t60999\n', [RESERVED]: '\n' });
  });

  it('F4: refuses at its first step as it does before it', async () => {
    const run = start(['hold', '60']);
    await run.heard('begin 1');
    namespace.set(RESERVED, '9');
    run.say('go 1');
    expect(await run.ended).toBe(2);
    expect(run.messages).toEqual(['ready', 'begin 1', 'refused 1']);
    expect(values()[RESERVED]).toBe('9\n');
  });

  it('F6: leaves what somebody changed meanwhile, and says so', async () => {
    const run = start(['hold', '60']);
    await untilHolding(run);
    namespace.set(RESERVED, '15432,9999');
    run.say('undo');
    expect(await run.ended).toBe(3);
    expect(run.messages.slice(APPLIED.length)).toEqual(['undone 2', 'left 1']);
    expect(run.text()).toContain('was changed by someone else and is left alone:\nread back: 9999,15432\n');
    expect(values()).toEqual({ ...BEFORE, [RESERVED]: '9999,15432\n' });
  });

  it('leaves the terminal as it was, and echoes nothing that we say', async () => {
    const around = ['sh', '-c', 'stty -a; "$@"; echo "exit was $?"; stty -a', 'sh'];
    const run = start(['hold', '0'], { way: 'pty', within: around });
    for (const step of [1, 2]) {
      await run.heard(`begin ${step}`);
      run.say(`go ${step}`);
    }
    await run.ended;
    const [first, , ...rest] = run.text().split(/(exit was 0\n)/);
    expect(first?.slice(0, -APPLYING.length)).toBe(rest.join(''));
    expect(run.text()).toContain(' echo ');
    expect(run.text()).not.toContain('go 1');
  });

  it('Ctrl-C takes back; Ctrl-D and Ctrl-Z are nothing', async () => {
    const run = start(['hold', '60'], { way: 'pty' });
    await untilHolding(run);
    run.say('\u0004\u001a');
    await pause(100);
    expect(values()).toEqual(AFTER);
    run.say('\u0003');
    expect(await run.ended).toBe(4);
    expect(values()).toEqual(BEFORE);
  });

  it('carries an action out each time, without anything to take back', async () => {
    const script = scriptFor({
      ...widening(),
      steps: [
        ...widening().steps.slice(0, 1),
        actionStep('looks', ['echo', 'looking \u001e done'], 'why', 'A look stays.'),
      ],
    });
    const run = start(['hold', '60'], { script });
    await untilHolding(run);
    run.say('undo');
    expect(await run.ended).toBe(10);
    expect(run.messages).toEqual([...APPLIED, 'undone 1']);
    // What a command prints cannot speak to us.
    expect(run.text()).toContain("$ echo 'looking \\x1e done'\nlooking ? done\nexit 0\n");
    expect(run.text()).toContain('A look stays.\n');
  });

  const PERSISTENT = '/etc/sysctl.d/90-fourtuple.conf';
  const alone = (setup: string) => ['unshare', '--mount', 'sh', '-c', `${setup} && exec "$@"`, 'sh'];
  const OWN_FOLDER = 'mount -t tmpfs -o size=64k none /etc/sysctl.d';

  it('F8: writes a file of its own with mode 0644, and deletes it', async () => {
    const run = start(['hold', '60'], {
      script: scriptFor(widening({ persist: true })),
      within: alone(`${OWN_FOLDER} && touch /etc/sysctl.d/.fourtuple.abcdef`),
    });
    for (const step of [1, 2, 3]) {
      await run.heard(`begin ${step}`);
      run.say(`go ${step}`);
    }
    await run.heard('holding');
    const look = (...argv: string[]) =>
      namespace.run(['nsenter', '--target', String(run.pid), '--mount', '--', ...argv]).stdout;
    expect(look('stat', '-c', '%a %U %F', PERSISTENT)).toBe('644 root regular file\n');
    expect(look('tail', '-n', '1', PERSISTENT)).toBe('net.ipv4.ip_local_port_range = 10240 65535\n');
    // A file that was left by one that was killed while it wrote goes, too.
    expect(look('ls', '-A', '/etc/sysctl.d')).toBe('90-fourtuple.conf\n');
    expect(run.text()).toContain(`write ${PERSISTENT} (mode 0644):\n  # `);
    expect(run.text()).toContain('exit 0\nread back: as intended\n');
    run.say('undo');
    expect(await run.ended).toBe(10);
    expect(run.messages.slice(-3)).toEqual(['undone 3', 'undone 2', 'undone 1']);
    expect(run.text()).toContain(`$ rm ${PERSISTENT}\nexit 0\nread back: not there\n`);
  });

  it.each([
    ['the disk is full', `${OWN_FOLDER} && { cat /dev/zero >/etc/sysctl.d/full 2>/dev/null; true; }`],
    ['the disk is read-only', `${OWN_FOLDER} && mount -o remount,ro /etc/sysctl.d`],
    ['its folder is a link', 'mount -t tmpfs none /etc/sysctl.d && mkdir /etc/sysctl.d/real'],
  ] as const)('F8: rolls the settings back when %s', async (what, setup) => {
    const plan = widening({ persist: true });
    const path = '/etc/sysctl.d/link/90-fourtuple.conf';
    const steps = plan.steps.map((step) =>
      step.target.kind === 'file' && step.apply.kind === 'write-file'
        ? { ...step, target: { ...step.target, path }, apply: { ...step.apply, path } }
        : step,
    );
    const isLink = what === 'its folder is a link';
    const run = start(['hold', '60'], {
      script: scriptFor(isLink ? { ...plan, steps } : plan),
      within: alone(isLink ? `${setup} && ln -s real /etc/sysctl.d/link` : setup),
    });
    for (const step of [1, 2, 3]) {
      await run.heard(`begin ${step}`);
      run.say(`go ${step}`);
    }
    expect(await run.ended).toBe(1);
    expect(run.messages.slice(-4)).toEqual(['failed 3 1', 'undone 3', 'undone 2', 'undone 1']);
    expect(values()).toEqual(BEFORE);
  });

  it('F8: follows no link that stands where its file would be', async () => {
    const run = start(['hold', '60'], {
      script: scriptFor(widening({ persist: true })),
      within: alone(`${OWN_FOLDER} && ln -s /etc/passwd ${PERSISTENT}`),
    });
    expect(await run.ended).toBe(2);
    expect(run.messages).toEqual(['refused 3']);
    expect(values()).toEqual(BEFORE);
  });

  it('needs no sysctl, as slim containers have none', async () => {
    const hide = 'for tool in /usr/sbin/sysctl /sbin/sysctl; do mount --bind /dev/null $tool || exit; done';
    const run = start(['hold', '60'], { within: alone(hide), shell: ['/usr/bin/dash'] });
    await untilHolding(run);
    expect(values()).toEqual(AFTER);
    run.say('undo');
    expect(await run.ended).toBe(10);
    expect(run.text()).toContain(
      '$ sysctl -w net.ipv4.ip_local_port_range="10240 65535"\nexit 0\nread back: 10240 65535\n',
    );
    expect(values()).toEqual(BEFORE);
  });

  it('counts a limit as gone with its process', async () => {
    const child = namespace.spawn(['prlimit', '--nofile=512:4096', '--', 'cat']);
    const pid = child.pid ?? 0;
    const limits = () => spawnSync('prlimit', [`--pid=${pid}`, '--nofile', '--noheadings', '--raw']).stdout;
    await expect.poll(() => limits().toString()).toContain('512 4096');
    const state = aState('linux', {
      processes: [
        {
          pid,
          startTicks: null,
          process: 'cat',
          descriptors: 1,
          softLimit: 512,
          hardLimit: 4096,
          unit: null,
          user: null,
        },
      ],
    });
    const plan = findFix('linux-descriptor-limit')?.plan(anInput(state, { pid, value: 2048 }));
    if (!plan) throw new Error('no plan');
    const run = start(['hold', '60'], { script: scriptFor(plan) });
    await run.heard('begin 1');
    run.say('go 1');
    await run.heard('holding');
    expect(limits().toString()).toContain('2048 4096');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    run.say('undo');
    expect(await run.ended).toBe(10);
    expect(run.messages.at(-1)).toBe('undone 1');
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Commands in the namespace but the one that holds it, and cats of a test. */
function leftInside(): string[] {
  const identity = namespace.run(['readlink', '/proc/self/ns/net']).stdout.trim();
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && linkOf(`/proc/${pid}/ns/net`) === identity)
    .map((pid) => commandOf(pid))
    .filter((command) => command !== '' && command !== 'cat');
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Empty for what has ended. */
function commandOf(pid: string): string {
  try {
    const [, command = '', state] = /\((.*)\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    return state === 'Z' ? '' : command;
  } catch {
    return '';
  }
}
