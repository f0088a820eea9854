/** From what was read of the files to a sample of their machine, or to the choice that is missing for it. */
import { NOTICE_SHARE } from '../../core/assess.ts';
import {
  TcpState,
  type Degradation,
  type Outcome,
  type PortRange,
  type Thresholds,
} from '../../core/model.ts';
import { countPorts } from '../../core/port-range.ts';
import { PROFILES, findProfile, systemOfProfile } from '../../core/profiles.ts';
import type { SystemId } from '../../core/readings.ts';
import { ImportDegradation } from '../import-trust.ts';
import { settingsFrom } from '../readings/settings.ts';
import { Sampler } from '../sampler.ts';
import type { SocketTable } from '../socket-table.ts';
import { createImportedPlatform } from './platform.ts';
import type { FileReading, ImportReading } from './read-files.ts';
import { guessSystem } from './system.ts';
import { countOf } from './words.ts';

export interface OpenOptions {
  /** A profile that a person chose, or null: the files tell. */
  profileId: string | null;
  poolLimit: number;
  /** From where a pool counts as bad; default: the usual ones. */
  thresholds?: Thresholds;
  /** Epoch milliseconds, for what has no time of its own. */
  nowMs: number;
}

/** The contract's importReportSchema. */
export interface ImportReport {
  opened: boolean;
  files: Omit<FileReading, 'modifiedAtMs' | 'truncated'>[];
  profile: { id: string; name: string; basis: 'detected' | 'chosen' | 'assumed' } | null;
  choices: { id: string; name: string }[];
  sentence: string;
}

export interface OpenedImport {
  report: ImportReport;
  /** Holds one sample, when the report says opened. */
  sampler: Sampler | null;
}

/** Fails only when the profile is not one. */
export function openImport(reading: ImportReading, options: OpenOptions): Outcome<OpenedImport> {
  const { profileId } = options;
  if (profileId !== null && findProfile(profileId)?.kind !== 'system') {
    const message = `profile "${profileId.slice(0, 40)}" is none of ${systemProfiles()
      .map(({ id }) => id)
      .join(', ')}`;
    return { ok: false, failure: { code: 'invalid', field: 'profile', message } };
  }
  if (!reading.outputs.some(({ isListing }) => isListing)) return refused(reading, sayNoListing(reading), []);
  if (reading.table.length === 0 && countProblems(reading) > 0)
    return refused(reading, sayNoSockets(reading), []);
  const guess = guessSystem(reading.outputs);
  if (profileId === null && guess.system === null) {
    return refused(reading, sayChoice(guess.candidates), guess.candidates.map(choiceOf));
  }
  return sampleOnce(reading, guess.system, options);
}

function sampleOnce(
  reading: ImportReading,
  guessed: SystemId | null,
  { profileId, poolLimit, thresholds, nowMs }: OpenOptions,
): Outcome<OpenedImport> {
  const toldAtMs = timeOf(reading);
  const atMs = toldAtMs ?? nowMs;
  const settings = settingsFrom(guessed, reading.facts, profileId, toldAtMs);
  const system = profileId === null ? guessed : systemOfProfile(profileId);
  const platform = createImportedPlatform({
    reading,
    system,
    settings,
    toldAtMs,
    degradations: degradationsOf(reading, settings.settings.range),
  });
  // The files speak of one moment; time does not pass for them.
  const clock = { nowMs: () => atMs, monotonicMs: () => atMs };
  const sampler = new Sampler({ platform, clock, poolLimit, thresholds });
  const opened = sampler.open();
  if (!opened.ok) return opened;
  const sample = sampler.sample();
  if (!sample.ok) return sample;
  const { profileId: id, profileName: name } = settings.settings;
  const profile = { id, name, basis: settings.basis };
  const report = {
    opened: true,
    files: filesOf(reading),
    profile,
    choices: [],
    sentence: sayOpened(reading, name),
  };
  return { ok: true, value: { report, sampler } };
}

function refused(
  reading: ImportReading,
  sentence: string,
  choices: ImportReport['choices'],
): Outcome<OpenedImport> {
  const report = { opened: false, files: filesOf(reading), profile: null, choices, sentence };
  return { ok: true, value: { report, sampler: null } };
}

function filesOf(reading: ImportReading): ImportReport['files'] {
  return reading.files.map(({ modifiedAtMs: _time, truncated: _cut, ...file }) => file);
}

/** When the sockets were listed: the last change of the newest file that lists some. */
function timeOf({ files }: ImportReading): number | null {
  const listings = files.filter(({ sockets }) => sockets > 0);
  const times = (listings.length > 0 ? listings : files).flatMap(({ modifiedAtMs }) => modifiedAtMs ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

/** Rows whose port is not known, as a share of the range, that could change what is said of a pool. */
const INCOMPLETE_SHARE = NOTICE_SHARE;

function degradationsOf(reading: ImportReading, range: PortRange): Degradation[] {
  const { files, table, incompleteCount, repeatedCount, outputs } = reading;
  const found: Degradation[] = [];
  const add = (code: string, sentence: string) => void found.push({ code, sentence });
  if (incompleteCount > 0) {
    const mayFillPool = incompleteCount >= INCOMPLETE_SHARE * countPorts(range);
    const code = mayFillPool ? ImportDegradation.tooIncomplete : ImportDegradation.incompleteRows;
    add(code, sayIncomplete(incompleteCount));
  }
  for (const { name, truncated } of files) {
    if (!truncated) continue;
    add(
      ImportDegradation.cutOff,
      `The last line of ${name} is cut off and was left out: more may be missing.`,
    );
  }
  const problems = countProblems(reading);
  if (problems > 0) {
    const code = problems > table.length ? ImportDegradation.mostlyUnread : ImportDegradation.problems;
    add(code, `${countOf(problems, 'line')} of the files could not be understood.`);
  }
  const listings = outputs.filter(({ isListing }) => isListing);
  if (listings.every(({ format }) => HELD_ONLY.has(format))) add(ImportDegradation.heldOnly, HELD_ONLY_WORDS);
  if (isOnlyListening(table)) add(ImportDegradation.listenersOnly, LISTENERS_ONLY_WORDS);
  if (table.length === 0) add(ImportDegradation.noSockets, NO_SOCKETS_WORDS);
  if (listings.some(({ hasHeading }) => hasHeading === false)) {
    add(ImportDegradation.noHeading, NO_HEADING_WORDS);
  }
  if (listings.length > 1 && repeatedCount > 0) {
    add(
      'import:several-listings',
      `${listings.length} lists of sockets were read as one moment; a connection in several of them counts once.`,
    );
  }
  return found;
}

function sayIncomplete(count: number): string {
  const verb = count === 1 ? 'has' : 'have';
  return (
    `${countOf(count, 'socket')} ${verb} an address or port that the tool cut off or printed by name: ` +
    'counted among the sockets, not in a pool where that part decides it.'
  );
}

/** Tools that list what processes hold; a connection in TIME_WAIT is held by none. */
const HELD_ONLY: ReadonlySet<string> = new Set(['lsof', 'lsof-fields', 'sockstat']);
const HELD_ONLY_WORDS =
  'lsof and sockstat list what processes hold: TIME_WAIT is not among it, so more ports are in use than are counted.';
const LISTENERS_ONLY_WORDS =
  'Only listening sockets are in the list (ss -l, netstat -l): connections and TIME_WAIT are not known from it.';

const NO_SOCKETS_WORDS =
  'There is a heading of a list and no socket below it: how ports are used is not known from it.';
const NO_HEADING_WORDS =
  'A list of sockets has no heading: if grep or findstr let only some lines through, more ports are in use than are counted.';

function isOnlyListening({ length, state }: SocketTable): boolean {
  for (let row = 0; row < length; row++) if (state[row] !== TcpState.LISTEN) return false;
  return length > 0;
}

function countProblems({ files }: ImportReading): number {
  return files.reduce((sum, file) => sum + file.problemCount, 0);
}

function sayNoSockets({ files }: ImportReading): string {
  return `No socket could be read. ${files.map(({ sentence }) => sentence).join(' ')}`;
}

function sayOpened({ files, table }: ImportReading, profileName: string): string {
  const sockets = countOf(table.length, 'TCP socket');
  return `${sockets} from ${countOf(files.length, 'file')}, read as ${profileName}.`;
}

function sayNoListing({ files }: ImportReading): string {
  const hasFacts = files.some(({ factCount }) => factCount > 0);
  if (!hasFacts) return files.map(({ sentence }) => sentence).join(' ');
  return (
    'There is no list of sockets in it: settings and counters alone do not tell which ports are in use. ' +
    'Add the output of ss -tano, netstat -ano or Get-NetTCPConnection.'
  );
}

function sayChoice(candidates: readonly SystemId[]): string {
  const names = candidates.map((system) => choiceOf(system).name);
  return `The files do not tell which system they are from (${names.join(', ')}?): choose one.`;
}

function choiceOf(system: SystemId): { id: string; name: string } {
  const profile = findProfile(system);
  return { id: system, name: profile?.shortName ?? profile?.name ?? system };
}

/** Profiles of systems; the others are of a NAT in the path. */
export function systemProfiles(): { id: string; name: string }[] {
  return PROFILES.filter(({ kind }) => kind === 'system').map(({ id, name }) => ({ id, name }));
}
