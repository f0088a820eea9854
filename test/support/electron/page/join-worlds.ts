/**
 * What contextBridge does between the preload's world and the page's: the two share the document and nothing else, so
 * messages are events of the window, whose details Chromium clones from one world to the other. Functions and promises
 * stay where they are and are asked from afar. Also run inside the page: it must need nothing from outside itself.
 */

export type WorldSide = 'page' | 'preload';

export interface WorldEnd {
  /** Puts a value on the other world's `window`. Only the preload does. */
  expose(key: string, value: unknown): void;
}

export function joinWorlds(channel: string, mine: WorldSide): WorldEnd {
  type Packed =
    | { t: 'value'; v: unknown }
    | { t: 'array'; v: Packed[] }
    | { t: 'object'; v: [string, Packed][] }
    | { t: 'error'; v: string }
    | { t: 'function' | 'promise'; v: number };
  type Message =
    | { kind: 'expose'; key: string; value: Packed }
    | { kind: 'call'; id: number; args: Packed[] }
    | { kind: 'settled'; id: number; ok: boolean; value: Packed };
  type Reply = { ok: true; value: Packed } | { ok: false; message: string };
  type AnyFunction = (...args: unknown[]) => unknown;

  const other: WorldSide = mine === 'page' ? 'preload' : 'page';
  const functions = new Map<number, AnyFunction>();
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let nextId = 1;
  let reply: Reply | null = null;
  // Kept, so that nothing the page does to its globals later reaches in here.
  const dispatch = window.dispatchEvent.bind(window);
  const Custom = CustomEvent;

  const listen = (name: string, listener: (detail: unknown) => void) =>
    window.addEventListener(
      name,
      (event) => {
        event.stopImmediatePropagation();
        listener((event as CustomEvent).detail);
      },
      true,
    );
  listen(`${channel}:ask-${mine}`, (detail) => {
    const detailOfReply = answer(detail as Message);
    dispatch(new Custom(`${channel}:reply-${other}`, { detail: detailOfReply }));
  });
  listen(`${channel}:reply-${mine}`, (detail) => (reply = detail as Reply));

  function ask(message: Message): unknown {
    reply = null;
    dispatch(new Custom(`${channel}:ask-${other}`, { detail: message }));
    const answered = reply as Reply | null;
    if (answered === null) throw new Error('the other world does not answer: the stand-in is broken');
    if (!answered.ok) throw new Error(answered.message);
    return unpack(answered.value);
  }

  function answer(message: Message): Reply {
    try {
      if (message.kind === 'call') {
        const called = functions.get(message.id);
        if (!called) throw new Error('a function that nobody has: the stand-in is broken');
        return { ok: true, value: pack(called(...message.args.map(unpack))) };
      }
      if (message.kind === 'settled') settle(message.id, message.ok, unpack(message.value));
      else putOnWindow(message.key, unpack(message.value));
      return { ok: true, value: pack(undefined) };
    } catch (error) {
      return { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
  }

  function settle(id: number, ok: boolean, value: unknown): void {
    const promise = waiting.get(id);
    waiting.delete(id);
    if (ok) promise?.resolve(value);
    else promise?.reject(value);
  }

  /** Read-only, and frozen to the bottom, as Electron does it. */
  function putOnWindow(key: string, value: unknown): void {
    if (Object.hasOwn(window, key)) {
      throw new Error('Cannot bind an API on top of an existing property on the window object');
    }
    Object.defineProperty(window, key, { value: freeze(value), enumerable: true });
  }

  function freeze(value: unknown): unknown {
    if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      Object.values(value).forEach(freeze);
      Object.freeze(value);
    }
    return value;
  }

  function pack(value: unknown, depth = 0): Packed {
    if (depth > 1000)
      throw new Error(
        'Electron contextBridge recursion depth exceeded.  Nested objects deeper than 1000 are not supported.',
      );
    if (typeof value === 'symbol')
      throw new Error('a symbol across contextBridge is not modelled by the stand-in');
    if (typeof value === 'function') return { t: 'function', v: keep(value as AnyFunction) };
    if (typeof value !== 'object' || value === null) return { t: 'value', v: value };
    if (value instanceof Promise) return { t: 'promise', v: follow(value) };
    if (value instanceof Error) return { t: 'error', v: value.message };
    if (Array.isArray(value)) return { t: 'array', v: value.map((item) => pack(item, depth + 1)) };
    if (value instanceof Node || value instanceof Blob) {
      throw new Error(`a ${value.constructor.name} across contextBridge is not modelled by the stand-in`);
    }
    if (isCloned(value)) return { t: 'value', v: value };
    // Whatever class it is of: its own properties cross, its prototype is lost.
    return { t: 'object', v: Object.entries(value).map(([key, item]) => [key, pack(item, depth + 1)]) };
  }

  function isCloned(value: object): boolean {
    return (
      [Date, RegExp, Map, Set, ArrayBuffer].some((kind) => value instanceof kind) || ArrayBuffer.isView(value)
    );
  }

  function keep(value: AnyFunction): number {
    const id = nextId++;
    functions.set(id, value);
    return id;
  }

  function follow(promise: Promise<unknown>): number {
    const id = nextId++;
    const tell = (ok: boolean, value: unknown) => ask({ kind: 'settled', id, ok, value: pack(value) });
    promise.then(
      (value) => {
        try {
          tell(true, value);
        } catch (error) {
          tell(false, error);
        }
      },
      (error: unknown) => tell(false, error),
    );
    return id;
  }

  function unpack(packed: Packed): unknown {
    if (packed.t === 'value') return packed.v;
    if (packed.t === 'array') return packed.v.map(unpack);
    if (packed.t === 'error') return new Error(packed.v);
    if (packed.t === 'object') return Object.fromEntries(packed.v.map(([key, item]) => [key, unpack(item)]));
    const id = packed.v;
    if (packed.t === 'promise') return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    return (...args: unknown[]) => ask({ kind: 'call', id, args: args.map((arg) => pack(arg)) });
  }

  return { expose: (key, value) => void ask({ kind: 'expose', key, value: pack(value) }) };
}
