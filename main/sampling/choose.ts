/** The platform of this machine, chosen once. */
import type { Outcome } from '../core/model.ts';
import { createLinuxPlatform } from './linux/platform.ts';
import type { Platform } from './source.ts';

const NAMES: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'Windows',
  darwin: 'macOS',
  freebsd: 'FreeBSD',
  openbsd: 'OpenBSD',
};

/** The sampler's view of `platform` (a process.platform); fails with `unsupported` where sampling is not there yet. */
export function choosePlatform(platform: NodeJS.Platform): Outcome<Platform> {
  if (platform === 'linux') return { ok: true, value: createLinuxPlatform() };
  const what = `live sampling on ${NAMES[platform] ?? platform}`;
  const why = 'it is there for Linux only so far';
  return { ok: false, failure: { code: 'unsupported', what, why } };
}
