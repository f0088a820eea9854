/** The few calls of the C library that a netlink socket needs, through koffi. */
import { createRequire } from 'node:module';
import type { Outcome } from '../../core/model.ts';

/** Each call answers as in C: -1 on failure, and then errno() says why. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  getsockname(fd: number, address: Uint8Array, length: Uint8Array): number;
  setsockopt(fd: number, level: number, option: number, value: Uint8Array, length: number): number;
  sendto(
    fd: number,
    message: Uint8Array,
    length: number,
    flags: number,
    to: Uint8Array,
    toLength: number,
  ): number;
  recvfrom(
    fd: number,
    buffer: Uint8Array,
    length: number,
    flags: number,
    from: Uint8Array,
    fromLength: Uint8Array,
  ): number;
  close(fd: number): number;
  errno(): number;
  /** sizeof(long): what struct timeval is made of. */
  longBytes: number;
}

/**
 * Loads koffi and takes the C library that this process already runs on, glibc or musl, so that no file name has to be
 * guessed. Fails where koffi has no binary for this machine.
 */
export function loadLibc(): Outcome<Libc> {
  try {
    // Loaded here and not by an import: a machine without koffi's binary still has /proc, and tests need no library.
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const library = koffi.load(null);
    const func = <F>(name: string, result: string, args: string[]) =>
      library.func(name, result, args) as unknown as F;
    const value: Libc = {
      socket: func('socket', 'int', ['int', 'int', 'int']),
      bind: func('bind', 'int', ['int', 'void *', 'uint32_t']),
      getsockname: func('getsockname', 'int', ['int', 'void *', 'void *']),
      setsockopt: func('setsockopt', 'int', ['int', 'int', 'int', 'void *', 'uint32_t']),
      sendto: func('sendto', 'intptr_t', ['int', 'void *', 'size_t', 'int', 'void *', 'uint32_t']),
      recvfrom: func('recvfrom', 'intptr_t', ['int', 'void *', 'size_t', 'int', 'void *', 'void *']),
      close: func('close', 'int', ['int']),
      errno: () => koffi.errno(),
      longBytes: koffi.sizeof('long'),
    };
    return { ok: true, value };
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    return { ok: false, failure: { code: 'unavailable', what: 'koffi', why } };
  }
}
