/** The link under Electron: the preload's door is always there while the window is. */
import type { CallArgs, CallName, WorkbenchDoor } from '../../preload/contract.ts';
import { LinkError, type Link, type LinkState } from './link.ts';
import { Listeners } from './listeners.ts';
import { readAnswer, readEvent } from './read-answer.ts';

export interface DesktopLinkOptions {
  door: WorkbenchDoor;
  /** Epoch milliseconds. */
  now(): number;
}

/** A link over `window.fourtuple`. Events the contract does not know are dropped. */
export function createDesktopLink({ door, now }: DesktopLinkOptions): Link {
  const listeners = new Listeners();
  const state: LinkState = { kind: 'connected', sinceMs: now(), retryAtMs: null, attempt: 0, sentence: null };
  door.onEvent((raw) => {
    const event = readEvent(raw.name, raw.payload);
    if (event) listeners.publish(event);
  });
  return {
    host: 'desktop',
    state,
    call: async <N extends CallName>(name: N, args: CallArgs<N>) =>
      readAnswer(name, await ask(door, name, args)),
    on: (name, listener) => listeners.on(name, listener),
    onState: (listener) => listeners.onState(listener),
    retryNow: () => {},
  };
}

async function ask(door: WorkbenchDoor, name: CallName, args: unknown): Promise<unknown> {
  try {
    return await door.calls[name](args);
  } catch (cause) {
    const error = new LinkError(
      'gone',
      'The workbench did not answer. Close the window and start Fourtuple again.',
    );
    error.cause = cause;
    throw error;
  }
}
