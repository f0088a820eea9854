/** Whether anybody still reads what this process prints, asked without printing. */
import { makeReaderCheck } from './systems/poll-reader.ts';

const STANDARD_OUTPUT = 1;

/**
 * True once the last reader of standard output is gone (`| head -1`). Where the system cannot be asked it stays false,
 * and the next line that is printed finds out.
 */
export function watchOutput(descriptor = STANDARD_OUTPUT): () => boolean {
  const isGone = makeReaderCheck();
  return () => isGone?.(descriptor) ?? false;
}
