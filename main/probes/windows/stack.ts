/** What facts about a Windows machine say about its ports: the ranges, what is excluded, how long a close holds one. */
import { findProfile } from '../../core/profiles.ts';
import type { PoolScope, PortRange, StackSettings } from '../../core/model.ts';
import type { Fact } from '../../core/readings.ts';
import {
  legacyFamilies,
  noteFamilies,
  rangeText,
  readFamily,
  readRegistry,
  type WindowsFamilies,
} from './family-ports.ts';

/** TcpTimedWaitDelay outside of these seconds is not used (KB 314053). */
const DELAY_SECONDS = { least: 30, most: 300 } as const;
/** Windows 2000 is 5.0, XP 5.1, Server 2003 5.2; Vista is 6.0. */
const VISTA = 6;
const WINDOWS_2000_SECONDS = 240;
/** IPv4 since XP; IPv6 of XP and Server 2003 keeps 240 (KB 314053). */
const XP_SECONDS = 120;

export interface WindowsStack {
  profileId: 'windows' | 'windows-legacy';
  /** "Windows", "Windows 10.0.19044". */
  profileName: string;
  /** What connect() of a program that does not bind draws from, IPv4: the auto-reuse range where one is set. */
  range: PortRange;
  isRangeKnown: boolean;
  reserved: PortRange[];
  isExclusionKnown: boolean;
  families: WindowsFamilies;
  timeWaitSeconds: number;
  timeWaitBasis: Extract<StackSettings['timeWaitBasis'], 'setting' | 'documented'>;
  /** The auto-reuse range that is set, null when it is off; undefined when nothing tells. */
  autoReuse: PortRange | null | undefined;
  /** 'destination' only where an auto-reuse range is set. */
  scope: PoolScope;
  /** One sentence each: what was assumed or not believed, and why. */
  notes: string[];
  /** Those of the notes that a measured hold makes void. */
  holdNotes: string[];
}

/**
 * The settings that these facts imply; what is missing is the default and a note says so. `isLegacy`: a person says that
 * it is Windows 2000, XP or Server 2003; else a version in the facts tells, else it is taken for Vista or later.
 */
export function deriveWindowsStack(
  facts: readonly Fact[],
  options: { isLegacy?: boolean } = {},
): WindowsStack {
  const notes: string[] = [];
  const version = readVersion(facts);
  const isLegacy = options.isLegacy ?? (version !== null && version.major < VISTA);
  const profileId = isLegacy ? 'windows-legacy' : 'windows';
  const profile = findProfile(profileId);
  if (profile === null) throw new Error(`the profile ${profileId} is gone`);
  const families = isLegacy
    ? legacyFamilies(facts, notes)
    : { ipv4: readFamily(4, facts, profile.range, notes), ipv6: readFamily(6, facts, profile.range, []) };
  if (!isLegacy) noteFamilies(families, facts, notes);
  const autoReuse = isLegacy ? null : readAutoReuse(facts, notes);
  const holdNotes: string[] = [];
  const hold = readHold(facts, isLegacy, version, profile.timeWaitSeconds, holdNotes);
  notes.push(...holdNotes);
  return {
    profileId,
    profileName: version === null ? (profile.shortName ?? profile.name) : `Windows ${version.text}`,
    range: autoReuse ?? families.ipv4.range,
    isRangeKnown: autoReuse ? true : families.ipv4.isRangeKnown,
    reserved: families.ipv4.reserved,
    isExclusionKnown: families.ipv4.isExclusionKnown,
    families,
    ...hold,
    autoReuse,
    scope: autoReuse ? 'destination' : profile.scope,
    notes,
    holdNotes,
  };
}

function readVersion(facts: readonly Fact[]): { major: number; minor: number; text: string } | null {
  for (const fact of facts) {
    if (fact.kind !== 'note' || fact.name !== 'windows-version') continue;
    const match = /^(\d{1,3})\.(\d{1,6})(?:\.\d{1,6})?/.exec(fact.value);
    if (match) return { major: Number(match[1]), minor: Number(match[2]), text: match[0] };
  }
  return null;
}

function readAutoReuse(facts: readonly Fact[], notes: string[]): PortRange | null | undefined {
  const told = facts.filter((fact) => fact.kind === 'auto-reuse-ports');
  if (told.length === 0) return undefined;
  const set = told.filter(({ count }) => count > 0);
  // Internet is the template of connections that no filter gives another.
  const chosen = set.find(({ setting }) => /^Internet/i.test(setting)) ?? set[0];
  if (chosen === undefined) return null;
  const range = { first: chosen.first, last: chosen.first + chosen.count - 1 };
  notes.push(
    `An auto-reuse range is set (${chosen.setting}: ${rangeText(range)}): connections to different destinations share its ports. Programs that bind before they connect still draw from the dynamic range.`,
  );
  return range;
}

function readHold(
  facts: readonly Fact[],
  isLegacy: boolean,
  version: { major: number; minor: number } | null,
  preset: number,
  notes: string[],
): Pick<WindowsStack, 'timeWaitSeconds' | 'timeWaitBasis'> {
  const isSinceXp = version !== null && version.major === VISTA - 1 && version.minor > 0;
  const presetSeconds = isLegacy ? (isSinceXp ? XP_SECONDS : WINDOWS_2000_SECONDS) : preset;
  const delay = readRegistry(facts, 'TcpTimedWaitDelay');
  if (typeof delay === 'number' && delay >= DELAY_SECONDS.least && delay <= DELAY_SECONDS.most) {
    if (!isLegacy) {
      notes.push(
        `TcpTimedWaitDelay is set to ${delay} s. It takes a restart, and whether Windows since Vista honours it is not certain: measure before relying on it (the default is ${presetSeconds} s).`,
      );
    }
    return { timeWaitSeconds: delay, timeWaitBasis: 'setting' };
  }
  if (typeof delay === 'number') {
    notes.push(
      `TcpTimedWaitDelay ${delay} is outside of ${DELAY_SECONDS.least}–${DELAY_SECONDS.most} s: the default, ${presetSeconds} s, is used.`,
    );
  }
  notes.push(holdNote(isLegacy, isSinceXp, presetSeconds));
  return { timeWaitSeconds: presetSeconds, timeWaitBasis: 'documented' };
}

function holdNote(isLegacy: boolean, isSinceXp: boolean, seconds: number): string {
  if (!isLegacy)
    return `TIME_WAIT is taken as ${seconds} s, as measured; Microsoft documents 240 s in places.`;
  if (isSinceXp)
    return `TIME_WAIT is taken as ${seconds} s, the default of IPv4; for IPv6 it is 240 s there.`;
  return `TIME_WAIT is taken as ${seconds} s, the default of Windows 2000; since XP it is 120 s for IPv4.`;
}
