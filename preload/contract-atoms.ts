/** The smallest schemas of the contract, shared by its parts. */
import { z } from 'zod';

// Zod's compiled validators need eval, which the content security policy forbids.
z.config({ jitless: true });

/** Longest text a renderer may send in one field. */
export const MAX_TEXT = 2000;

export const count = z.number().int().nonnegative();
export const finite = z.number();
export const share = z.number().min(0);
export const text = z.string().max(MAX_TEXT);
export const nullable = <T extends z.ZodType>(inner: T) => inner.nullable();
export const emptyArgs = z.strictObject({});
export const portRange = z.strictObject({ first: count.max(65535), last: count.max(65535) });
export const level = z.enum(['ok', 'notice', 'warning', 'critical', 'unknown']);
export const confidence = z.enum(['observed', 'inferred', 'unknown']);
/** The states of a socket, as core/model.ts names them. */
export const TCP_STATES = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'NEW_SYN_RECV',
  'BOUND',
] as const;
/** Sockets by state; a state without a socket is absent. */
export const countByState = z.partialRecord(z.enum(['UNKNOWN', ...TCP_STATES]), count);
