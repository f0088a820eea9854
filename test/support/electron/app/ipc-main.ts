/** `ipcMain`: what pages send and ask, as far as Electron's contract goes: values cloned, errors but their message lost. */
import type * as Electron from 'electron';
import { valueText } from '../page/value-text.ts';
import type { FrameState } from '../wire.ts';
import { appState } from './app-state.ts';
import { serve } from './display-line.ts';
import { ModelledEmitter } from './modelled.ts';
import type { StandInContents } from './web-contents.ts';
import type { StandInFrame } from './web-frame.ts';

export const ipcValues = valueText();

type Handler = Parameters<Electron.IpcMain['handle']>[1];
type Modelled = Pick<Electron.IpcMain, 'handle' | 'handleOnce' | 'removeHandler'>;

class StandInIpcMain extends ModelledEmitter implements Modelled {
  readonly #handlers = new Map<string, Handler>();

  constructor() {
    super('electron.ipcMain');
  }

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    if (typeof handler !== 'function')
      throw new Error(`Expected handler to be a function, but found type '${typeof handler}'`);
    this.#handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...args: unknown[]) => {
      this.removeHandler(channel);
      return handler(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  channels(): string[] {
    return [...this.#handlers.keys()];
  }

  /** Gives the answer as text; throws an error whose message is all that the page will know. */
  async answer(windowId: number, frame: FrameState, channel: string, args: string): Promise<string> {
    const handler = this.#handlers.get(channel);
    if (!handler) throw new Error(`Error: No handler registered for '${channel}'`);
    const event = eventOf(windowId, frame, 'frame');
    try {
      return ipcValues.encode(await handler(event, ...(ipcValues.decode(args) as unknown[])));
    } catch (error) {
      throw new Error(String(error), { cause: error });
    }
  }

  /** What a page says while its window closes is heard by nobody. */
  take(windowId: number, frame: FrameState, channel: string, args: string): void {
    if (!appState.windows.some(({ id }) => id === windowId)) return;
    this.emit(channel, eventOf(windowId, frame, 'frame'), ...(ipcValues.decode(args) as unknown[]));
  }
}

function eventOf(windowId: number, frame: FrameState, type: 'frame'): Electron.IpcMainInvokeEvent {
  const contents = appState.windows.find(({ id }) => id === windowId)?.webContents;
  if (!contents) throw new Error('Error: the window is gone');
  const event = {
    type,
    sender: contents,
    processId: 1,
    frameId: 1,
    // Asked late, a frame that is gone is null, as documented.
    get senderFrame() {
      return livingFrame(contents, frame);
    },
  };
  return event as unknown as Electron.IpcMainInvokeEvent;
}

function livingFrame(contents: StandInContents, state: FrameState): StandInFrame | null {
  if (contents.isDestroyed()) return null;
  const frame = contents.frameOf(state);
  return frame.isDestroyed() ? null : frame;
}

export const ipcMain = new StandInIpcMain();

serve({
  'ipc.invoke': ({ windowId, frame, channel, args }) => ipcMain.answer(windowId, frame, channel, args),
  'ipc.send': ({ windowId, frame, channel, args }) => ipcMain.take(windowId, frame, channel, args),
});
