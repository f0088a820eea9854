import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChangeMachine } from '../../../main/commands/changes-here.ts';
import { parseFixOptions } from '../../../main/commands/fix-options.ts';
import { lookAround, runFix, type Look } from '../../../main/commands/fix.ts';
import type { Summary } from '../../../main/core/model.ts';
import { aState, summaryFor, tcp } from '../../support/fixes.ts';
import { aFinding } from '../../support/findings.ts';

const KEY = '10.0.2.7>10.0.3.12:443';

function incident(): Summary {
  const remedies = [
    { fixId: 'app-keep-alive', label: '', why: 'removes the cause', kind: 'application' as const },
    { fixId: 'linux-widen-range', label: '', why: 'more ports', kind: 'system' as const },
  ];
  return { ...summaryFor('linux'), findings: [aFinding({ level: 'critical', poolKey: KEY, remedies })] };
}

const here: Look = () =>
  Promise.resolve({
    ok: true,
    value: { summary: incident(), state: aState('linux', { tcpPorts: [tcp(15432, 'postgres')] }) },
  });

/** Nothing of these tests can change the machine that they run on. */
const nobodyThere: ChangeMachine = {
  open: () => {
    throw new Error('nothing is to be changed');
  },
  person: { isThere: false, readLine: () => Promise.resolve(null) },
  raw: () => undefined,
  watchPool: () => Promise.resolve(),
};

async function run(argv: string[], look: Look = here) {
  let out = '';
  let err = '';
  const output = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const status = await runFix(argv, output, new AbortController().signal, look, nobodyThere);
  return { status, out, err };
}

describe('fourtuple fix', () => {
  test('lists what the findings name first, the application before the system, with its effect', async () => {
    const { status, out, err } = await run([]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^Port pool to 10\.0\.3\.12:443 runs out/);
    expect(out).toMatch(
      /For what was found, best first\n\n {2}app-keep-alive: [^]*pool 91% → 11%\s+in use[^]*linux-widen-range: /,
    );
    expect(out).toMatch(
      /Not possible or not needed here\n[^]*linux-timestamps\n {4}TCP timestamps are on already\.\n/,
    );
    expect(out).not.toMatch(/windows-|What does not help/);
  });

  test('lists other systems and advice that does not help with --all', async () => {
    const { out } = await run(['--all']);
    expect(out).toMatch(/For other systems\n {2}windows-widen-range\n/);
    expect(out).toMatch(
      /What does not help, or harms\n {2}Lower tcp_fin_timeout against TIME_WAIT: does not help\n/,
    );
  });

  test('is one object with --json', async () => {
    const { out } = await run(['--json', '--all']);
    const list = JSON.parse(out);
    expect(list).toMatchObject({ schema: 'fourtuple.fixes/1', verdict: { level: 'critical' } });
    expect(list.fixes.slice(0, 2)).toMatchObject([
      { id: 'app-keep-alive', why: 'removes the cause', refused: null },
      { id: 'linux-widen-range', effect: { capacity: { now: 28232, then: 55275 } } },
    ]);
    expect(list.advice).toHaveLength(7);
  });

  test('shows what one would change: values, commands, undo, prediction', async () => {
    const { status, out } = await run(['linux-widen-range', '--plan', '--pool', '10.0.3.12:443']);
    expect(status).toBe(0);
    expect(out).toMatch(/\n2\. net\.ipv4\.ip_local_port_range\n {3}32768 60999 → 10240 65535: /);
    expect(out).toContain('\n   sysctl -w net.ipv4.ip_local_port_range="10240 65535"\n');
    expect(out).toContain('\n   undo: sysctl -w net.ipv4.ip_local_port_range="32768 60999"\n');
    expect(out).toMatch(/\nPredicted for 10\.0\.3\.12:443\n[^]* ports +28,232 +55,275\n/);
    expect(out).toMatch(/\nRights +administrator \(root\)\n/);
    expect(out).toMatch(
      /Nothing has been changed\. Carry it out: fourtuple fix linux-widen-range --apply,[^]* --script sh\n$/,
    );
  });

  test('F7: ends with 1 and the offer when it is refused', async () => {
    const argv = ['linux-widen-range', '--range', '10240-65535'];
    const { status, out } = await run(argv);
    expect(status).toBe(1);
    expect(out).toContain('fourtuple fix linux-widen-range --range 10240-65535 --reserve 15432\n');
    const script = await run([...argv, '--script', 'sh']);
    expect(script).toMatchObject({ status: 1, out: '' });
    expect(script.err).toContain('--range 10240-65535 --reserve 15432 --script sh\n');
  });

  test('prints a script and nothing else', async () => {
    const { status, out, err } = await run(['linux-tw-reuse', '--script', 'sh']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^#!\/bin\/sh\n/);
  });

  test('shows recipes for the runtime that uses the pool', async () => {
    const { out } = await run(['app-keep-alive']);
    expect(out).toContain('One requests.Session for all requests (python, http)');
    expect(out).not.toContain('(node, ');
  });

  test.each([
    [['--apply'], '--apply is for one fix'],
    [['linux-widen-range', '--apply'], 'there is no terminal to ask in: say --yes'],
    [['linux-widen-range', '--apply', '--json'], '--json asks nothing: say --yes'],
    [['linux-widen-range', '--apply', '--script', 'sh'], '--script changes nothing and --apply does'],
    [['linux-widen-range', '--apply', '--from', 'x'], '--apply is for this machine, not for files'],
    [['linux-widen-range', '--apply', '--keep', '--undo-after', '9'], 'exclude each other'],
    [['linux-widen-range', '--apply', '--undo-after', '0'], '--undo-after takes seconds from 1 to 3600'],
    [['linux-widen-range', '--keep'], '--keep goes with --apply'],
    [['linux-widen-range', '--yes'], '--yes goes with --apply'],
    [['linux-widen-rnge'], 'there is no fix "linux-widen-rnge"'],
    [['windows-widen-range'], 'windows-widen-range is for windows, and this is linux'],
    [['linux-widen-range', '--range', '1-2-3'], '--range takes two ports'],
    [['linux-widen-range', '--range', '9-70000'], 'last port must be'],
    [['linux-widen-range', '--reserve', 'all'], '--reserve: "all" is not a port'],
    [['linux-widen-range', '--script', 'bash'], '--script is sh or powershell'],
    [['linux-widen-range', '--script', 'powershell'], 'say --script sh'],
    [['linux-widen-range', '--pool', '192.0.2.1:1'], 'no pool is called "192.0.2.1:1"'],
    [['linux-widen-range', 'more'], '"more" is one word too many'],
    [['--range', '1024-65535'], '--range is for one fix'],
    [['--profile', 'windows'], '--profile is for files'],
    [['--from', 'a', '--for', '3'], '--for is for this machine'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('ends with 3 and one sentence for %j', async (argv, sentence) => {
    const { status, out, err } = await run(argv);
    expect({ status, out }).toEqual({ status: 3, out: '' });
    expect(err).toContain(sentence);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('says its exit statuses in the help', async () => {
    const { status, out } = await run(['--help']);
    expect(status).toBe(0);
    expect(out).toMatch(/\n {2}0 {2}the list[^]*\n {2}1 {2}[^]*\n {2}3 {2}wrong usage/);
  });
});

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fourtuple-fix-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('fourtuple fix --from', () => {
  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  test('plans for a Windows machine from what its tools printed', async () => {
    const netstat = file(
      'netstat.txt',
      [
        'Active Connections',
        '',
        '  Proto  Local Address          Foreign Address        State           PID',
        '  TCP    0.0.0.0:445            0.0.0.0:0              LISTENING       4',
        '  TCP    0.0.0.0:47001          0.0.0.0:0              LISTENING       4',
        '  TCP    192.0.2.7:49800        192.0.2.9:443          TIME_WAIT       0',
        '',
      ].join('\r\n'),
    );
    const ports = ['ipv4', 'ipv6'].map((family) =>
      file(
        `${family}.txt`,
        [
          `C:\\>netsh int ${family} show dynamicport tcp`,
          '',
          'Protocol tcp Dynamic Port Range',
          '---------------------------------',
          'Start Port      : 49152',
          'Number of Ports : 16384',
          '',
        ].join('\r\n'),
      ),
    );
    const argv = ['windows-widen-range', '--from', netstat, ...ports];
    const { status, out, err } = await run([...argv, '--json'], lookAround);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const { steps } = JSON.parse(out).plan;
    expect(steps.map(({ proposed }: { proposed: { text: string } }) => proposed.text)).toEqual([
      'administered',
      'administered',
      '10240 55296',
      '10240 55296',
    ]);
    const script = await run([...argv, '--script', 'powershell'], lookAround);
    expect(script.out).toContain("'start=49152', 'num=16384'");
  });

  test('refuses to plan what the files do not tell the present value of', async () => {
    const ss = file(
      'ss.txt',
      'State Recv-Q Send-Q Local Address:Port Peer Address:Port\nESTAB 0 0 10.0.2.7:50315 10.0.3.12:443\n',
    );
    const { status, out } = await run(['linux-widen-range', '--from', ss], lookAround);
    expect(status).toBe(1);
    expect(out).toContain('could not be read, so the change could not be taken back');
  });

  test('plans for a Linux machine from its sockets and settings', async () => {
    const ss = file(
      'ss.txt',
      'State Recv-Q Send-Q Local Address:Port Peer Address:Port\nLISTEN 0 128 0.0.0.0:15432 0.0.0.0:*\n',
    );
    const sysctl = file(
      'sysctl.txt',
      'net.ipv4.ip_local_port_range = 32768\t60999\nnet.ipv4.ip_local_reserved_ports = \nnet.ipv4.tcp_tw_reuse = 2\n',
    );
    const { out } = await run(
      ['linux-widen-range', '--reserve', 'found', '--json', '--from', ss, sysctl],
      lookAround,
    );
    const { steps, warnings } = JSON.parse(out).plan;
    expect(steps.map(({ proposed }: { proposed: { text: string } }) => proposed.text)).toEqual([
      '15432',
      '10240 65535',
    ]);
    expect(warnings).toContain('Which UDP ports services use is not known: look before applying.');
  });
});

describe('the options of fourtuple fix', () => {
  test('take the first word as the fix, and words after --from as files', () => {
    const named = parseFixOptions(['app-keep-alive', '--from', 'a', 'b']);
    expect(named).toMatchObject({ value: { fixId: 'app-keep-alive', from: ['a', 'b'] } });
    expect(parseFixOptions(['--from', 'a', 'b'])).toMatchObject({ value: { fixId: null, from: ['a', 'b'] } });
  });

  test('read ranges, lists and numbers', () => {
    const argv = [
      'x',
      '--range',
      '10240-65535',
      '--reserve',
      '8080,9100',
      '--value',
      '5',
      '--pid',
      '7',
      '--persist',
    ];
    expect(parseFixOptions(argv)).toMatchObject({
      value: {
        parameters: {
          range: { first: 10240, last: 65535 },
          reserve: [
            { first: 8080, last: 8080 },
            { first: 9100, last: 9100 },
          ],
          value: 5,
          pid: 7,
          persist: true,
        },
      },
    });
  });
});
