import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../../main/core/fixes/change.ts';
import type { Outcome } from '../../../main/core/model.ts';
import { failureSentence } from '../../../main/core/words/failure.ts';
import { openJournal } from '../../../main/fixes/journal.ts';
import type { Journal } from '../../../main/fixes/journal-parts.ts';
import { formatIdentity, ownIdentity, type ProcessIdentity } from '../../../main/storage/process-identity.ts';
import { aFolder, aJournalChange, aNewChange, everyPlan } from '../../support/journal.ts';

function got<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(failureSentence(outcome.failure));
  return outcome.value;
}

function said(outcome: Outcome<unknown>): string {
  return outcome.ok ? 'no failure' : failureSentence(outcome.failure);
}

function open(folder = join(aFolder(), 'fourtuple')): Journal {
  return got(openJournal(folder));
}

const fileOf = ({ folder }: Journal, name = '000001.json') => join(folder, 'changes', name);

describe('the journal', () => {
  test('is empty, and makes nothing, before something is written', () => {
    const folder = join(aFolder(), 'fourtuple');
    const journal = open(folder);
    expect(journal.folder).toBe(folder);
    expect(journal.list()).toEqual({ ok: true, value: [] });
    expect(journal.holder()).toBeNull();
    expect(() => statSync(folder)).toThrow('ENOENT');
  });

  test('gives back what was written, oldest first, to whoever opens it', () => {
    const journal = open();
    const added = everyPlan().map((plan) => got(journal.add(aNewChange({ plan }))));
    expect(added.map(({ id }) => id)).toEqual(added.map((_, index) => index + 1));
    const [first] = added;
    const updated: Change = {
      ...aJournalChange({ ...first, phase: 'kept', sentence: 'Kept. “é”\n' }),
      id: 1,
    };
    expect(journal.update(updated)).toEqual({ ok: true, value: updated });
    expect(open(journal.folder).list()).toEqual({ ok: true, value: [updated, ...added.slice(1)] });
  });

  test('D6, F3: is for its user alone, and leaves no temporary file', () => {
    const journal = open();
    got(journal.add(aNewChange()));
    const modeOf = (path: string) => statSync(path).mode & 0o777;
    expect(readdirSync(journal.folder).sort()).toEqual(['changes', 'last-number']);
    expect(readdirSync(join(journal.folder, 'changes'))).toEqual(['000001.json']);
    expect([journal.folder, fileOf(journal), join(journal.folder, 'changes')].map(modeOf)).toEqual([
      0o700, 0o600, 0o700,
    ]);
    expect(JSON.parse(readFileSync(fileOf(journal), 'utf8'))).toMatchObject({ schema: 'fourtuple.change/1' });
  });

  test('never gives a number twice, not even when the last file was removed', () => {
    const journal = open();
    for (let count = 0; count < 3; count++) got(journal.add(aNewChange()));
    rmSync(fileOf(journal, '000003.json'));
    expect(got(open(journal.folder).add(aNewChange())).id).toBe(4);
    rmSync(join(journal.folder, 'last-number'));
    expect(got(journal.add(aNewChange())).id).toBe(5);
  });

  test('a change that could not be read back is a bug, and is not written', () => {
    const journal = open();
    const change = got(journal.add(aNewChange()));
    const odd = { ...change, phase: 'half' } as unknown as Change;
    expect(() => journal.update(odd)).toThrow();
    expect(() => journal.add({ ...change, preparedAtMs: Number.NaN })).toThrow();
    expect(got(journal.list())).toEqual([change]);
  });

  test('F9: a damaged file is named, with what to do, and nothing is listed', () => {
    const journal = open();
    got(journal.add(aNewChange()));
    got(journal.add(aNewChange()));
    const path = fileOf(journal);
    const text = readFileSync(path, 'utf8');
    const expected = (how: string) =>
      `The journal of changes is not available: ${path} cannot be relied on (${how}), and nothing is changed before that is settled: move it away to go on; what it says can then no longer be undone from here.`;
    const damages: [string | Uint8Array, string][] = [
      ['', 'it is cut off or overwritten'],
      [text.slice(0, -40), 'it is cut off or overwritten'],
      [Buffer.from(text).fill(0xff, 300, 310), 'it is cut off or overwritten'],
      ['{"schema":"else"}', 'it is none of ours'],
      ['['.repeat(100_000), 'it is cut off or overwritten'],
      [
        text.replace('1024', '1025').replace('"phase": "prepared"', '"phase": "kept"'),
        'its checksum does not fit',
      ],
      [
        text.replace('"phase": "prepared"', '"phase": "prepared", "more": 1'),
        'it does not have the shape of a change',
      ],
      [readFileSync(fileOf(journal, '000002.json'), 'utf8'), 'it is of change 2'],
    ];
    for (const [damage, how] of damages) {
      writeFileSync(path, damage);
      expect(said(journal.list())).toBe(expected(how));
    }
    rmSync(path);
    symlinkSync('000002.json', path);
    expect(said(journal.list())).toBe(expected('it is no plain file'));
  });

  test('F9: any single changed byte is noticed', () => {
    const journal = open();
    const change = got(journal.add(aNewChange()));
    const bytes = readFileSync(fileOf(journal));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        writeFileSync(fileOf(journal), damaged);
        const listed = journal.list();
        // White space between words of JSON means nothing.
        if (listed.ok) expect(listed.value).toEqual([change]);
      }),
      { numRuns: 200 },
    );
  });

  test('a file of a newer version is left to that version', () => {
    const journal = open();
    got(journal.add(aNewChange()));
    const path = fileOf(journal);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('change/1', 'change/2').replace('"asUser"', '"byUser"'),
    );
    expect(said(journal.list())).toContain(
      `${path} cannot be relied on (it was written by another version of Fourtuple), and nothing is changed before that is settled: use that version, or move the file away.`,
    );
  });

  test('a damaged counter is named, and no number is given', () => {
    const journal = open();
    got(journal.add(aNewChange()));
    const path = join(journal.folder, 'last-number');
    writeFileSync(path, 'many');
    expect(said(journal.add(aNewChange()))).toContain(`${path} is damaged; delete it`);
    expect(got(journal.list())).toHaveLength(1);
  });

  test.skipIf(process.platform === 'win32')('is not read from a folder that others can write', () => {
    const journal = open();
    got(journal.add(aNewChange()));
    chmodSync(journal.folder, 0o770);
    expect(said(openJournal(journal.folder))).toContain(`${journal.folder} can be written by others`);
  });

  test('leaves files alone that are none of its own, and removes what dead writers left', () => {
    const journal = open();
    const change = got(journal.add(aNewChange()));
    const own = ownIdentity();
    const dead = formatIdentity({ ...own, start: own.start + 1 });
    const names = [
      `.000002.json.${dead}.tmp`,
      `.000002.json.${formatIdentity(own)}.tmp`,
      'notes.txt',
      '7.json',
      '.swp',
    ];
    for (const name of names) writeFileSync(fileOf(journal, name), '{');
    expect(got(journal.list())).toEqual([change]);
    got(journal.lock()).release();
    expect(readdirSync(join(journal.folder, 'changes')).sort()).toEqual(
      ['000001.json', ...names.slice(1)].sort(),
    );
  });
});

describe('the lock', () => {
  const own = ownIdentity();
  const lockFile = ({ folder }: Journal, identity: ProcessIdentity) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, `lock.${formatIdentity(identity)}`), '');
  };

  test('F9: is held by one at a time, and free when it is released', () => {
    const journal = open();
    const lock = got(journal.lock());
    expect(journal.holder()).toBe(process.pid);
    expect(said(open(journal.folder).lock())).toBe(
      `Changing anything is not available: this process changes something now; wait until it has ended (its lock is in ${journal.folder}).`,
    );
    lock.release();
    expect(journal.holder()).toBeNull();
    const again = got(journal.lock());
    // Of the first one, which is over.
    lock.release();
    expect(journal.holder()).toBe(process.pid);
    again.release();
    expect(readdirSync(journal.folder).filter((name) => name.startsWith('lock'))).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('F9: names the process that has it', () => {
    const journal = open();
    const parent = { ...own, pid: process.ppid };
    const ticks = Number(
      readFileSync(`/proc/${parent.pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ')[19],
    );
    lockFile(journal, { ...parent, start: ticks });
    expect(said(journal.lock())).toContain(`process ${process.ppid} changes something now`);
    expect(journal.holder()).toBe(process.ppid);
  });

  test.each<[string, ProcessIdentity]>([
    ['whose pid is another process’s now', { ...own, start: own.start + 1 }],
    ['of another run of the system', { ...own, bootId: '00000000-0000-4000-8000-000000000000' }],
    ['that has ended', { ...own, pid: 4_194_303 }],
    [
      'from before the system was started, where boots have no number',
      { bootId: null, pid: process.pid, start: 1 },
    ],
  ])('G4: of a process %s is taken over', (_which, identity) => {
    const journal = open();
    lockFile(journal, identity);
    expect(journal.holder()).toBeNull();
    const lock = got(journal.lock());
    expect(readdirSync(journal.folder).filter((name) => name.startsWith('lock'))).toEqual([
      `lock.${formatIdentity(own)}`,
    ]);
    lock.release();
  });
});
