/** The ports of a pool as a picture of bytes, in the contract. */
import { z } from 'zod';
import { count, finite, nullable, portRange } from './contract-atoms.ts';

export const portMapSchema = z.strictObject({
  takenAtMs: finite,
  /** 65,536 bytes, base64: see PORT_MAP_CODES. */
  ports: z.string().max(100_000),
  range: portRange,
  /** Counts behind the picture. */
  counts: z.record(z.string(), count),
  /** Seconds a just closed port stays locked, for the ramp; null when the system gives no timers. */
  timeWaitSeconds: nullable(finite),
  /** Where the next port is likely to be handed out: newest port of the pool; null when unknown. */
  nextPort: nullable(count),
});
export type PortMapInfo = z.infer<typeof portMapSchema>;
