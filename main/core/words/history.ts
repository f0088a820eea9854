/** Sentences of history: what its file is in, and what its marks say. */
import type { StackSettings } from '../model.ts';

/** What there is to say about the file. */
export type HistoryCondition =
  | { code: 'not-kept' }
  | { code: 'turned-off' }
  | { code: 'no-sqlite' }
  | { code: 'old-sqlite'; version: string | null }
  | { code: 'other-instance' }
  | { code: 'newer-schema' }
  | { code: 'read-only'; folder: string }
  | { code: 'disk-full' }
  /** The file was no sound history; it is kept under `keptAs`. */
  | { code: 'set-aside'; why: 'damaged' | 'foreign' | 'empty'; keptAs: string }
  | { code: 'migration-failed'; message: string }
  | { code: 'failed'; message: string };

export function sayHistoryCondition(condition: HistoryCondition): string {
  switch (condition.code) {
    case 'not-kept':
      return 'History is not kept here; the live view is not affected.';
    case 'turned-off':
      return 'History is turned off in the settings; what was kept stays on the disk.';
    case 'no-sqlite':
      return 'History is not kept: this Node.js has no SQLite in it. Node.js 24 has; the live view is not affected.';
    case 'old-sqlite':
      return `History is not kept: SQLite ${condition.version ?? 'of an unknown version'} can damage its files, 3.51.3 is the first that does not. The live view is not affected.`;
    case 'other-instance':
      return 'Another Fourtuple records history here; this one shows what it records, and goes on when the other ends.';
    case 'newer-schema':
      return 'The history was written by a newer Fourtuple: it is shown, and nothing is added to it.';
    case 'read-only':
      return `Nothing can be written to ${condition.folder}: what history is there is shown, and nothing is added to it.`;
    case 'disk-full':
      return 'The disk is full, so history pauses. It goes on by itself once there is room; the live view is not affected.';
    case 'set-aside':
      return `${SET_ASIDE[condition.why]} It is kept as ${condition.keptAs}, and a new one was begun.`;
    case 'migration-failed':
      return `The history is of an older Fourtuple and could not be brought up to date (${condition.message}): it is shown, and nothing is added to it.`;
    case 'failed':
      return `History pauses: ${condition.message.replace(/\.$/, '')}. It is tried again every minute; the live view is not affected.`;
  }
}

const SET_ASIDE = {
  damaged: 'The history file was damaged.',
  foreign: 'The history file was not written by Fourtuple.',
  empty: 'The history file was empty.',
} as const;

export interface MarkWords {
  text: string;
  detail: string;
}

/** A setting that decides how many ports there are, by the name a person knows it by. */
export interface NamedSetting {
  name: string;
  value: string;
}

/** Those whose change is worth a mark; one that could not be read is left out. */
export function nameSettings(
  settings: StackSettings,
  limits: { conntrackMax: number | null },
): NamedSetting[] {
  const { range, reserved, reuse, maxTimeWaitSockets } = settings;
  const named: NamedSetting[] = [
    { name: 'Port range', value: `${range.first}–${range.last}` },
    { name: 'Reserved ports', value: sayReserved(reserved) },
    { name: 'Hold', value: `${settings.timeWaitSeconds} s` },
    { name: 'Reuse of TIME_WAIT', value: reuse.mode },
    { name: 'Reuse delay', value: `${reuse.delayMs} ms` },
    { name: 'TCP timestamps', value: reuse.timestamps ? 'on' : 'off' },
  ];
  if (maxTimeWaitSockets !== null) named.push({ name: 'TIME_WAIT limit', value: `${maxTimeWaitSockets}` });
  if (limits.conntrackMax !== null) named.push({ name: 'Conntrack limit', value: `${limits.conntrackMax}` });
  return named;
}

const RANGES_NAMED = 6;

function sayReserved(ranges: StackSettings['reserved']): string {
  if (ranges.length === 0) return 'none';
  const named = ranges
    .slice(0, RANGES_NAMED)
    .map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`))
    .join(', ');
  return ranges.length > RANGES_NAMED ? `${named} and ${ranges.length - RANGES_NAMED} more` : named;
}

export function saySettingChange(name: string, before: string, after: string): MarkWords {
  return { text: `${name} ${after}`, detail: `${name} changed from ${before} to ${after}.` };
}

/** Why nothing was recorded for a while. */
export type GapReason = 'stopped' | 'suspended' | 'paused' | 'late';

export function sayGap(reason: GapReason, lastedMs: number): MarkWords {
  const lasted = sayDuration(lastedMs);
  switch (reason) {
    case 'stopped':
      return { text: `Not running for ${lasted}`, detail: `Fourtuple did not run for ${lasted}.` };
    case 'suspended':
      return { text: `Asleep for ${lasted}`, detail: `The machine was suspended for ${lasted}.` };
    case 'paused':
      return { text: `Not recorded for ${lasted}`, detail: `Sampling or history was paused for ${lasted}.` };
    case 'late':
      return { text: `No samples for ${lasted}`, detail: `No sample arrived for ${lasted}.` };
  }
}

export function sayClockStep(byMs: number): MarkWords {
  const way = byMs < 0 ? 'back' : 'forward';
  const lasted = sayDuration(Math.abs(byMs));
  const removed = byMs < 0 ? ' What was recorded after the new time was removed.' : '';
  return { text: `Clock set ${way}`, detail: `The system clock was set ${way} by ${lasted}.${removed}` };
}

/** History goes on in another network namespace of the same machine ("net:[4026531833]"): other ports, other settings. */
export function sayNamespaceChange(before: string, now: string): MarkWords {
  return {
    text: 'Another network namespace',
    detail: `What was recorded until here is of ${before}, what follows of ${now}: each has its own ports and settings.`,
  };
}

export function sayProcessStart(
  process: string | null,
  pid: number | null,
  destination: string,
  sockets: number,
): MarkWords {
  const name = process ?? 'A process';
  const who = pid === null ? name : `${name} (pid ${pid})`;
  return {
    text: `${process ?? `pid ${pid ?? '?'}`} appears`,
    detail: `${who} was first seen, with ${sockets.toLocaleString('en')} sockets towards ${destination}.`,
  };
}

function sayDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
