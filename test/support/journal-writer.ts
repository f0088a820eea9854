/**
 * A process of its own that uses the journal, for tests that kill it or take its disk away: node journal-writer.ts WHAT
 * FOLDER FILE, where FILE has a change as JSON.
 */
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Change } from '../../main/core/fixes/change.ts';
import type { Outcome } from '../../main/core/model.ts';
import { failureSentence } from '../../main/core/words/failure.ts';
import { openJournal } from '../../main/fixes/journal.ts';
import type { Journal } from '../../main/fixes/journal-parts.ts';

const [, , what = '', folder = '', file = ''] = process.argv;
const change = JSON.parse(readFileSync(file, 'utf8')) as Omit<Change, 'id'>;
const journal = got(openJournal(folder));

function got<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(failureSentence(outcome.failure));
  return outcome.value;
}

/** One line, whole, before anything else happens. */
function tell(words: unknown): void {
  writeSync(1, `${typeof words === 'string' ? words : JSON.stringify(words)}\n`);
}

/** Adds and updates for ever; each line names a write that has returned. */
function write(to: Journal): void {
  got(to.lock());
  tell('ready');
  for (;;) {
    let last = got(to.add({ ...change, sentence: '0' }));
    tell(`${last.id} 0`);
    for (let count = 1; count < 4; count++) {
      last = got(to.update({ ...last, sentence: String(count) }));
      tell(`${last.id} ${count}`);
    }
  }
}

/** Takes the lock a few times, as one of several; a folder that only one can make at a time is the witness. */
function contend(to: Journal): void {
  const witness = join(folder, 'witness');
  for (let times = 0; times < 4;) {
    const lock = to.lock();
    pause(lock.ok ? 0 : 3);
    if (!lock.ok) continue;
    mkdirSync(witness);
    pause(5);
    rmdirSync(witness);
    lock.value.release();
    times++;
  }
  tell('done');
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Writes where there is no room left, then where there is again. */
function writeFull(to: Journal): void {
  const first = got(to.add(change));
  const filler = join(dirname(folder), 'filler');
  fill(filler);
  const long = { ...first, sentence: 'x'.repeat(20_000) };
  tell({ add: attempt(to.add(change)), update: attempt(to.update(long)), listed: got(to.list()).length });
  tell({ same: got(to.list())[0]?.sentence === first.sentence });
  rmSync(filler);
  tell({ update: attempt(to.update(long)), add: attempt(to.add(change)), listed: got(to.list()).length });
}

function fill(path: string): void {
  for (const size of [64 * 1024, 4096]) {
    for (;;) {
      try {
        writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
      } catch {
        break;
      }
    }
  }
}

function tryAll(to: Journal): void {
  const [first] = got(to.list());
  if (first === undefined) throw new Error('nothing is there');
  tell({
    listed: first.id,
    add: attempt(to.add(change)),
    update: attempt(to.update(first)),
    lock: attempt(to.lock()),
  });
}

function attempt(outcome: Outcome<unknown>): string {
  return outcome.ok ? 'ok' : failureSentence(outcome.failure);
}

if (what === 'write') write(journal);
else if (what === 'contend') contend(journal);
else if (what === 'full') writeFull(journal);
else if (what === 'seed') got(journal.add(change));
else tryAll(journal);
