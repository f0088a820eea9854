/**
 * Whether the other end of what we write into is still there, asked with poll(2): a write would tell as well, but a watch
 * may have nothing to write for days. Node itself cannot ask. The same structure and numbers on Linux and the BSDs.
 */
import { createRequire } from 'node:module';

/** struct pollfd { int fd; short events; short revents; } */
const FD_AT = 0;
const EVENTS_AT = 4;
const REVENTS_AT = 6;
const POLLFD_BYTES = 8;
/** POLLERR: a pipe without readers (Linux). POLLHUP: the same on the BSDs, and a socket whose peer is gone. */
const GONE = 0x08 | 0x10;

type Poll = (pollfd: Uint8Array, count: number, timeoutMs: number) => number;

/** Tells of a descriptor whether nobody reads it any more. Null where koffi has no binary, or there is no poll(2). */
export function makeReaderCheck(): ((descriptor: number) => boolean) | null {
  const poll = loadPoll();
  if (!poll) return null;
  const view = new DataView(new ArrayBuffer(POLLFD_BYTES));
  const bytes = new Uint8Array(view.buffer);
  const isLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  return (descriptor) => {
    view.setInt32(FD_AT, descriptor, isLittle);
    view.setInt16(EVENTS_AT, 0, isLittle);
    view.setInt16(REVENTS_AT, 0, isLittle);
    return poll(bytes, 1, 0) > 0 && (view.getInt16(REVENTS_AT, isLittle) & GONE) !== 0;
  };
}

function loadPoll(): Poll | null {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    return koffi.load(null).func('poll', 'int', ['void *', 'ulong', 'int']) as unknown as Poll;
  } catch {
    return null;
  }
}
