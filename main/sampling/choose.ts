/** The platform of this machine, chosen once. */
import type { Outcome } from '../core/model.ts';
import { createLinuxPlatform } from './linux/platform.ts';
import { createPortable } from './portable/create.ts';
import type { Platform } from './source.ts';

/** The sampler's view of `platform` (a process.platform); fails with `unsupported` where sampling is not there. */
export function choosePlatform(platform: NodeJS.Platform): Outcome<Platform> {
  if (platform === 'linux') return { ok: true, value: createLinuxPlatform() };
  return createPortable(platform);
}
