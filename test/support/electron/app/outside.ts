/** `shell` and `dialog`: what leaves the app is written down for the test, what asks a person waits for its answer. */
import type * as Electron from 'electron';
import { appState } from './app-state.ts';
import { display } from './display-line.ts';

const note = (kind: string, what: string) => void appState.openedOutside.push({ kind, what });

export const shellPart = {
  async openExternal(url: string): Promise<void> {
    note('link', url);
  },
  showItemInFolder(path: string): void {
    note('folder', path);
  },
  async openPath(path: string): Promise<string> {
    note('path', path);
    return '';
  },
  beep(): void {
    note('beep', '');
  },
} satisfies Partial<Electron.Shell>;

/** With or without the window before the options. */
function optionsOf(args: readonly unknown[]): unknown {
  return args.at(-1);
}

export const dialogPart = {
  showOpenDialog: (...args: unknown[]) =>
    display.ask('dialog.show', {
      kind: 'open',
      options: optionsOf(args),
    }) as Promise<Electron.OpenDialogReturnValue>,
  showSaveDialog: (...args: unknown[]) =>
    display.ask('dialog.show', {
      kind: 'save',
      options: optionsOf(args),
    }) as Promise<Electron.SaveDialogReturnValue>,
  showMessageBox: (...args: unknown[]) =>
    display.ask('dialog.show', {
      kind: 'message',
      options: optionsOf(args),
    }) as Promise<Electron.MessageBoxReturnValue>,
  showErrorBox: (title: string, content: string) => note('error box', `${title}: ${content}`),
} satisfies Partial<Electron.Dialog>;
