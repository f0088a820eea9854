import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/history.ts';

const PROGRAM = fileURLToPath(new URL('../../support/history-disk.ts', import.meta.url));
/** As root of its own mounts: nothing of it is seen outside, and it goes with the process. */
const ENTER = ['unshare', ...(process.geteuid?.() === 0 ? ['-m'] : ['-rm']), '--'];

/** Why no file system can be mounted here; null when one can. */
function mountMissing(): string | null {
  if (process.platform !== 'linux')
    return `a file system of its own needs Linux, this is ${process.platform}`;
  const [program = '', ...flags] = ENTER;
  const tried = spawnSync(program, [...flags, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { encoding: 'utf8' });
  if (tried.error) return 'unshare is not installed';
  return tried.status === 0 ? null : `nothing may be mounted here (${tried.stderr.trim()})`;
}

const missing = mountMissing();

describe(`history on a file system of 24 MB${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it.skipIf(missing)(
    'D4: pauses when it is full, keeps what it has, goes on by itself; where it may only be read, it is shown',
    () => {
      const folder = temporaryFolder();
      const [program = '', ...flags] = ENTER;
      const script = 'mount -t tmpfs -o size=24m tmpfs "$1" && exec "$2" "$3" "$1"';
      const argv = [...flags, 'sh', '-c', script, 'sh', folder.path, process.execPath, PROGRAM];
      const { stdout, stderr, status } = spawnSync(program, argv, { encoding: 'utf8', timeout: 60_000 });
      folder.remove();
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const full = expect.stringMatching(/^The disk is full, so history pauses\./);
      expect(JSON.parse(stdout)).toEqual({
        before: { mode: 'recording', sentence: null, hasMissed: false },
        full: { mode: 'paused', sentence: full, hasMissed: true, points: 100, hasReserve: false },
        stillFull: { mode: 'paused', sentence: full, hasMissed: true },
        room: {
          mode: 'recording',
          sentence: null,
          hasMissed: true,
          hasReserve: true,
          gaps: [expect.stringMatching(/^Sampling or history was paused for \d+ min\.$/)],
        },
        remounted: 0,
        readOnly: {
          mode: 'reading',
          sentence: expect.stringMatching(/^Nothing can be written to \/\S+: what history is there is shown/),
          hasMissed: true,
          points: 100,
        },
      });
    },
    70_000,
  );
});
