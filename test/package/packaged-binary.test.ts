/** After `npm run package`: what the binaries in dist/ really carry. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { describe, expect, test } from 'vitest';
import { FUSES } from '../../scripts/fuses.ts';

const DIST = resolve(import.meta.dirname, '../../dist');
const STARTED = ['fourtuple', 'Fourtuple.exe', 'Fourtuple.app'];
const binaries = (existsSync(DIST) ? readdirSync(DIST) : []).flatMap((folder) =>
  STARTED.map((name) => join(DIST, folder, name)).filter((path) => existsSync(path)),
);
const missing = binaries.length === 0 ? ' (skipped: nothing is packaged here, npm run package)' : '';

describe.skipIf(binaries.length === 0)(`packaged binaries${missing}`, () => {
  test.each(binaries)('E12: %s has all nine fuses as they are asked for', async (path) => {
    const wire = await getCurrentFuseWire(path);
    for (const option of Object.values(FuseV1Options).filter((value) => typeof value === 'number')) {
      // 48 is the digit 0: off; 49 is on.
      expect([FuseV1Options[option], wire[option]]).toEqual([FuseV1Options[option], FUSES[option] ? 49 : 48]);
    }
  });
});
