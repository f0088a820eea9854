/** What Fourtuple runs on, for the About dialog and for who reports a bug. */
import type { AboutInfo } from '../../preload/contract-desktop.ts';

export interface AboutInput {
  /** Of Fourtuple. */
  version: string;
  /** As process.versions: Electron's and Chromium's are there only under Electron. */
  versions: Readonly<Record<string, string | undefined>>;
  /** As node:os tells them: "Linux", "6.18.5", "x64". */
  system: { type: string; release: string; arch: string };
}

const PARTS: readonly (readonly [name: string, key: string])[] = [
  ['Electron', 'electron'],
  ['Chromium', 'chrome'],
  ['Node', 'node'],
  ['V8', 'v8'],
];
/** Kernels by the names people know. */
const SYSTEM_NAMES = new Map([
  ['Darwin', 'macOS (Darwin)'],
  ['Windows_NT', 'Windows'],
]);

/** Only what is really there is named. */
export function describeAbout({ version, versions, system }: AboutInput): AboutInfo {
  const parts = PARTS.flatMap(([name, key]) => {
    const found = versions[key];
    return found === undefined ? [] : [{ name, version: found }];
  });
  const name = SYSTEM_NAMES.get(system.type) ?? system.type;
  return { version, parts: [...parts, { name, version: `${system.release} (${system.arch})` }] };
}
