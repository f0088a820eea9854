/** A folder that looks to a packager like an unpacked Electron: the files it touches, and a binary with fuses. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Marks the fuses in a binary: https://github.com/electron/fuses, constants. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FILES = [
  'LICENSE',
  'LICENSES.chromium.html',
  'chrome-sandbox',
  'icudtl.dat',
  'locales/de.pak',
  'locales/en-US.pak',
  'version',
];

/** `fuses` as Electron ships them: one digit each, 1 is on. */
export function makeElectronDist(folder: string, version: string, fuses: string): void {
  mkdirSync(join(folder, 'locales'), { recursive: true });
  mkdirSync(join(folder, 'resources'));
  for (const file of FILES) writeFileSync(join(folder, file), version);
  const wire = Buffer.concat([
    Buffer.from(`head ${SENTINEL}`),
    Buffer.from([1, fuses.length]),
    Buffer.from(fuses),
    Buffer.from(' tail'),
  ]);
  writeFileSync(join(folder, 'electron'), wire);
  chmodSync(join(folder, 'electron'), 0o755);
}

/** The digits in a binary made above. */
export function fusesIn(binary: Buffer): string {
  const at = binary.indexOf(SENTINEL) + SENTINEL.length;
  return binary.toString('latin1', at + 2, at + 2 + (binary[at + 1] ?? 0));
}
