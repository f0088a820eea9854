/**
 * What a sandboxed preload finds: a `require` that knows Electron's side of a renderer and nothing of Node. Run inside
 * the page, in the preload's world: it must need nothing from outside itself.
 */
import type { WorldEnd } from './join-worlds.ts';
import type { ValueText } from './value-text.ts';

export interface PreloadSurroundings {
  /** Null without contextIsolation: the preload then runs in the page's own world. */
  bridge: WorldEnd | null;
  values: ValueText;
  /** Carries text to the display; Chromium's own binding. */
  post(text: string): void;
  /** The name on this world's global under which the display delivers text. */
  inbox: string;
}

/** Page to display. */
export type FromPage =
  | { kind: 'invoke'; id: number; channel: string; args: string }
  | { kind: 'send'; channel: string; args: string }
  | { kind: 'key'; key: string; code: string; control: boolean; shift: boolean; alt: boolean; meta: boolean };
/** Display to page. */
export type ToPage =
  | { kind: 'answer'; id: number; value: string }
  | { kind: 'refusal'; id: number; message: string }
  | { kind: 'message'; channel: string; args: string };

type PreloadScript = (
  require: (name: string) => unknown,
  module: { exports: object },
  exports: object,
  process: object,
) => void;

export function startPreloadWorld(
  { bridge, values, post, inbox }: PreloadSurroundings,
  preload: PreloadScript | null,
): void {
  type Listener = (event: object, ...args: unknown[]) => void;
  const waiting = new Map<
    number,
    { channel: string; resolve(value: unknown): void; reject(error: Error): void }
  >();
  const listeners = new Map<string, Listener[]>();
  let nextId = 1;
  const say = (message: FromPage) => post(JSON.stringify(message));

  const ipcRenderer = modelled('ipcRenderer', {
    async invoke(channel: string, ...args: unknown[]) {
      const text = values.encode(args);
      const id = nextId++;
      const answered = new Promise((resolve, reject) => waiting.set(id, { channel, resolve, reject }));
      say({ kind: 'invoke', id, channel, args: text });
      return answered;
    },
    send: (channel: string, ...args: unknown[]) => say({ kind: 'send', channel, args: values.encode(args) }),
    on(channel: string, listener: Listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
    off(channel: string, listener: Listener) {
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((each) => each !== listener),
      );
      return ipcRenderer;
    },
    removeAllListeners(channel: string) {
      listeners.delete(channel);
      return ipcRenderer;
    },
  });

  const contextBridge = modelled('contextBridge', {
    exposeInMainWorld(key: string, api: unknown) {
      if (!bridge) throw new Error('contextBridge API can only be used when contextIsolation is enabled');
      bridge.expose(key, api);
    },
  });

  function hear(message: ToPage): void {
    if (message.kind === 'message') {
      const args = values.decode(message.args) as unknown[];
      for (const listener of listeners.get(message.channel) ?? [])
        listener({ sender: ipcRenderer, ports: [] }, ...args);
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'answer') call?.resolve(values.decode(message.value));
    // The message is all that is left of the error.
    else call?.reject(new Error(`Error invoking remote method '${call.channel}': ${message.message}`));
  }

  /** Electron gives a sandboxed preload no more than these, and the last three but in part. */
  const MODULES: Record<string, unknown> = {
    electron: modelled('electron', { contextBridge, ipcRenderer }),
  };
  for (const name of ['events', 'timers', 'url'])
    MODULES[name] = MODULES[`node:${name}`] = modelled(name, {});

  function require(name: string): unknown {
    if (!Object.hasOwn(MODULES, name)) throw new Error(`module not found: ${name}`);
    return MODULES[name];
  }

  function modelled<T extends object>(name: string, part: T): T {
    return new Proxy(part, {
      get: (target, key) => {
        if (typeof key === 'symbol' || key in target || key === '__esModule') return Reflect.get(target, key);
        throw new Error(`${name}.${key} is not modelled by the stand-in`);
      },
    });
  }

  /** The window gets the key that the page has left: asked once all the page's own listeners have run. */
  function passKeys(): void {
    window.addEventListener(
      'keydown',
      (event) => {
        const { key, code, ctrlKey: control, shiftKey: shift, altKey: alt, metaKey: meta } = event;
        setTimeout(() => {
          if (!event.defaultPrevented) say({ kind: 'key', key, code, control, shift, alt, meta });
        });
      },
      true,
    );
  }

  Object.defineProperty(globalThis, inbox, { value: (text: string) => hear(JSON.parse(text) as ToPage) });
  passKeys();
  const module = { exports: {} };
  const process = modelled('process', {
    type: 'renderer',
    sandboxed: true,
    contextIsolated: bridge !== null,
  });
  preload?.(require, module, module.exports, process);
}
