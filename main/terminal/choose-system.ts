/** The one place that asks which system this is. */
import type { System } from './system.ts';
import { freebsdSystem, macosSystem } from './systems/bsd.ts';
import { linuxSystem } from './systems/linux.ts';
import { windowsSystem } from './systems/windows.ts';

/** Unknown systems are taken for relatives of FreeBSD; without a table of programs nothing runs there anyway. */
export function chooseSystem(platform: NodeJS.Platform): System {
  if (platform === 'linux') return linuxSystem();
  if (platform === 'win32') return windowsSystem();
  return platform === 'darwin' ? macosSystem() : freebsdSystem();
}
