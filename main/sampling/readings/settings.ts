/** The settings that decide how many ports there are, out of what tools print of them. */
import { findProfile, profilePortCount, systemOfProfile, type Profile } from '../../core/profiles.ts';
import type { Degradation, StackSettings } from '../../core/model.ts';
import type { Fact, SystemId } from '../../core/readings.ts';
import { deriveBsdStack } from '../../probes/bsd/stack.ts';
import { deriveWindowsStack } from '../../probes/windows/stack.ts';
import { deriveLinuxStack } from './linux-stack.ts';
import { ImportDegradation } from '../import-trust.ts';
import type { StackFacts } from './stack-facts.ts';

export interface SettingsFromReadings {
  settings: StackSettings;
  /** How the system was found: the readings tell it, a person chose it, or neither. */
  basis: 'detected' | 'chosen' | 'assumed';
  /** What was not told and is therefore assumed, each with the value that is used. */
  degradations: Degradation[];
}

/** Code of the degradation that says that the port range is a default. */
export const RANGE_ASSUMED = ImportDegradation.rangeAssumed;
/** Codes of those about the hold: void where it was measured, and where TIME_WAIT was seen to end. */
export const HOLD_ASSUMED = 'hold-assumed';
export const CLOCK_UNCERTAIN = 'clock-uncertain';

/** No fact needed: what is told wins, what is not comes from the profile. Linux is assumed where nothing tells. */
export function settingsFrom(
  system: SystemId | null,
  facts: readonly Fact[],
  chosenProfileId: string | null,
  atMs: number | null = null,
): SettingsFromReadings {
  const chosen = chosenProfileId === null ? null : findProfile(chosenProfileId);
  const profile = chosen ?? profileOf(system ?? 'linux');
  const stack = readStack(profile.id, facts, atMs);
  const isOwnDefault = stack !== null && OWN_PROFILES.has(profile.id);
  const degradations = (stack?.notes ?? []).map((sentence, index) => ({
    code: stack?.holdNotes.includes(sentence) ? HOLD_ASSUMED : `setting-assumed:${index + 1}`,
    sentence,
  }));
  if (!stack?.isRangeTold) degradations.unshift(sayRangeAssumed(profile));
  if (stack?.clockNote) degradations.push({ code: CLOCK_UNCERTAIN, sentence: stack.clockNote });
  return {
    settings: {
      profileId: isOwnDefault ? stack.profileId : profile.id,
      profileName: isOwnDefault ? stack.profileName : profile.name,
      ...defaultsOf(profile),
      ...(stack ? toldValues(stack, isOwnDefault) : {}),
      slowFromShare: profile.slowFromShare,
    },
    basis: chosen ? 'chosen' : system === null ? 'assumed' : 'detected',
    degradations,
  };
}

/** Profiles whose defaults are those that the facts are read with; the others of a system differ from them. */
const OWN_PROFILES: ReadonlySet<string> = new Set(['linux', 'windows', 'windows-legacy', 'macos', 'freebsd']);

function readStack(profileId: string, facts: readonly Fact[], atMs: number | null): StackFacts | null {
  const system = systemOfProfile(profileId);
  switch (system) {
    case 'linux':
      return deriveLinuxStack(facts);
    case 'windows':
      return readWindowsStack(facts, profileId === 'windows-legacy');
    case 'macos':
    case 'freebsd':
      return readBsdStack(system, facts, atMs);
    case null:
      return null;
  }
}

function readBsdStack(system: 'macos' | 'freebsd', facts: readonly Fact[], atMs: number | null): StackFacts {
  const stack = deriveBsdStack(system, facts, atMs);
  const { range, reserved, timeWaitSeconds, timeWaitBasis, scope, profileName, isRangeKnown, notes } = stack;
  const { reuse, maxTimeWaitSockets } = defaultsOf(profileOf(system));
  return {
    profileId: system,
    profileName,
    values: { range, reserved, timeWaitSeconds, timeWaitBasis, reuse, scope, maxTimeWaitSockets },
    isRangeTold: isRangeKnown,
    isTimeWaitTold: timeWaitBasis === 'setting',
    notes: notes.filter((note) => !note.startsWith('net.inet.ip.portrange')),
    holdNotes: notes.filter((note) => note.startsWith('net.inet.tcp.msl')),
    clockNote: stack.clockNote,
  };
}

function readWindowsStack(facts: readonly Fact[], isLegacy: boolean): StackFacts {
  const stack = deriveWindowsStack(facts, isLegacy ? { isLegacy } : {});
  const { range, reserved, timeWaitSeconds, timeWaitBasis, scope, notes } = stack;
  return {
    profileId: stack.profileId,
    profileName: stack.profileName,
    values: { ...defaultsOf(profileOf('windows')), range, reserved, timeWaitSeconds, timeWaitBasis, scope },
    isRangeTold: stack.isRangeKnown,
    isTimeWaitTold: timeWaitBasis === 'setting',
    notes: stack.isExclusionKnown || isLegacy ? notes : [...notes, NO_EXCLUSIONS],
    holdNotes: stack.holdNotes,
  };
}

const NO_EXCLUSIONS =
  'The excluded port ranges are not told (netsh int ipv4 show excludedportrange protocol=tcp): none are assumed.';

/** A profile that a person chose is another set of defaults: of the facts only what was told replaces them. */
function toldValues({ values, isRangeTold, isTimeWaitTold }: StackFacts, isOwnDefault: boolean) {
  if (isOwnDefault) return values;
  const { range, reserved, timeWaitSeconds, timeWaitBasis, reuse, scope, maxTimeWaitSockets } = values;
  return {
    reserved,
    reuse,
    scope,
    maxTimeWaitSockets,
    ...(isRangeTold ? { range } : {}),
    ...(isTimeWaitTold ? { timeWaitSeconds, timeWaitBasis } : {}),
  };
}

function defaultsOf(profile: Profile): StackFacts['values'] {
  const { first } = profile.range;
  return {
    range: { first, last: first + profilePortCount(profile) - 1 },
    reserved: [],
    timeWaitSeconds: profile.timeWaitSeconds,
    timeWaitBasis: profile.id.startsWith('linux') ? 'kernel constant' : 'documented',
    reuse: { ...profile.reuse, timestamps: true },
    scope: profile.scope,
    maxTimeWaitSockets: null,
  };
}

function sayRangeAssumed(profile: Profile): Degradation {
  const { first, last } = defaultsOf(profile).range;
  const sentence = `The port range is not told: ${first}–${last}, the default of ${profile.shortName ?? profile.name}, is assumed.`;
  return { code: RANGE_ASSUMED, sentence };
}

function profileOf(system: SystemId): Profile {
  const profile = findProfile(system);
  if (profile === null) throw new Error(`the profile ${system} is gone`);
  return profile;
}
