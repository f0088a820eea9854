/** What the stand-in has of Electron, and a named error for everything it has not. */
import { EventEmitter } from 'node:events';

/** What a promise, an inspector or a matcher looks for in any object. */
const ASKED_OF_ANYTHING = new Set<PropertyKey>([
  'then',
  'toJSON',
  'asymmetricMatch',
  '$$typeof',
  'nodeType',
  '__esModule',
]);

function traps(name: string): ProxyHandler<object> {
  const refuse = (key: PropertyKey) => {
    throw new Error(`${name}.${String(key)} is not modelled by the stand-in`);
  };
  return {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || ASKED_OF_ANYTHING.has(key))
        return Reflect.get(target, key, receiver);
      return refuse(key);
    },
    set(target, key, value, receiver) {
      return typeof key === 'symbol' || key in target
        ? Reflect.set(target, key, value, receiver)
        : refuse(key);
    },
  };
}

/**
 * An object of Electron that emits events. Its constructor gives a proxy, so `this` and whatever anybody holds of it are
 * one and the same; a subclass names its part of Electron with `implements Pick<Electron.X, …>`.
 */
export class ModelledEmitter extends EventEmitter {
  constructor(name: string) {
    super();
    return new Proxy(this, traps(name)) as this;
  }
}

/** A part of Electron without events, or a class. What `part` has not is refused with its name. */
export function modelled<Whole extends object>(name: string, part: object): Whole {
  return new Proxy(part, traps(name)) as Whole;
}

/** A part of which nothing is modelled. */
export function unmodelled(name: string): never {
  // As a function it can also be called with `new`.
  return new Proxy(function notModelled() {}, {
    ...traps(name),
    get(target, key) {
      if (typeof key === 'symbol' || key === 'prototype') return Reflect.get(target, key);
      throw new Error(`${name}.${key} is not modelled by the stand-in`);
    },
    construct() {
      throw new Error(`${name} is not modelled by the stand-in`);
    },
    apply() {
      throw new Error(`${name} is not modelled by the stand-in`);
    },
  }) as never;
}

/** Emits an event that a listener can prevent; true when one did. */
export function emitPreventable(
  emitter: EventEmitter,
  name: string,
  details: object = {},
  ...args: unknown[]
): boolean {
  let defaultPrevented = false;
  const event = {
    ...details,
    preventDefault: () => void (defaultPrevented = true),
    get defaultPrevented() {
      return defaultPrevented;
    },
  };
  emitter.emit(name, event, ...args);
  return defaultPrevented;
}
