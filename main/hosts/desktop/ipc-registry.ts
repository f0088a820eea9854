/** All IPC of the desktop host (hardening E7): one channel a call, each behind the same check of who is asking. */
import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents, WebFrameMain } from 'electron';
import { callChannel, EVENT_CHANNEL, EVENT_TAKEN_CHANNEL } from '../../../preload/channels.ts';
import { CALL_NAMES } from '../../../preload/contract.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { EventFanOut } from '../event-fan-out.ts';
import { answerCall, refuse } from '../serve-contract.ts';
import { isAppUrl } from './app-protocol.ts';

export interface IpcRegistry {
  /** Sends events to a window's page from now on, also after a reload; ends with its contents. */
  attach(contents: WebContents): void;
}

/** Registers every call of the contract. Call it once. */
export function serveIpc(ipcMain: Pick<IpcMain, 'handle' | 'on'>, workbench: Workbench): IpcRegistry {
  const fanOut = new EventFanOut();
  const taken = new Map<WebContents, () => void>();
  for (const name of CALL_NAMES) {
    ipcMain.handle(callChannel(name), async (event: IpcMainInvokeEvent, args: unknown) =>
      isTrustedFrame(event.senderFrame)
        ? answerCall(workbench, name, args)
        : refuse('not-allowed', 'Only the page of this window may ask the workbench.'),
    );
  }
  ipcMain.on(EVENT_TAKEN_CHANNEL, (event: IpcMainEvent) => {
    if (isTrustedFrame(event.senderFrame)) taken.get(event.sender)?.();
  });
  workbench.subscribe((event) => fanOut.publish(event));
  return { attach: (contents) => attachEvents(contents, fanOut, taken) };
}

/** The top frame of our own page; a destroyed frame's properties throw. */
export function isTrustedFrame(frame: WebFrameMain | null): boolean {
  if (frame === null) return false;
  try {
    return !frame.isDestroyed() && !frame.detached && frame.parent === null && isAppUrl(frame.url);
  } catch {
    // The frame went away between two of these questions.
    return false;
  }
}

function attachEvents(contents: WebContents, fanOut: EventFanOut, taken: Map<WebContents, () => void>): void {
  let lane: ReturnType<EventFanOut['add']> | null = null;
  // A new page has not taken what was sent to the old one: it starts with a lane of its own.
  contents.on('did-finish-load', () => {
    lane?.remove();
    lane = fanOut.add({
      post: ({ name, payload }, sent) => {
        // Should a foreign page ever come into the window, it learns nothing; its lane stays at its first event.
        if (!isAppUrl(contents.getURL())) return;
        taken.set(contents, sent);
        contents.send(EVENT_CHANNEL, { name, payload });
      },
    });
  });
  contents.on('destroyed', () => {
    lane?.remove();
    taken.delete(contents);
  });
}
