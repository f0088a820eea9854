/** What a question starts from: a profile, this machine as it was last sampled, or a blank of one's own. */
import { PROFILES, findProfile, type Profile } from '../profiles.ts';
import type { Outcome, PoolScope, PortRange, ReuseMode, StackSettings, Summary } from '../model.ts';
import type { ProfileKind } from './model.ts';

export const THIS_MACHINE = 'this-machine';
export const CUSTOM = 'custom';

/** Settings before anything is overridden. */
export interface Base {
  id: string;
  name: string;
  /** As it stands in a sentence. */
  shortName: string;
  kind: ProfileKind;
  /** Whether Linux settings apply: tcp_tw_reuse, tcp_fin_timeout. */
  isLinux: boolean;
  range: PortRange;
  /** Ports of one pool where they are not those of the range; else null. */
  portCount: number | null;
  reserved: PortRange[];
  /** Ports of the range, not reserved, that listening or bound sockets take. */
  blockedCount: number;
  timeWaitSeconds: number;
  timeWaitNote: string;
  scope: PoolScope;
  reuse: { mode: ReuseMode; delayMs: number; timestamps: boolean };
  errorOnExhaustion: string;
  slowFromShare: number | null;
}

/** Ids that What-if knows, for a refusal that lists them. */
export function knownProfileIds(): string[] {
  return [...PROFILES.map((profile) => profile.id), THIS_MACHINE, CUSTOM];
}

/** The base with this id. Fails where there is none, or no sample of this machine yet. */
export function findBase(id: string, summary: Summary | null): Outcome<Base> {
  if (id === THIS_MACHINE) return summary ? { ok: true, value: machineBase(summary) } : notSampled();
  if (id === CUSTOM) return { ok: true, value: customBase() };
  const profile = findProfile(id);
  if (profile) return { ok: true, value: profileBase(profile) };
  const message = `there is no profile "${id.slice(0, 40)}"; there are ${knownProfileIds().join(', ')}`;
  return { ok: false, failure: { code: 'invalid', field: 'profile', message } };
}

function profileBase(profile: Profile): Base {
  return {
    ...profile,
    shortName: profile.shortName ?? profile.name,
    isLinux: isLinuxProfile(profile.id),
    portCount: profile.portCount ?? null,
    reserved: [],
    blockedCount: 0,
    reuse: { ...profile.reuse, timestamps: true },
  };
}

function customBase(): Base {
  const linux = findProfile('linux');
  if (!linux) throw new Error('the Linux profile is gone');
  return {
    ...profileBase(linux),
    id: CUSTOM,
    name: 'Custom',
    shortName: 'this setup',
    kind: 'custom',
    timeWaitNote: 'as given',
  };
}

function machineBase({ settings, target, pools }: Summary): Base {
  return {
    id: THIS_MACHINE,
    name: target.hostname,
    shortName: target.hostname,
    kind: 'machine',
    isLinux: isLinuxProfile(settings.profileId),
    range: settings.range,
    portCount: null,
    reserved: settings.reserved,
    blockedCount: pools[0]?.blocked ?? 0,
    timeWaitSeconds: settings.timeWaitSeconds,
    timeWaitNote: settings.timeWaitBasis,
    scope: settings.scope,
    reuse: settings.reuse,
    errorOnExhaustion: errorOf(settings),
    slowFromShare: settings.slowFromShare,
  };
}

function isLinuxProfile(id: string): boolean {
  return id === 'linux' || id.startsWith('linux-');
}

function errorOf(settings: StackSettings): string {
  return findProfile(settings.profileId)?.errorOnExhaustion ?? 'an error';
}

function notSampled(): Outcome<Base> {
  const why = 'it has not been sampled yet';
  return { ok: false, failure: { code: 'unavailable', what: 'this machine’s live values', why } };
}
