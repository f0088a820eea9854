/** The port ranges of Windows, which IPv4 and IPv6 have each for itself since Vista. */
import type { PortRange } from '../../core/model.ts';
import { mergeRanges } from '../../core/port-range.ts';
import type { Fact } from '../../core/readings.ts';
import { DYNAMIC_RANGE_SETTING } from './tcp-setting.ts';

/** Before Vista: the first port handed out, the last one by default, and what MaxUserPort may be (cc938196, KB 929851). */
const LEGACY_FIRST = 1025;
const MAX_USER_PORT = { least: 5000, most: 65534, preset: 5000 } as const;

/** The ports of one family; Windows sets them apart. */
export interface WindowsFamilyPorts {
  range: PortRange;
  /** Whether the range was read; else it is the default. */
  isRangeKnown: boolean;
  /** Excluded ranges, merged; not clipped to the range. */
  reserved: PortRange[];
  /** Whether the excluded ranges were read; else none are assumed. */
  isExclusionKnown: boolean;
}

export interface WindowsFamilies {
  ipv4: WindowsFamilyPorts;
  ipv6: WindowsFamilyPorts;
}

/** netsh wins, then Get-NetTCPSetting, then the default. */
export function readFamily(
  family: 4 | 6,
  facts: readonly Fact[],
  preset: PortRange,
  notes: string[],
): WindowsFamilyPorts {
  const range = netshRange(family, facts, notes) ?? cmdletRange(facts);
  const reserved: PortRange[] = [];
  let isExclusionKnown = false;
  for (const fact of facts) {
    if (fact.kind === 'excluded-ports' && (fact.family ?? family) === family) {
      reserved.push(fact.range);
      isExclusionKnown = true;
    }
    if (fact.kind === 'note' && fact.name === 'excluded-ports') {
      isExclusionKnown ||= fact.value === 'none' || fact.value.endsWith(`IPv${family}`);
    }
  }
  return {
    range: range ?? { ...preset },
    isRangeKnown: range !== null,
    reserved: mergeRanges(reserved),
    isExclusionKnown,
  };
}

/** What netsh says of a family; what it says without naming one counts for both. */
function netshRange(family: 4 | 6, facts: readonly Fact[], notes: string[]): PortRange | null {
  const told = facts
    .filter((fact) => fact.kind === 'dynamic-ports')
    .filter((fact) => fact.protocol !== 'udp');
  const named = told.findLast((fact) => fact.family === family);
  const unnamed = named ? [] : told.filter((fact) => fact.family === null);
  const chosen = named ?? unnamed.toSorted((a, b) => a.count - b.count)[0];
  if (chosen === undefined) return null;
  if (unnamed.some(({ first, count }) => first !== chosen.first || count !== chosen.count)) {
    notes.push(
      'netsh was read with several dynamic port ranges and no word of the family: the smallest counts.',
    );
  }
  return { first: chosen.first, last: chosen.first + chosen.count - 1 };
}

function cmdletRange(facts: readonly Fact[]): PortRange | null {
  for (const fact of facts) {
    if (fact.kind !== 'setting' || fact.name !== DYNAMIC_RANGE_SETTING) continue;
    const match = /^(\d{1,5})-(\d{1,5})$/.exec(fact.value);
    if (match) return { first: Number(match[1]), last: Number(match[2]) };
  }
  return null;
}

/** One range for both families, up to MaxUserPort; netsh has no dynamicport there. */
export function legacyFamilies(facts: readonly Fact[], notes: string[]): WindowsFamilies {
  const told = readRegistry(facts, 'MaxUserPort');
  const isUsable = typeof told === 'number' && told >= MAX_USER_PORT.least && told <= MAX_USER_PORT.most;
  if (typeof told === 'number' && !isUsable) {
    notes.push(
      `MaxUserPort ${told} is outside of ${MAX_USER_PORT.least}–${MAX_USER_PORT.most}: the default, ${MAX_USER_PORT.preset}, is used.`,
    );
  }
  const ports = {
    range: { first: LEGACY_FIRST, last: isUsable ? told : MAX_USER_PORT.preset },
    isRangeKnown: told !== undefined,
    reserved: [],
    isExclusionKnown: false,
  };
  return { ipv4: ports, ipv6: structuredClone(ports) };
}

/** Undefined when nothing tells; null when the listing says that the value is not set. */
export function readRegistry(facts: readonly Fact[], name: string): number | null | undefined {
  let value: number | null | undefined;
  for (const fact of facts) if (fact.kind === 'registry' && fact.name === name) ({ value } = fact);
  return value;
}

/** Says what about the ranges a reader of one of them should know. */
export function noteFamilies({ ipv4, ipv6 }: WindowsFamilies, facts: readonly Fact[], notes: string[]): void {
  if (ipv4.isRangeKnown && ipv6.isRangeKnown && rangeText(ipv4.range) !== rangeText(ipv6.range)) {
    notes.push(
      `IPv4 and IPv6 have ranges of their own here (${rangeText(ipv4.range)} and ${rangeText(ipv6.range)}): the one of IPv4 is used.`,
    );
  }
  if (!ipv4.isRangeKnown && ipv6.isRangeKnown) {
    notes.push(
      `Only the range of IPv6 was read (${rangeText(ipv6.range)}): for IPv4 the default, ${rangeText(ipv4.range)}, is assumed.`,
    );
  }
  const runs = new Set(
    facts.filter((fact) => fact.kind === 'excluded-ports').map((fact) => `${fact.family ?? '?'} ${fact.run}`),
  );
  if (new Set([...runs].map((run) => run.charAt(0))).size < runs.size) {
    notes.push(
      'Several lists of excluded ports were read: a port that is in any of them counts as excluded.',
    );
  }
  const maxUserPort = readRegistry(facts, 'MaxUserPort');
  if (typeof maxUserPort === 'number') {
    notes.push(
      `MaxUserPort is set to ${maxUserPort}, a value for Windows before Vista: what netsh shows as dynamic ports counts instead.`,
    );
  }
}

/** "49152–65535". */
export function rangeText({ first, last }: PortRange): string {
  return `${first}–${last}`;
}
