/** What the simulator says of a load must be what the kernel does with it, within 3 %. Each in a namespace of its own. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { capacityOf } from '../../main/core/budget.ts';
import { parsePortList } from '../../main/core/port-range.ts';
import { createRandom } from '../../main/core/simulate/random.ts';
import { simulate, type Simulation, type SimulationInput } from '../../main/core/simulate/simulate.ts';
import { startLoad, type Load, type LoadClient } from '../support/load/load.ts';
import { namespaceMissing, type NamespaceSettings } from '../support/namespace.ts';
import { until, withNamespace } from './support-check.ts';

const LOOPBACK = '127.0.0.1';
/** Not loopback to the kernel, though it stands on lo: tcp_tw_reuse is needed at 1. */
const ELSEWHERE = '192.0.2.7';
const REUSE_DELAY = '/proc/sys/net/ipv4/tcp_tw_reuse_delay';
const TOLERANCE = 0.03;
const START_LIMIT_MS = 20_000;
/** Two cores carry six loads at once: nothing is timed finer than this. */
const MOMENT_FLOOR_SECONDS = 0.15;
/** Before this a single late connection is more than the tolerance. */
const COUNTED_FROM_SECONDS = 4;
const SAMPLES_PER_SECOND = 100;

interface Scenario {
  title: string;
  /** ip_local_port_range from 40000. */
  rangeCount: number;
  settings?: NamespaceSettings;
  reuseDelayMs?: number;
  address?: string;
  /** One client each. */
  destinationPorts: number[];
  client: Pick<LoadClient, 'ratePerSecond' | 'burstSize' | 'localAddress'> & { ratePerSecond: number };
  seconds: number;
  error: 'EADDRNOTAVAIL' | 'EADDRINUSE';
}

const SCENARIOS: Scenario[] = [
  {
    title: 'constant arrivals',
    rangeCount: 1000,
    destinationPorts: [8080],
    client: { ratePerSecond: 80 },
    seconds: 16,
    error: 'EADDRNOTAVAIL',
  },
  {
    title: 'bursts of 300',
    rangeCount: 1000,
    destinationPorts: [8080],
    // Every 3.4 s: no burst falls on a whole second, at which connections are counted.
    client: { ratePerSecond: 300 / 3.4, burstSize: 300 },
    seconds: 14,
    error: 'EADDRNOTAVAIL',
  },
  {
    title: 'two destinations, a pool each',
    rangeCount: 800,
    destinationPorts: [8080, 8081],
    client: { ratePerSecond: 60 },
    seconds: 17,
    error: 'EADDRNOTAVAIL',
  },
  {
    title: 'reuse of TIME_WAIT ports 6 s old',
    rangeCount: 600,
    settings: { twReuse: 1, addresses: [`${ELSEWHERE}/32`] },
    reuseDelayMs: 6000,
    address: ELSEWHERE,
    destinationPorts: [8080],
    client: { ratePerSecond: 110 },
    seconds: 18,
    error: 'EADDRNOTAVAIL',
  },
  {
    title: '200 reserved ports',
    rangeCount: 1000,
    settings: { reservedPorts: '40100-40199,40500-40599,8080' },
    destinationPorts: [8080],
    client: { ratePerSecond: 70 },
    seconds: 15,
    error: 'EADDRNOTAVAIL',
  },
  {
    title: 'bound before connecting: one pool for two destinations',
    rangeCount: 1000,
    destinationPorts: [8080, 8081],
    client: { ratePerSecond: 40, localAddress: LOOPBACK },
    seconds: 16,
    error: 'EADDRINUSE',
  },
];

const missing = namespaceMissing();

describe.skipIf(missing !== null)(
  `the simulator against the kernel${missing ? ` (skipped: ${missing})` : ''}`,
  { concurrent: true },
  () => {
    for (const scenario of SCENARIOS) {
      const lacksDelay = scenario.reuseDelayMs !== undefined && !existsSync(REUSE_DELAY);
      const title = `${scenario.title}${lacksDelay ? ' (skipped: this kernel has no tcp_tw_reuse_delay)' : ''}`;
      it.skipIf(lacksDelay)(title, () => compare(scenario));
    }
  },
);

async function compare(scenario: Scenario): Promise<void> {
  const portRange = { first: 40_000, last: 39_999 + scenario.rangeCount };
  await withNamespace({ twReuse: 0, ...scenario.settings, portRange }, async (namespace) => {
    if (scenario.reuseDelayMs !== undefined) {
      namespace.set('ipv4/tcp_tw_reuse_delay', String(scenario.reuseDelayMs));
    }
    const address = scenario.address ?? LOOPBACK;
    const servers = scenario.destinationPorts.map((port) => ({ address, port }));
    const clients = servers.map((server) => ({ ...server, ...scenario.client }));
    const load = startLoad({ servers, clients, seconds: scenario.seconds + 10 }, namespace);
    const { atMs } = await load.first('started', START_LIMIT_MS);
    await until(atMs, scenario.seconds);
    await load.stop();
    const simulated = simulate(inputOf(scenario));
    expectMoment(load, atMs, simulated, scenario);
    expectCounts(load, atMs, simulated, scenario);
  });
}

function inputOf(scenario: Scenario): SimulationInput {
  const { rangeCount, settings, client, destinationPorts } = scenario;
  const reserved = parsePortList(settings?.reservedPorts ?? '');
  if (!reserved.ok) throw new Error('the scenario reserves no list of ports');
  const ratePerSecond = client.ratePerSecond * destinationPorts.length;
  const { burstSize } = client;
  return {
    portCount: capacityOf({
      range: { first: 40_000, last: 39_999 + rangeCount },
      reserved: reserved.value,
    }),
    scope: client.localAddress === undefined ? 'destination' : 'address',
    destinations: destinationPorts.length,
    sourceAddresses: 1,
    connectionSeconds: 0,
    timeWaitSeconds: 60,
    reuseDelaySeconds: scenario.reuseDelayMs === undefined ? null : scenario.reuseDelayMs / 1000,
    activeCloseShare: 1,
    inUsePerPool: 0,
    arrivals:
      burstSize === undefined
        ? { kind: 'constant', ratePerSecond }
        : { kind: 'bursts', size: burstSize, everySeconds: burstSize / ratePerSecond },
    durationSeconds: scenario.seconds,
    sampleCount: scenario.seconds * SAMPLES_PER_SECOND,
    random: createRandom(1),
  };
}

function expectMoment(load: Load, startMs: number, simulated: Simulation, { title, error }: Scenario): void {
  const failedMs = load.firstFailureMs(error);
  expect(failedMs, `${title}: the kernel never refused with ${error}`).not.toBeNull();
  const actual = ((failedMs ?? NaN) - startMs) / 1000;
  const expected = simulated.firstFailureSeconds ?? NaN;
  const allowed = Math.max(MOMENT_FLOOR_SECONDS, TOLERANCE * expected);
  say(`${title}: first refused at ${actual.toFixed(2)} s, simulated ${expected.toFixed(2)} s`);
  expect(Math.abs(actual - expected), `refused at ${actual} s, simulated ${expected} s`).toBeLessThanOrEqual(
    allowed,
  );
}

/** Opened connections each second and in the end, refused ones in the end. */
function expectCounts(load: Load, startMs: number, simulated: Simulation, { title }: Scenario): void {
  const { samples } = simulated;
  for (const event of load.events) {
    if (event.event !== 'counted' && event.event !== 'ended') continue;
    const atSeconds = (event.atMs - startMs) / 1000;
    if (atSeconds < COUNTED_FROM_SECONDS) continue;
    const index = Math.min(samples.opened.length, Math.round(atSeconds * SAMPLES_PER_SECOND)) - 1;
    const opened = samples.opened[index] ?? NaN;
    const attempts = opened + (samples.failed[index] ?? NaN);
    const what = `${title} after ${atSeconds.toFixed(2)} s: opened ${event.opened}, simulated ${opened}`;
    if (event.event === 'ended') say(what);
    expect(Math.abs(event.opened - opened) / opened, what).toBeLessThanOrEqual(TOLERANCE);
    expect(
      Math.abs(event.failed - (attempts - opened)) / attempts,
      `${what}; refused ${event.failed}`,
    ).toBeLessThanOrEqual(TOLERANCE);
  }
}

/** The figures themselves, for the log of a run. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
