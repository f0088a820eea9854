/** The options of `fourtuple budget`. */
import { parseArgs } from 'node:util';
import type { Outcome, PoolScope, PortRange } from '../core/model.ts';
import type { SimulationPlan } from '../core/simulate/load.ts';
import { knownProfileIds } from '../core/what-if/base.ts';
import { defaultInput } from '../core/what-if/catalogue.ts';
import type { WhatIfInput } from '../core/what-if/model.ts';
import { parseFailure, usage } from './usage.ts';

export interface BudgetOptions {
  json: boolean;
  all: boolean;
  folklore: boolean;
  help: boolean;
  /** False: no rate was asked for, only what there is. */
  hasRate: boolean;
  input: WhatIfInput;
  /** What this machine's live values must not replace. */
  given: { rate: boolean; hold: boolean; inUse: boolean };
  /** Null: closed forms only. */
  simulation: SimulationPlan | null;
}

/** The question without a rate is asked with this one, and what depends on it is not shown. */
const NO_RATE = 1;
const SCOPES: readonly PoolScope[] = ['destination', 'address', 'host'];

const OPTIONS = {
  json: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  folklore: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  profile: { type: 'string' },
  ports: { type: 'string' },
  range: { type: 'string' },
  reserved: { type: 'string' },
  'time-wait': { type: 'string' },
  rate: { type: 'string' },
  hold: { type: 'string' },
  destinations: { type: 'string' },
  sources: { type: 'string' },
  'reuse-delay': { type: 'string' },
  'requests-per-connection': { type: 'string' },
  'closes-first': { type: 'string' },
  'in-use': { type: 'string' },
  scope: { type: 'string' },
  'max-tw-buckets': { type: 'string' },
  files: { type: 'string' },
  conntrack: { type: 'string' },
  'snat-ports': { type: 'string' },
  pool: { type: 'string' },
  simulate: { type: 'string' },
  arrivals: { type: 'string' },
  seed: { type: 'string' },
} as const;

type Values = Partial<Record<keyof typeof OPTIONS, string | boolean>>;
type NumberOption = Exclude<keyof typeof OPTIONS, 'json' | 'all' | 'folklore' | 'help'>;

/** Thrown inside this file only, caught at its door. */
class WrongUsage extends Error {}

/** Reads argv after the word "budget"; a failure's message is one sentence. Bounds of numbers are the core's. */
export function parseBudgetOptions(argv: readonly string[]): Outcome<BudgetOptions> {
  try {
    const { values } = parseArgs({
      args: joinNegatives(argv),
      options: OPTIONS,
      strict: true,
      allowPositionals: false,
    });
    return { ok: true, value: optionsOf(values) };
  } catch (cause) {
    return cause instanceof WrongUsage ? usage('arguments', cause.message) : parseFailure(cause);
  }
}

/** "--rate -5" is a wrong rate, not a missing one. */
function joinNegatives(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of argv) {
    const previous = joined.at(-1);
    if (previous?.startsWith('--') && !previous.includes('=') && /^-[\d.]/.test(word)) {
      joined[joined.length - 1] = `${previous}=${word}`;
    } else joined.push(word);
  }
  return joined;
}

function optionsOf(values: Values): BudgetOptions {
  const { json, all, folklore, help } = values;
  return {
    json: json === true,
    all: all === true,
    folklore: folklore === true,
    help: help === true,
    hasRate: values.rate !== undefined || values.profile === 'this-machine',
    input: inputOf(values),
    given: {
      rate: values.rate !== undefined,
      hold: values.hold !== undefined,
      inUse: values['in-use'] !== undefined,
    },
    simulation: simulationOf(values),
  };
}

function inputOf(values: Values): WhatIfInput {
  const start = defaultInput();
  const number = (option: NumberOption) => readNumber(option, values[option]);
  const reuseDelay = number('reuse-delay');
  const { profile } = values;
  const isOwn = ['ports', 'range', 'time-wait', 'scope'].some(
    (option) => values[option as NumberOption] !== undefined,
  );
  return {
    ...start,
    profileId: typeof profile === 'string' ? profile : isOwn ? 'custom' : start.profileId,
    ratePerSecond: number('rate') ?? NO_RATE,
    requestsPerConnection: number('requests-per-connection') ?? start.requestsPerConnection,
    holdSeconds: number('hold') ?? start.holdSeconds,
    activeCloseShare: readCloser(values['closes-first']),
    destinations: number('destinations') ?? start.destinations,
    sourceAddresses: number('sources') ?? start.sourceAddresses,
    inUse: number('in-use') ?? start.inUse,
    range: readRange(values.range),
    portCount: number('ports'),
    reservedPorts: typeof values.reserved === 'string' ? values.reserved : null,
    timeWaitSeconds: number('time-wait'),
    scope: readScope(values.scope),
    reuseMode: reuseDelay === null ? null : 'all',
    reuseDelayMs: reuseDelay === null ? null : reuseDelay * 1000,
    limits: {
      timeWaitSockets: number('max-tw-buckets'),
      fileDescriptors: number('files'),
      conntrackEntries: number('conntrack'),
      snatPorts: number('snat-ports'),
      connectionPool: number('pool'),
    },
  };
}

function simulationOf(values: Values): SimulationPlan | null {
  const durationSeconds = readNumber('simulate', values.simulate);
  if (durationSeconds === null) {
    for (const option of ['arrivals', 'seed'] as const) {
      if (values[option] !== undefined) throw new WrongUsage(`--${option} needs --simulate SECONDS`);
    }
    return null;
  }
  if (values.rate === undefined) throw new WrongUsage('--simulate needs --rate');
  const seed = readNumber('seed', values.seed) ?? 1;
  const arrivals = values.arrivals ?? 'constant';
  if (arrivals === 'constant' || arrivals === 'poisson')
    return { arrivals, burstSize: 1, durationSeconds, seed };
  const size = /^bursts:(\d{1,7})$/.exec(String(arrivals))?.[1];
  if (size !== undefined) return { arrivals: 'bursts', burstSize: Number(size), durationSeconds, seed };
  throw new WrongUsage(`--arrivals takes constant, poisson or bursts:N, not "${quoted(arrivals)}"`);
}

function readNumber(option: NumberOption, value: string | boolean | undefined): number | null {
  if (typeof value !== 'string') return null;
  const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value.trim()) ? Number(value) : NaN;
  if (Number.isFinite(number)) return number;
  throw new WrongUsage(`--${option} takes a number, not "${quoted(value)}"`);
}

function readRange(value: string | boolean | undefined): PortRange | null {
  if (typeof value !== 'string') return null;
  const match = /^(\d{1,7})[-–](\d{1,7})$/.exec(value.trim());
  if (match) return { first: Number(match[1]), last: Number(match[2]) };
  throw new WrongUsage(`--range takes two ports such as 32768-60999, not "${quoted(value)}"`);
}

function readCloser(value: string | boolean | undefined): number {
  if (value === undefined || value === 'client') return 1;
  if (value === 'server') return 0;
  throw new WrongUsage(`--closes-first takes client or server, not "${quoted(value)}"`);
}

function readScope(value: string | boolean | undefined): PoolScope | null {
  if (value === undefined) return null;
  const scope = SCOPES.find((candidate) => candidate === value);
  if (scope) return scope;
  throw new WrongUsage(`--scope takes destination, address or host, not "${quoted(value)}"`);
}

/** Foreign text in a sentence: short, and without control characters. */
function quoted(value: string | boolean): string {
  return [...String(value)]
    .map((character) => (character < ' ' ? '?' : character))
    .join('')
    .slice(0, 40);
}

export const BUDGET_HELP = `fourtuple budget: how many connections per second will the ports carry?

Usage: fourtuple budget [options]

What there is
  --profile ID                one of ${knownProfileIds().slice(0, 6).join(', ')},
                              ${knownProfileIds().slice(6).join(', ')}
                              (default linux; custom where ports, range, TIME_WAIT or scope are given)
  --ports N                   ports of one pool
  --range A-B                 or the range they come from
  --reserved LIST             less these: 8080,40000-40002
  --time-wait SECONDS         how long a closed connection locks its port
  --scope WHAT                a port is taken for one destination, for one local address, or for the whole host
  --reuse-delay SECONDS       TIME_WAIT ports are handed out again after this (Linux: tcp_tw_reuse = 1; 1 s)

What is asked of it
  --rate R                    requests per second; each opens a connection unless the next option says otherwise
  --requests-per-connection N keep-alive
  --hold SECONDS              how long a connection is open for each request (default 0)
  --closes-first WHO          client or server (default client): only this side waits in TIME_WAIT
  --destinations N            address and port pairs the load is spread over (default 1)
  --sources N                 local addresses it is spread over (default 1)
  --in-use N                  ports in use at the start (default 0)

What else may run out
  --max-tw-buckets N  --files N  --conntrack N  --snat-ports N (for each destination)  --pool N (connections)

Answers
  --json                      one JSON object (schema fourtuple.budget/1) and nothing else
  --all                       all profiles side by side, and the figures that everyone quotes
  --folklore                  questions that are often answered wrongly
  --simulate SECONDS          run the load event by event as well
  --arrivals KIND             constant, poisson or bursts:N (default constant)
  --seed N                    of the random numbers (default 1)
  --help                      this text

Ends with 0 when it has answered and with 3 after wrong usage. Reads nothing of this machine but with
--profile this-machine, which takes the settings and the fullest pool of one sample.
`;
