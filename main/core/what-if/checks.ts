/** What a question may hold: every number has bounds, and a refusal names the field and the bounds. */
import type { Failure, Outcome } from '../model.ts';
import { sayCount } from '../words/figures.ts';
import type { LimitInput, WhatIfInput } from './model.ts';

interface Bound {
  /** The field in words, as a sentence begins with it. */
  name: string;
  minimum: number;
  maximum: number;
  isWhole?: boolean;
}

type NumberField = Exclude<
  { [K in keyof WhatIfInput]: WhatIfInput[K] extends number | null ? K : never }[keyof WhatIfInput],
  undefined
>;

/** A week open and an hour of TIME_WAIT are longer than anything seen; ten million a second is more than a NIC sends. */
const BOUNDS: Record<NumberField, Bound> = {
  ratePerSecond: { name: 'rate', minimum: 0.001, maximum: 10_000_000 },
  requestsPerConnection: { name: 'requests per connection', minimum: 1, maximum: 1_000_000 },
  holdSeconds: { name: 'hold time', minimum: 0, maximum: 604_800 },
  activeCloseShare: { name: 'share closed by this side', minimum: 0, maximum: 1 },
  destinations: { name: 'number of destinations', minimum: 1, maximum: 1_000_000, isWhole: true },
  sourceAddresses: { name: 'number of source addresses', minimum: 1, maximum: 65_536, isWhole: true },
  inUse: { name: 'ports in use', minimum: 0, maximum: 1_000_000_000 },
  portCount: { name: 'number of ports', minimum: 1, maximum: 65_535, isWhole: true },
  timeWaitSeconds: { name: 'TIME_WAIT', minimum: 0.1, maximum: 3600 },
  // Bounds of net.ipv4.tcp_tw_reuse_delay, measured on 6.18.
  reuseDelayMs: { name: 'reuse delay', minimum: 1, maximum: 60_000 },
};

const LIMIT_NAMES: Record<keyof LimitInput, string> = {
  timeWaitSockets: 'limit of TIME_WAIT sockets',
  fileDescriptors: 'limit of file descriptors',
  conntrackEntries: 'limit of conntrack entries',
  snatPorts: 'number of SNAT ports',
  connectionPool: 'size of the connection pool',
};

/** The first number of `input` that is out of bounds, as a failure; null when all are fine. */
export function findNumberFault(input: WhatIfInput): Failure | null {
  for (const field of Object.keys(BOUNDS) as NumberField[]) {
    const value = input[field];
    const fault = value === null ? null : faultOf(BOUNDS[field], value);
    if (fault) return fault;
  }
  for (const field of Object.keys(LIMIT_NAMES) as (keyof LimitInput)[]) {
    const value = input.limits[field];
    const bound = { name: LIMIT_NAMES[field], minimum: 1, maximum: 1_000_000_000, isWhole: true };
    const fault = value === null ? null : faultOf(bound, value);
    if (fault) return fault;
  }
  return null;
}

/** A refusal that names the field. */
export function invalid(field: string, message: string): Outcome<never> {
  return { ok: false, failure: { code: 'invalid', field, message } };
}

function faultOf({ name, minimum, maximum, isWhole }: Bound, value: number): Failure | null {
  const isFine = value >= minimum && value <= maximum && (!isWhole || Number.isInteger(value));
  if (isFine) return null;
  const kind = isWhole ? 'a whole number' : 'a number';
  const message = `${name} must be ${kind} from ${sayBound(minimum)} to ${sayBound(maximum)}, not ${value}`;
  return { code: 'invalid', field: name, message };
}

function sayBound(value: number): string {
  return Number.isInteger(value) ? sayCount(value) : String(value);
}
