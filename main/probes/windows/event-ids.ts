/** Events of the source Tcpip that tell of ports running out (Microsoft, TCP/IP port exhaustion troubleshooting). */

/**
 * 4227: the local endpoint was used towards the same remote endpoint too recently. 4231: no ephemeral TCP port is left.
 * 4266: the same for UDP, which tells of a busy machine.
 */
export const PORT_EVENT_IDS: ReadonlySet<number> = new Set([4227, 4231, 4266]);
/** The text of an event whose text was not printed. */
export const NO_EVENT_TEXT = '(no text)';

/** The id when it is one of the three; null otherwise. */
export function portEventId(text: string): number | null {
  const id = /^\d{4}$/.test(text) ? Number(text) : 0;
  return PORT_EVENT_IDS.has(id) ? id : null;
}
