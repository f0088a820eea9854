/** Switches inside Electron's binary, set while packaging (hardening E12). */
import { join } from 'node:path';
import { flipFuses, type FuseConfig, FuseV1Options, FuseVersion } from '@electron/fuses';
import type { AfterPackContext } from 'electron-builder';

/**
 * All nine, each set explicitly; one that a later Electron adds fails the packaging until it stands here.
 * https://www.electronjs.org/docs/latest/tutorial/fuses
 */
export const FUSES = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.WasmTrapHandlers]: true,
} as const satisfies FuseConfig;

/** electron-builder calls it with the unpacked app, before that is signed. */
export async function setFuses({
  appOutDir,
  electronPlatformName,
  packager,
}: AfterPackContext): Promise<void> {
  // A changed binary has no valid signature; on Apple's own processors none runs without.
  const resetAdHocDarwinSignature = electronPlatformName === 'darwin';
  const { productFilename } = packager.appInfo;
  // What electron-builder made of linux.executableName.
  const executableName = 'executableName' in packager ? String(packager.executableName) : productFilename;
  const file = executableIn(electronPlatformName, productFilename, executableName);
  await flipFuses(join(appOutDir, file), { ...FUSES, resetAdHocDarwinSignature });
}

/** Name of what is started, in the folder of the unpacked app. */
export function executableIn(platform: string, productFilename: string, executableName: string): string {
  if (platform === 'darwin') return `${productFilename}.app`;
  if (platform === 'win32') return `${productFilename}.exe`;
  return executableName;
}
