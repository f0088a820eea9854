/** The door as the page sees it: a named function for each call and one for the events, over Electron's IPC. */
import type { IpcRenderer } from 'electron';
import { callChannel, EVENT_CHANNEL, EVENT_TAKEN_CHANNEL } from './channels.ts';
import { CALL_NAMES, type WorkbenchDoor } from './contract.ts';

type Listener = Parameters<WorkbenchDoor['onEvent']>[0];

/** Only names and plain data come out; the event object of Electron, which carries the sender, stays inside. */
export function createDoor(ipc: Pick<IpcRenderer, 'invoke' | 'on' | 'send'>): WorkbenchDoor {
  const listeners = new Set<Listener>();
  ipc.on(EVENT_CHANNEL, (_event, raw: { name: string; payload: unknown }) => {
    try {
      for (const listener of listeners) listener({ name: raw.name, payload: raw.payload });
    } finally {
      ipc.send(EVENT_TAKEN_CHANNEL);
    }
  });
  const calls = Object.fromEntries(
    CALL_NAMES.map((name) => [name, (args: unknown) => ipc.invoke(callChannel(name), args)]),
  ) as WorkbenchDoor['calls'];
  return {
    calls,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
