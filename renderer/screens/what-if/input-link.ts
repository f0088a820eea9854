/** What-if's question as the fragment of an address, "#what-if?rate=600&wait=60": only what differs from the defaults. */
import type { WhatIfInput, WhatIfResult } from '../../../preload/contract-what-if.ts';
import type { WhatIfPatch } from '../../stores/what-if.ts';

const MARK = '#what-if';
/** Longest text that a link may carry in one value. */
const MAX_TEXT = 2000;

type Flat = Record<string, string>;

/** What a link says, and the names of what in it was not understood. */
export interface ReadLink {
  patch: WhatIfPatch;
  ignored: string[];
}

/** The fragment that restores `input`. This machine's values are written out: elsewhere they are others. */
export function printLink(input: WhatIfInput, defaults: WhatIfInput, result: WhatIfResult | null): string {
  const flat = flatten(written(input, result));
  const usual = flatten(defaults);
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(flat)) if (value !== usual[key]) params.set(key, value);
  const query = params.toString();
  return query === '' ? MARK : `${MARK}?${query}`;
}

/** Reads a fragment; null when it is not one of What-if. */
export function parseLink(hash: string): ReadLink | null {
  if (hash !== MARK && !hash.startsWith(`${MARK}?`)) return null;
  const params = new URLSearchParams(hash.slice(MARK.length + 1));
  const patch: WhatIfPatch = {};
  const ignored: string[] = [];
  for (const [key, text] of params) {
    const reader = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
    if (text.length > MAX_TEXT || !reader?.(patch, text)) ignored.push(key.slice(0, 40));
  }
  return { patch, ignored };
}

function written(input: WhatIfInput, result: WhatIfResult | null): WhatIfInput {
  const known = result?.effective;
  if (known?.profileKind !== 'machine' || known.profileId !== input.profileId) return input;
  return {
    ...input,
    range: known.isPortCountGiven ? input.range : known.range,
    timeWaitSeconds: known.timeWaitSeconds,
    reuseMode: known.reuseMode,
    reuseDelayMs: known.reuseDelayMs,
    scope: known.scope,
  };
}

function flatten(input: WhatIfInput): Flat {
  const { limits, range } = input;
  const texts = {
    profile: input.profileId,
    rate: input.ratePerSecond,
    requests: input.requestsPerConnection,
    life: input.holdSeconds,
    closes: input.activeCloseShare,
    destinations: input.destinations,
    sources: input.sourceAddresses,
    used: input.inUse,
    range: range === null ? null : `${range.first}-${range.last}`,
    ports: input.portCount,
    reserved: input.reservedPorts,
    wait: input.timeWaitSeconds,
    scope: input.scope,
    reuse: input.reuseMode,
    delay: input.reuseDelayMs,
    timestamps: input.timestamps,
    loopback: input.toLoopback,
    buckets: limits.timeWaitSockets,
    files: limits.fileDescriptors,
    conntrack: limits.conntrackEntries,
    snat: limits.snatPorts,
    pool: limits.connectionPool,
  };
  return Object.fromEntries(
    Object.entries(texts).map(([key, value]) => [key, value === null ? '' : String(value)]),
  );
}

/** Takes a value into the patch; false when it is not one. An empty text is null where there may be none. */
type Reader = (patch: WhatIfPatch, text: string) => boolean;

const SCOPES = ['destination', 'address', 'host'] as const;
const MODES = ['off', 'all', 'loopback'] as const;

const READERS: Record<string, Reader> = {
  profile: (patch, text) => text !== '' && keep(() => (patch.profileId = text)),
  rate: number((patch, value) => (patch.ratePerSecond = value)),
  requests: number((patch, value) => (patch.requestsPerConnection = value)),
  life: number((patch, value) => (patch.holdSeconds = value)),
  closes: number((patch, value) => (patch.activeCloseShare = value)),
  destinations: number((patch, value) => (patch.destinations = value)),
  sources: number((patch, value) => (patch.sourceAddresses = value)),
  used: number((patch, value) => (patch.inUse = value)),
  range: readRange,
  ports: maybe((patch, value) => (patch.portCount = value)),
  reserved: (patch, text) => keep(() => (patch.reservedPorts = text === '' ? null : text)),
  wait: maybe((patch, value) => (patch.timeWaitSeconds = value)),
  scope: choice(SCOPES, (patch, value) => (patch.scope = value)),
  reuse: choice(MODES, (patch, value) => (patch.reuseMode = value)),
  delay: maybe((patch, value) => (patch.reuseDelayMs = value)),
  timestamps: (patch, text) => readFlag(text, (value) => (patch.timestamps = value)),
  loopback: (patch, text) => readFlag(text, (value) => (patch.toLoopback = value)),
  buckets: maybe((patch, value) => (patch.limits = { ...patch.limits, timeWaitSockets: value })),
  files: maybe((patch, value) => (patch.limits = { ...patch.limits, fileDescriptors: value })),
  conntrack: maybe((patch, value) => (patch.limits = { ...patch.limits, conntrackEntries: value })),
  snat: maybe((patch, value) => (patch.limits = { ...patch.limits, snatPorts: value })),
  pool: maybe((patch, value) => (patch.limits = { ...patch.limits, connectionPool: value })),
};

function number(take: (patch: WhatIfPatch, value: number) => unknown): Reader {
  return (patch, text) => {
    const value = readNumber(text);
    return value !== null && keep(() => take(patch, value));
  };
}

function maybe(take: (patch: WhatIfPatch, value: number | null) => unknown): Reader {
  return (patch, text) => (text === '' ? keep(() => take(patch, null)) : number(take)(patch, text));
}

function choice<T extends string>(
  values: readonly T[],
  take: (patch: WhatIfPatch, value: T | null) => unknown,
): Reader {
  return (patch, text) => {
    const value = values.find((one) => one === text);
    return (value !== undefined || text === '') && keep(() => take(patch, value ?? null));
  };
}

function readRange(patch: WhatIfPatch, text: string): boolean {
  const match = /^(\d{1,7})-(\d{1,7})$/.exec(text);
  if (text !== '' && !match) return false;
  patch.range = match ? { first: Number(match[1]), last: Number(match[2]) } : null;
  return true;
}

function readFlag(text: string, take: (value: boolean) => unknown): boolean {
  return (text === 'true' || text === 'false') && keep(() => take(text === 'true'));
}

function readNumber(text: string): number | null {
  return /^-?\d{1,15}(\.\d{1,12})?(e[+-]?\d{1,2})?$/.test(text) ? Number(text) : null;
}

function keep(take: () => unknown): true {
  take();
  return true;
}
