/** The channel to the process that forked this one: Electron's utilityProcess or Node's child_process. */

export interface ParentPort<Message> {
  /** `taken` is called when the channel has taken the message, or cannot any more; Electron's does not say, so at once. */
  post(message: Message, taken?: () => void): void;
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
export function connectParent<Message>(): ParentPort<Message> | null {
  const utility = (process as unknown as { parentPort?: UtilityPort }).parentPort;
  if (utility) {
    return {
      post: (message, taken) => {
        utility.postMessage(message);
        taken?.();
      },
      onMessage: (listener) => void utility.on('message', (event) => listener(event.data)),
      // Electron ends utility processes with the app.
      onEnd: () => undefined,
      isConnected: () => true,
    };
  }
  if (!process.send) return null;
  return {
    post: (message, taken) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => taken?.());
      else taken?.();
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
