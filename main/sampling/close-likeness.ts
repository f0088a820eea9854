/**
 * What kind of exchange a closed connection was: programs that share a destination send requests of other lengths, in
 * other portions, and wait differently long. A number for each kind, coarse enough to meet again. Pure.
 */

export interface Exchange {
  bytesSent: number;
  bytesReceived: number;
  dataSegmentsOut: number;
  dataSegmentsIn: number;
  /** Milliseconds from the last data sent to the close. */
  sinceSentMs: number;
}

const SEGMENTS_TOLD = 15;
/** Pauses are told apart by this factor; the kernel's clock ticks every 1 to 10 ms. */
const PAUSES_MS = [16, 128, 1024];
const IS_KNOWN = 1 << 26;

/** Never 0, which stands for "not known". */
export function likenessOf(exchange: Exchange): number {
  const sent = lengthStep(exchange.bytesSent);
  const received = lengthStep(exchange.bytesReceived);
  const out = Math.min(SEGMENTS_TOLD, exchange.dataSegmentsOut);
  const inwards = Math.min(SEGMENTS_TOLD, exchange.dataSegmentsIn);
  const pause = PAUSES_MS.filter((ms) => exchange.sinceSentMs >= ms).length;
  return IS_KNOWN | (sent << 18) | (received << 10) | (out << 6) | (inwards << 2) | pause;
}

/** Up to 15 bytes exactly, above that in quarters of a doubling; 0–255. */
function lengthStep(bytes: number): number {
  return bytes < 16 ? bytes : Math.min(255, Math.floor(4 * Math.log2(bytes)));
}

/**
 * Requests that a connection carried, at most: each takes one segment of data out and one back at least. Null for one
 * that carried nothing, which is no exchange.
 */
export function estimateRequests({ dataSegmentsOut, dataSegmentsIn }: Exchange): number | null {
  if (dataSegmentsOut + dataSegmentsIn === 0) return null;
  return Math.max(1, Math.min(dataSegmentsOut, dataSegmentsIn));
}
