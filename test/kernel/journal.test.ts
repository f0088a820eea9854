/** The journal on real disks: killed writers, full and read-only ones, and several processes at once. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../main/core/fixes/change.ts';
import { openJournal } from '../../main/fixes/journal.ts';
import { formatIdentity, ownIdentity } from '../../main/storage/process-identity.ts';
import { aFolder, aNewChange } from '../support/journal.ts';

const WRITER = fileURLToPath(new URL('../support/journal-writer.ts', import.meta.url));

interface Place {
  folder: string;
  file: string;
}

/** A folder for the journal, and a file with a change beside it. */
function aPlace(): Place {
  const base = aFolder();
  chmodSync(base, 0o755);
  const file = join(base, 'change.json');
  writeFileSync(file, JSON.stringify(aNewChange()));
  return { folder: join(base, 'state'), file };
}

function start(what: string, { folder, file }: Place): ChildProcess {
  return spawn(process.execPath, [WRITER, what, folder, file], { stdio: ['ignore', 'pipe', 'inherit'] });
}

function list(folder: string): Change[] {
  const journal = openJournal(folder);
  const listed = journal.ok ? journal.value.list() : journal;
  if (!listed.ok) throw new Error(JSON.stringify(listed.failure));
  return listed.value;
}

/** Kills a writer at some moment of its work; gives what it acknowledged: the last write of each change. */
async function killWriter(place: Place): Promise<Map<number, number>> {
  const writer = start('write', place);
  let text = '';
  writer.stdout?.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const enough = 1 + Math.floor(Math.random() * 6);
  while (text.split('\n').length <= enough && writer.exitCode === null) await pause(1);
  await pause(Math.random() * 10);
  writer.kill('SIGKILL');
  await once(writer, 'close');
  expect(writer.signalCode).toBe('SIGKILL');
  const whole = text.slice(0, text.lastIndexOf('\n')).split('\n').slice(1);
  return new Map(whole.map((line) => line.split(' ').map(Number) as [number, number]));
}

const KILLS = 16;

/** One writer after the other on the same journal; gives how many changes were acknowledged. */
async function killWriters(place: Place): Promise<number> {
  const acknowledged = new Map<number, number>();
  for (let kill = 1; kill <= KILLS; kill++) {
    for (const [id, count] of await killWriter(place)) acknowledged.set(id, count);
    const written = new Map(list(place.folder).map(({ id, sentence }) => [id, Number(sentence)]));
    for (const [id, count] of acknowledged) {
      // The next one may have come to the disk without a word.
      expect([count, count + 1]).toContain(written.get(id));
    }
    expect(written.size - acknowledged.size).toBeLessThanOrEqual(kill);
  }
  return acknowledged.size;
}

const unshare = spawnSync('unshare', ['-m', 'true']).status === 0;
const noMounts = unshare ? '' : ' (skipped: no mount namespace can be made here)';
const isRoot = process.geteuid?.() === 0;

describe('the journal on a disk', () => {
  test(`F3, F5: a killed writer loses nothing that it was told is written (${2 * KILLS} kills)`, async () => {
    const told = await Promise.all([killWriters(aPlace()), killWriters(aPlace())]);
    expect(told[0] + told[1]).toBeGreaterThan(KILLS / 2);
  });

  test('G4, F9: of several processes at once one has the lock, a stale one taken over by one of them', async () => {
    const place = aPlace();
    mkdirSync(place.folder, { mode: 0o700 });
    const own = ownIdentity();
    const stale = { ...own, start: own.start + 1 };
    writeFileSync(join(place.folder, `lock.${formatIdentity(stale)}`), '');
    const children = Array.from({ length: 5 }, () => start('contend', place));
    const exits = await Promise.all(children.map((child) => once(child, 'close')));
    expect(exits.map(([code]) => code as number)).toEqual([0, 0, 0, 0, 0]);
  });

  test.skipIf(!unshare)(`a full disk is said, and what was written stays${noMounts}`, () => {
    const { folder, file } = aPlace();
    const script = 'mount -t tmpfs -o size=512k,mode=700 tmpfs "$1" && exec "$2" "$3" full "$1/state" "$4"';
    const disk = aFolder();
    const ran = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', disk, process.execPath, WRITER, file], {
      encoding: 'utf8',
    });
    expect({ status: ran.status, stderr: ran.stderr, folder }).toMatchObject({ status: 0, stderr: '' });
    const full = `The journal of changes is not available: the disk of ${disk}/state/changes is full; make room first.`;
    expect(
      ran.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { add: full, update: full, listed: 1 },
      { same: true },
      { update: 'ok', add: 'ok', listed: 2 },
    ]);
  });

  test.skipIf(!unshare)(`a read-only disk is said, and can be read${noMounts}`, () => {
    const { file } = aPlace();
    const script =
      'mount -t tmpfs -o mode=700 tmpfs "$1" && "$2" "$3" seed "$1/state" "$4" && mount -o remount,ro "$1" && exec "$2" "$3" try "$1/state" "$4"';
    const disk = aFolder();
    const ran = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', disk, process.execPath, WRITER, file], {
      encoding: 'utf8',
    });
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      listed: 1,
      add: expect.stringContaining('is on a file system that is read-only'),
      update: expect.stringContaining('is on a file system that is read-only'),
      lock: expect.stringContaining('is on a file system that is read-only'),
    });
  });

  test.skipIf(!isRoot)(
    `a folder without rights is said, and can be read${isRoot ? '' : ' (skipped: needs root)'}`,
    () => {
      const place = aPlace();
      const run = (what: string) =>
        spawnSync(process.execPath, [WRITER, what, place.folder, place.file], {
          encoding: 'utf8',
          uid: 65_534,
          gid: 65_534,
        });
      mkdirSync(place.folder, { mode: 0o700 });
      chownSync(place.folder, 65_534, 65_534);
      expect(run('seed')).toMatchObject({ status: 0, stderr: '' });
      for (const path of [join(place.folder, 'changes'), place.folder]) chmodSync(path, 0o500);
      const ran = run('try');
      expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
      const refused = expect.stringMatching(
        /^Not permitted to write .*: it needs that right on the file system\.$/,
      );
      expect(JSON.parse(ran.stdout)).toEqual({ listed: 1, add: refused, update: refused, lock: refused });
    },
  );
});
