/** Values of Electron's IPC as text. The whole is also run inside the page: it must need nothing from outside itself. */

export interface ValueText {
  /** Throws what Electron throws for what cannot be cloned. */
  encode(value: unknown): string;
  decode(text: string): unknown;
}

export function valueText(): ValueText {
  const isPlain = (value: object) => {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || prototype === Object.prototype;
  };

  /** What JSON has no word for is an object with the one key "$". */
  function tag(value: unknown, depth: number): unknown {
    if (depth > 200) throw new Error('a value so deep, or in a circle, is not modelled by the stand-in');
    if (value === undefined) return { $: 'undefined' };
    if (typeof value === 'bigint') return { $: 'bigint', v: String(value) };
    if (typeof value === 'number') {
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $: 'number', v: Object.is(value, -0) ? '-0' : String(value) };
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => tag(item, depth + 1));
    if (value instanceof Date) return { $: 'date', v: value.getTime() };
    if (value instanceof Uint8Array) return { $: 'bytes', v: Array.from(value) };
    if (value instanceof Error) return { $: 'error', v: value.message };
    if (!isPlain(value)) {
      throw new Error(`a ${value.constructor.name} across IPC is not modelled by the stand-in`);
    }
    const entries = Object.entries(value).map(([key, item]) => [key, tag(item, depth + 1)] as const);
    return Object.hasOwn(value, '$') ? { $: 'object', v: entries } : Object.fromEntries(entries);
  }

  function untag(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(untag);
    if (!Object.hasOwn(value, '$')) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, untag(item)]));
    }
    const { $: kind, v } = value as { $: string; v: never };
    if (kind === 'bigint') return BigInt(v);
    if (kind === 'number') return Number(v);
    if (kind === 'date') return new Date(v);
    if (kind === 'bytes') return Uint8Array.from(v);
    if (kind === 'error') return new Error(v);
    if (kind === 'object')
      return Object.fromEntries((v as [string, unknown][]).map(([key, item]) => [key, untag(item)]));
    return undefined;
  }

  return {
    encode(value) {
      let cloned: unknown;
      try {
        cloned = structuredClone(value);
      } catch {
        // Electron's own words for a function, a symbol, a promise.
        throw new Error('An object could not be cloned.');
      }
      return JSON.stringify(tag(cloned, 0));
    },
    decode: (text) => untag(JSON.parse(text)),
  };
}
