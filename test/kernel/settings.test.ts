/** The settings on disks that take nothing: full ones and read-only ones. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { aFolder } from '../support/journal.ts';

const WRITER = fileURLToPath(new URL('../support/settings-writer.ts', import.meta.url));
const unshare = spawnSync('unshare', ['-m', 'true']).status === 0;
const skipped = unshare ? '' : ' (skipped: no mount namespace can be made here)';

/** Runs a script with its own mounts: $1 a folder, $2 node, $3 the writer; gives what was told. */
function runMounted(script: string): { disk: string; told: unknown[] } {
  const disk = aFolder();
  const argv = ['-m', 'sh', '-c', script, 'sh', disk, process.execPath, WRITER];
  const ran = spawnSync('unshare', argv, { encoding: 'utf8' });
  expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
  const lines = ran.stdout.trimEnd().split('\n');
  return { disk, told: lines.map((line) => JSON.parse(line) as unknown) };
}

const NOT_SAVED = 'The settings could not be saved, so changes last until Fourtuple ends.';

describe.skipIf(!unshare)(`settings on a disk that takes nothing${skipped}`, () => {
  test('D6: a full one is said; the old file stays, the change is in force and is written once there is room', () => {
    const { disk, told } = runMounted(
      'mount -t tmpfs -o size=256k,mode=700 tmpfs "$1" && exec "$2" "$3" full "$1/state"',
    );
    const full = `${NOT_SAVED} The settings file is not available: the disk of ${disk}/state/settings.json is full; make room first.`;
    expect(told).toEqual([
      { problems: [], inForce: 300, saved: 300, sentence: null },
      { problems: [], inForce: 400, saved: 300, sentence: full },
      { isWhole: true },
      { problems: [], inForce: 500, saved: 500, sentence: null },
    ]);
  });

  test('a read-only one is said, what it holds is used, and a change lasts as long as the process', () => {
    const { told } = runMounted(
      'mount -t tmpfs -o mode=700 tmpfs "$1" && "$2" "$3" 300 "$1/state" && mount -o remount,ro "$1" && exec "$2" "$3" 400 "$1/state"',
    );
    expect(told).toEqual([
      { problems: [], inForce: 300, saved: 300, sentence: null },
      {
        problems: [],
        inForce: 400,
        saved: 300,
        sentence: expect.stringMatching(
          new RegExp(`^${NOT_SAVED} .* is on a file system that is read-only\\.$`),
        ),
      },
    ]);
  });

  test('a broken file on a read-only one is left where it is, and said', () => {
    const { told } = runMounted(
      'mount -t tmpfs -o mode=700 tmpfs "$1" && mkdir -m 700 "$1/state" && echo x > "$1/state/settings.json" && mount -o remount,ro "$1" && "$2" "$3" 400 "$1/state" && exec grep -c x "$1/state/settings.json"',
    );
    expect(told[0]).toMatchObject({
      inForce: 400,
      saved: 1000,
      sentence: expect.stringContaining('can be neither used nor moved out of the way: it is no JSON'),
    });
    expect(told[1]).toBe(1);
  });
});
