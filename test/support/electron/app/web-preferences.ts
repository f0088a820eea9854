/** webPreferences: what the stand-in does with each; one it would have to ignore is refused with its name. */
import type * as Electron from 'electron';
import { appState } from './app-state.ts';

/** The values with which a page can be shown here; anything else would need a page that Electron alone can make. */
const SHOWABLE = {
  sandbox: [true],
  contextIsolation: [true, false],
  webSecurity: [true],
  // Without effect in a sandboxed page.
  nodeIntegration: [true, false],
  nodeIntegrationInWorker: [false],
  nodeIntegrationInSubFrames: [true, false],
  webviewTag: [false],
  navigateOnDragDrop: [true, false],
  spellcheck: [true, false],
  backgroundThrottling: [true, false],
  devTools: [true, false],
} as const satisfies { [K in keyof Electron.WebPreferences]?: readonly unknown[] };

export function checkWebPreferences(preferences: Electron.WebPreferences): Electron.WebPreferences {
  for (const [name, value] of Object.entries(preferences)) {
    if (name === 'preload') continue;
    const values: readonly unknown[] = Object.hasOwn(SHOWABLE, name)
      ? SHOWABLE[name as keyof typeof SHOWABLE]
      : [];
    if (!values.includes(value)) {
      throw new Error(`webPreferences.${name} = ${String(value)} is not modelled by the stand-in`);
    }
  }
  // app.enableSandbox() puts every page into the sandbox, whatever its preferences say.
  return {
    contextIsolation: true,
    ...preferences,
    sandbox: appState.isSandboxed || (preferences.sandbox ?? true),
  };
}
