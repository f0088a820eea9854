/** `fourtuple budget`: what it prints, what it refuses. */
import { describe, expect, it } from 'vitest';
import { runBudget } from '../../../main/commands/budget.ts';
import type { Outcome, Summary } from '../../../main/core/model.ts';
import { aPool } from '../../support/pools.ts';
import { aSummary } from '../../support/what-if-summary.ts';

function run(line: string, readSummary?: () => Outcome<Summary>) {
  let out = '';
  let err = '';
  const output = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const untouched = () => {
    throw new Error('looked at the machine');
  };
  const argv = line === '' ? [] : line.split(' ');
  const status = runBudget(argv, output, readSummary ?? untouched);
  return { status, out, err };
}

const json = (line: string, readSummary?: () => Outcome<Summary>): unknown =>
  JSON.parse(run(`${line} --json`, readSummary).out);

describe('answers', () => {
  it('a profile alone: what it has, without a verdict on a rate that nobody gave', () => {
    const { status, out, err } = run('--profile windows-legacy');
    expect([status, err]).toEqual([0, '']);
    expect(out).toContain('3,976 (1025–5000)');
    expect(out).toContain('16.57/s');
    expect(out).not.toContain('runs out');
    expect(json('--profile windows-legacy')).toMatchObject({
      schema: 'fourtuple.budget/1',
      setup: { profileId: 'windows-legacy', portCount: 3976, timeWaitSeconds: 240, scope: 'host' },
      capacity: 3976,
      sustainableRatePerSecond: 3976 / 240,
      load: null,
      simulation: null,
    });
  });

  it('every option of the question', () => {
    const line =
      '--ports 1000 --time-wait 30 --rate 900 --hold 0.5 --destinations 2 --sources 3 --requests-per-connection 10 --in-use 50';
    expect(json(line)).toMatchObject({
      setup: {
        profileId: 'custom',
        portCount: 1000,
        timeWaitSeconds: 30,
        holdSeconds: 0.5,
        connectionSeconds: 5,
        destinations: 2,
        sourceAddresses: 3,
        requestsPerConnection: 10,
        inUse: 50,
      },
      poolCount: 6,
      capacity: 6000,
      lockSeconds: 35,
      load: { ratePerSecond: 900, connectionsPerSecond: 90, portsNeeded: 3150 },
    });
  });

  it('range, reserved ports and reuse after a delay in seconds', () => {
    expect(json('--range 40000-40999 --reserved 40010-40019,8080 --reuse-delay 0.5')).toMatchObject({
      capacity: 990,
      lockSeconds: 0.5,
      sustainableRatePerSecond: 1980,
      setup: { reservedCount: 10, isReuseEffective: true, reuseDelayMs: 500 },
    });
  });

  it('a server that closes first', () => {
    expect(json('--rate 100 --hold 0.2 --closes-first server')).toMatchObject({
      sustainableRatePerSecond: 141_160,
      load: { verdict: { level: 'ok' } },
    });
  });

  it('the other limits, by the rate at which they bind', () => {
    const result = json(
      '--rate 300 --hold 2 --files 256 --conntrack 20000 --snat-ports 64512 --pool 700 --max-tw-buckets 9000',
    );
    const { limits } = result as { limits: { id: string }[] };
    expect(limits.map(({ id }) => id)).toEqual([
      'file-descriptors',
      'time-wait-sockets',
      'conntrack',
      'connection-pool',
      'ports',
      'snat',
    ]);
  });

  it('--all: every profile and where the rounded figures come from', () => {
    const { status, out } = run('--all');
    expect(status).toBe(0);
    for (const figure of [
      '16.57/s',
      '68.27/s',
      '470.53/s',
      '466.67/s',
      '136.53/s',
      '546.13/s',
      '1,075.20/s',
    ]) {
      expect(out).toContain(figure);
    }
    expect(out).toContain('28,000 is 28,232 rounded down.');
    expect(out).toContain('4,000 is 3,976 rounded up.');
    expect(out.split('\n').every((line) => line === line.trimEnd())).toBe(true);
    expect(json('--all')).toMatchObject({ schema: 'fourtuple.budget/1', profiles: { length: 13 } });
  });

  it('--all with a rate: when each is full', () => {
    expect(run('--all --rate 600').out).toMatch(/^windows-legacy .* 6\.63 s /m);
    expect(run('--all --rate 600').out).toMatch(/^freebsd .* never /m);
  });

  it('--folklore', () => {
    expect(run('--folklore').out).toMatch(/^Does tcp_fin_timeout shorten TIME_WAIT\?\n {2}No\. It sets/);
    expect(json('--folklore')).toMatchObject({
      folklore: expect.arrayContaining([expect.objectContaining({ id: 'tw-recycle' })]),
    });
  });

  it('--simulate runs the load, the same for the same seed', () => {
    expect(json('--rate 600 --simulate 100')).toMatchObject({
      simulation: { opened: 28_232 + 600 * 40 - 0, peakInUse: 28_232 },
    });
    const poisson = '--rate 480 --simulate 300 --arrivals poisson --seed 7';
    expect(json(poisson)).toEqual(json(poisson));
    expect(json('--rate 100 --simulate 400 --arrivals bursts:30000')).toMatchObject({
      simulation: { firstFailureSeconds: 0, failed: 2 * (30_000 - 28_232) },
    });
  });

  it('this machine as it is, with what was given in place of what is measured', () => {
    const summary = aSummary([aPool({ used: 6000, openRatePerSecond: 100, byState: { TIME_WAIT: 6000 } })]);
    const read = () => ({ ok: true, value: summary }) as const;
    expect(json('--profile this-machine', read)).toMatchObject({
      setup: { profileId: 'this-machine', inUse: 6000 },
      load: { ratePerSecond: 100 },
    });
    expect(json('--profile this-machine --rate 1 --in-use 0', read)).toMatchObject({
      setup: { inUse: 0 },
      load: { ratePerSecond: 1 },
    });
  });

  it('says why this machine cannot be sampled', () => {
    const failure = {
      code: 'unsupported',
      what: 'sampling sockets',
      why: 'there is no sampler for aix',
    } as const;
    const { status, err } = run('--profile this-machine', () => ({ ok: false, failure }));
    expect([status, err]).toEqual([
      3,
      'fourtuple budget: Sampling sockets is not possible here: there is no sampler for aix; see fourtuple budget --help\n',
    ]);
  });

  it('--help names every option', () => {
    const { out } = run('--help');
    for (const option of [
      '--profile',
      '--ports',
      '--range',
      '--time-wait',
      '--rate',
      '--hold',
      '--destinations',
      '--sources',
      '--reuse-delay',
      '--reserved',
      '--requests-per-connection',
      '--closes-first',
      '--json',
      '--all',
      '--folklore',
      '--help',
    ]) {
      expect(out).toContain(option);
    }
  });
});

describe('wrong usage', () => {
  it.each([
    ['--rate -5', 'rate must be a number from 0.001 to 10,000,000, not -5'],
    ['--rate NaN', '--rate takes a number, not "NaN"'],
    ['--rate 0x10', '--rate takes a number, not "0x10"'],
    ['--rate', "Option '--rate <value>' argument missing"],
    ['--range 5', '--range takes two ports such as 32768-60999, not "5"'],
    ['--range 50000-40000', 'first port 50000 is above last port 40000'],
    ['--range 1024-70000', 'last port must be a whole number from 0 to 65535, not 70000'],
    ['--ports 0', 'number of ports must be a whole number from 1 to 65,535, not 0'],
    ['--ports 1.5', 'number of ports must be a whole number from 1 to 65,535, not 1.5'],
    ['--reserved 1-65535', 'the reserved ports leave no port of the range'],
    ['--time-wait 0', 'TIME_WAIT must be a number from 0.1 to 3,600, not 0'],
    ['--closes-first me', '--closes-first takes client or server, not "me"'],
    ['--scope world', '--scope takes destination, address or host, not "world"'],
    ['--simulate 5', '--simulate needs --rate'],
    ['--arrivals poisson', '--arrivals needs --simulate SECONDS'],
    [
      '--rate 5 --simulate 10 --arrivals often',
      '--arrivals takes constant, poisson or bursts:N, not "often"',
    ],
    ['--rate 9e6 --simulate 86400', 'duration times rate must be at most 20,000,000 connections'],
  ])('%s: ends with 3 and one sentence', (line, message) => {
    const { status, out, err } = run(line);
    expect([status, out, err]).toEqual([
      3,
      '',
      `fourtuple budget: ${message}; see fourtuple budget --help\n`,
    ]);
  });

  it.each(['--profile beos', '--verbose', 'linux'])('%s: likewise', (line) => {
    const { status, out, err } = run(line);
    expect([status, out, err.split('\n').length]).toEqual([3, '', 2]);
  });
});
