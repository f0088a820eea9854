/** Files in place of a machine: the same interface that a live platform has, read once. */
import type { Degradation, Outcome, SummaryOrigin, Target } from '../../core/model.ts';
import { OwnerConfidence, OwnerIndex } from '../../core/model.ts';
import { systemOfProfile } from '../../core/profiles.ts';
import type { Fact, SystemId } from '../../core/readings.ts';
import { countersFrom } from '../readings/counters.ts';
import { extrasFrom, surroundingsFrom } from '../readings/extras.ts';
import type { SettingsFromReadings } from '../readings/settings.ts';
import { SocketTable } from '../socket-table.ts';
import type { DumpFacts, Platform, SocketSource } from '../source.ts';
import type { ImportReading } from './read-files.ts';

export interface ImportedPlatformOptions {
  reading: ImportReading;
  system: SystemId | null;
  settings: SettingsFromReadings;
  /** When the files were made; null when they do not tell. */
  toldAtMs: number | null;
  /** What else weighs on the figures. */
  degradations: Degradation[];
}

/** As process.platform calls them, which is what a target's platform is. */
const PLATFORM_NAMES: Record<SystemId, string> = {
  linux: 'linux',
  windows: 'win32',
  macos: 'darwin',
  freebsd: 'freebsd',
};
const HOSTNAME_SETTINGS = ['kernel.hostname', 'kern.hostname'];
const RELEASE_SETTINGS = ['kernel.osrelease', 'kern.osproductversion', 'kern.osrelease'];

/** Nothing of this machine is read. */
export function createImportedPlatform(options: ImportedPlatformOptions): Platform {
  const { reading, settings, degradations } = options;
  const counters = countersFrom(reading.facts);
  const target = targetOf(options);
  const { profileId } = settings.settings;
  // Files are one look: what ends was not watched.
  const extras = extrasFrom(options.system ?? systemOfProfile(profileId), reading.facts, {
    atMs: options.toldAtMs,
    isLegacy: profileId === 'windows-legacy',
    timeWaitEnds: null,
    surroundings: surroundingsFrom(reading.facts),
  });
  return {
    openSource: () => ({ ok: true, value: { source: createSource(reading), degradations } }),
    reader: {
      readTarget: () => target,
      readSettings: () => ({ settings: settings.settings, degradations: settings.degradations }),
      readCounters: () => counters,
    },
    owners: reading.owners,
    readExtras: () => extras,
    origin: originOf(options),
  };
}

function createSource(reading: ImportReading): SocketSource {
  return {
    name: 'imported',
    dump: (table) => {
      shareRows(reading.table, table);
      return done();
    },
    dumpLive: (table) => {
      table.clear();
      return done();
    },
    close: () => undefined,
  };
}

function done(): Outcome<DumpFacts> {
  return { ok: true, value: { source: 'imported', dumpMs: 0, approximate: false, degradations: [] } };
}

/** The columns of a million rows are not copied; what a sample inferred into them is taken back. */
function shareRows(from: SocketTable, to: SocketTable): void {
  const { takenMonotonicMs, takenAtMs, snapshotId } = to;
  Object.assign(to, from, { takenMonotonicMs, takenAtMs, snapshotId });
  for (let row = 0; row < to.length; row++) {
    if (to.ownerConfidence[row] !== OwnerConfidence.inferred) continue;
    to.owner[row] = OwnerIndex.unknown;
    to.ownerConfidence[row] = OwnerConfidence.unknown;
  }
}

function originOf({ reading, settings }: ImportedPlatformOptions): SummaryOrigin {
  const files = reading.files.map(({ name, modifiedAtMs, format, sockets, problemCount }) => ({
    name,
    modifiedAtMs,
    format,
    sockets,
    problemCount,
  }));
  return { kind: 'imported', files, profileBasis: settings.basis };
}

/** Called by what the files tell, else by the name of the file. */
function targetOf({ reading, system, settings }: ImportedPlatformOptions): Target {
  const { facts, files, promptHost } = reading;
  const listing = files.find((file) => file.sockets > 0) ?? files[0];
  return {
    hostname: settingOf(facts, HOSTNAME_SETTINGS) ?? promptHost ?? listing?.name ?? 'imported files',
    platform: system === null ? settings.settings.profileId : PLATFORM_NAMES[system],
    release: settingOf(facts, RELEASE_SETTINGS) ?? 'unknown',
    address: firstAddress(facts),
  };
}

function settingOf(facts: readonly Fact[], names: readonly string[]): string | null {
  for (const name of names) {
    const fact = facts.find((candidate) => candidate.kind === 'setting' && candidate.name === name);
    if (fact?.kind === 'setting' && fact.value !== '') return fact.value;
  }
  return null;
}

function firstAddress(facts: readonly Fact[]): string | null {
  for (const fact of facts) {
    if (fact.kind === 'address' && fact.interface !== 'lo' && /^\d/.test(fact.address)) return fact.address;
  }
  return null;
}
