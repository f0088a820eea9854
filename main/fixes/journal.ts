/**
 * The journal of changes: `changes/000007.json` for the seventh, with the version of its shape and a checksum. Written
 * and on the disk before anything is done (hardening F3); a damaged file stops everything until a person has looked
 * (hardening F9).
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Change } from '../core/fixes/change.ts';
import type { Failure, Outcome } from '../core/model.ts';
import { codeOf, fileFailure, isOfTheSystem } from '../storage/file-failure.ts';
import { inspectStateFolder, makeStateFolder } from '../storage/state-folder.ts';
import {
  createFile,
  readPlainFile,
  replaceFile,
  sweepFolder,
  syncFolder,
  syncQuietly,
} from '../storage/whole-files.ts';
import { hashOf } from './canonical-json.ts';
import { lockHolder, takeLock } from './journal-lock.ts';
import type { Journal, JournalLock } from './journal-parts.ts';
import { changeSchema } from './journal-schema.ts';
import { JOURNAL } from './journal-words.ts';

const SHAPE = 'fourtuple.change';
const VERSION = 1;
/** Far above any plan; what is larger is not ours. */
const MOST_BYTES = 16 * 1024 * 1024;
const FILE_NAME = /^(\d{6,15})\.json$/;
const COUNTER = 'last-number';

const envelope = z.object({ schema: z.string().regex(/^fourtuple\.change\/\d{1,6}$/) });
const document = z.strictObject({ schema: z.string(), sha256: z.string(), change: z.unknown() });

/**
 * The journal below `folder` (see stateFolder). Nothing is made before something is written. Failure: a folder that
 * others could have written to.
 */
export function openJournal(folder: string): Outcome<Journal> {
  const root = resolve(folder);
  const found = inspectStateFolder(root, JOURNAL);
  return found.ok ? { ok: true, value: new FileJournal(root) } : found;
}

class FileJournal implements Journal {
  readonly folder: string;
  private readonly changes: string;

  constructor(folder: string) {
    this.folder = folder;
    this.changes = join(folder, 'changes');
  }

  list(): Outcome<Change[]> {
    const numbers = this.numbers();
    if (!numbers.ok) return numbers;
    const changes: Change[] = [];
    for (const number of numbers.value) {
      const change = this.read(number);
      if (!change.ok) return change;
      changes.push(change.value);
    }
    return { ok: true, value: changes };
  }

  add(change: Omit<Change, 'id'>): Outcome<Change> {
    const made = this.make();
    if (!made.ok) return made;
    const numbers = this.numbers();
    if (!numbers.ok) return numbers;
    const last = this.lastNumber();
    if (!last.ok) return last;
    let id = Math.max(last.value, numbers.value.at(-1) ?? 0);
    return this.written(() => {
      for (;;) {
        const added = { id: ++id, ...change };
        const text = format(added);
        // First, so that a number is never given twice, whatever becomes of the file.
        replaceFile(this.folder, COUNTER, `${id}\n`);
        if (createFile(this.changes, nameOf(id), text)) return added;
      }
    });
  }

  update(change: Change): Outcome<Change> {
    return this.written(() => {
      replaceFile(this.changes, nameOf(change.id), format(change));
      return change;
    });
  }

  lock(): Outcome<JournalLock> {
    const made = this.make();
    return made.ok ? takeLock(this.folder) : made;
  }

  holder(): number | null {
    try {
      return lockHolder(this.folder);
    } catch {
      // No folder, no lock.
      return null;
    }
  }

  private make(): Outcome<string> {
    const made = makeStateFolder(this.folder, JOURNAL);
    if (!made.ok) return made;
    return this.written(() => {
      if (mkdirSync(this.changes, { recursive: true, mode: 0o700 }) !== undefined) {
        syncFolder(this.folder);
        syncQuietly(dirname(this.folder));
      }
      sweepFolder(this.folder);
      sweepFolder(this.changes);
      return this.folder;
    });
  }

  private written<T>(write: () => T): Outcome<T> {
    try {
      return { ok: true, value: write() };
    } catch (error) {
      if (!isOfTheSystem(error)) throw error;
      return { ok: false, failure: fileFailure(error, this.changes, 'write', JOURNAL) };
    }
  }

  /** Of the files that are there, ascending; of temporary and foreign ones nothing is said. */
  private numbers(): Outcome<number[]> {
    try {
      const ours = readdirSync(this.changes).flatMap((name) => {
        const number = Number(FILE_NAME.exec(name)?.[1]);
        return name === nameOf(number) ? [number] : [];
      });
      return { ok: true, value: ours.sort((a, b) => a - b) };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return { ok: true, value: [] };
      return { ok: false, failure: fileFailure(error, this.changes, 'read', JOURNAL) };
    }
  }

  private lastNumber(): Outcome<number> {
    const path = join(this.folder, COUNTER);
    try {
      const text = readPlainFile(path, 64)?.toString('latin1') ?? '';
      if (/^\d{1,15}\n$/.test(text)) return { ok: true, value: Number(text) };
      const why = `${path} is damaged; delete it, and numbers are counted on from the changes that are there`;
      return { ok: false, failure: { code: 'unavailable', what: JOURNAL, why } };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return { ok: true, value: 0 };
      return { ok: false, failure: fileFailure(error, path, 'read', JOURNAL) };
    }
  }

  private read(number: number): Outcome<Change> {
    const path = join(this.changes, nameOf(number));
    try {
      const bytes = readPlainFile(path, MOST_BYTES);
      const parsed = bytes === null ? damaged('it is no plain file') : parseChange(bytes);
      if ('id' in parsed && parsed.id === number) return { ok: true, value: parsed };
      const flaw = 'id' in parsed ? damaged(`it is of change ${parsed.id}`) : parsed;
      return { ok: false, failure: unusable(path, flaw) };
    } catch (error) {
      return { ok: false, failure: fileFailure(error, path, 'read', JOURNAL) };
    }
  }
}

function nameOf(id: number): string {
  return `${String(id).padStart(6, '0')}.json`;
}

/** Throws on a change that could not be read back: that is a bug, and nothing has been done yet. */
function format(change: Change): string {
  changeSchema.parse(change);
  return `${JSON.stringify({ schema: `${SHAPE}/${VERSION}`, sha256: hashOf(change), change }, null, 1)}\n`;
}

/** Why a file of the journal cannot be used, as a clause, and what to do about it. */
interface Flaw {
  how: string;
  todo: string;
}

function parseChange(bytes: Uint8Array): Change | Flaw {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return damaged('it is cut off or overwritten');
  }
  const { data: head } = envelope.safeParse(value);
  if (head === undefined) return damaged('it is none of ours');
  if (head.schema !== `${SHAPE}/${VERSION}`) {
    const how = 'it was written by another version of Fourtuple';
    return { how, todo: 'use that version, or move the file away' };
  }
  const { data: whole } = document.safeParse(value);
  const { data: change } = changeSchema.safeParse(whole?.change);
  if (whole === undefined || change === undefined) return damaged('it does not have the shape of a change');
  return whole.sha256 === hashOf(change) ? change : damaged('its checksum does not fit');
}

function damaged(how: string): Flaw {
  return { how, todo: 'move it away to go on; what it says can then no longer be undone from here' };
}

function unusable(path: string, { how, todo }: Flaw): Failure {
  const why = `${path} cannot be relied on (${how}), and nothing is changed before that is settled: ${todo}`;
  return { code: 'unavailable', what: JOURNAL, why };
}
