/** A file on its way to the workbench: gzip, cut into pieces that fit into a call, as base64 each. */
import { MAX_IMPORT_PIECE } from '../../preload/contract-import.ts';

/** Three bytes are four characters. */
const PIECE_BYTES = (MAX_IMPORT_PIECE / 4) * 3;
/** String.fromCharCode takes its arguments from the stack. */
const ARGUMENT_LIMIT = 8192;

/**
 * The pieces in order, made as they are asked for; `onRead` hears how many bytes of the file were read. A file that
 * cannot be read (a folder, one removed meanwhile) throws.
 */
export async function* gzipPieces(file: Blob, onRead: (bytes: number) => void): AsyncGenerator<string> {
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      onRead(chunk.length);
      controller.enqueue(chunk);
    },
  });
  const reader = file.stream().pipeThrough(counted).pipeThrough(new CompressionStream('gzip')).getReader();
  let kept: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      kept = joined(kept, value);
      let at = 0;
      for (; kept.length - at >= PIECE_BYTES; at += PIECE_BYTES)
        yield toBase64(kept.subarray(at, at + PIECE_BYTES));
      kept = kept.slice(at);
    }
    if (kept.length > 0) yield toBase64(kept);
  } finally {
    // Ends the compression where the caller stopped early.
    await reader.cancel().catch(() => null);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += ARGUMENT_LIMIT)
    binary += String.fromCharCode(...bytes.subarray(at, at + ARGUMENT_LIMIT));
  return btoa(binary);
}
