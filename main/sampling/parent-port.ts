/** The channel to the process that forked this one: Electron's utilityProcess or Node's child_process. */
import type { FromSampler } from './protocol.ts';

export interface ParentPort {
  post(message: FromSampler): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The parent is gone; called at once when it went before anybody listened. */
  onEnd(listener: () => void): void;
  isConnected(): boolean;
}

/** What Electron puts on `process` in a utility process (electron.d.ts, ParentPort). */
interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
}

/** Null when this process was not forked. */
export function connectParent(): ParentPort | null {
  const utility = (process as unknown as { parentPort?: UtilityPort }).parentPort;
  if (utility) {
    return {
      post: (message) => utility.postMessage(message),
      onMessage: (listener) => void utility.on('message', (event) => listener(event.data)),
      // Electron ends utility processes with the app.
      onEnd: () => undefined,
      isConnected: () => true,
    };
  }
  if (!process.send) return null;
  return {
    post: (message) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => void process.on('message', listener),
    onEnd: (listener) => {
      // 'disconnect' was lost on us when the parent died while our modules were loading.
      if (!process.connected) return listener();
      process.on('disconnect', listener);
    },
    isConnected: () => process.connected,
  };
}
