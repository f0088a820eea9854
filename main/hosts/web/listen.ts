/** Binding to this machine's loopback addresses and to nothing else (hardening W1). */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Outcome } from '../../core/model.ts';

/** A free port of 127.0.0.1 may be taken on ::1; another one is tried this often. */
const FREE_PORT_TRIES = 8;

export interface Bound {
  servers: Server[];
  port: number;
}

/**
 * Listens on 127.0.0.1 and, where the machine has IPv6, on [::1], on the same port; 0 picks a free one. A port that is
 * taken on either address is a failure, never replaced by another.
 */
export async function listenOnLoopback(createServer: () => Server, port: number): Promise<Outcome<Bound>> {
  for (let attempt = 1; ; attempt++) {
    const first = createServer();
    const error = await listen(first, '127.0.0.1', port);
    if (error) return failed(port, error);
    const bound = (first.address() as AddressInfo).port;
    const second = createServer();
    const error6 = await listen(second, '::1', bound);
    if (!error6) return { ok: true, value: { servers: [first, second], port: bound } };
    if (error6.code !== 'EADDRINUSE') return { ok: true, value: { servers: [first], port: bound } };
    first.close();
    if (port !== 0 || attempt >= FREE_PORT_TRIES) return failed(bound, error6);
  }
}

function listen(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true, ipv6Only: true }, () => {
      server.off('error', resolve);
      resolve(null);
    });
  });
}

function failed(port: number, error: NodeJS.ErrnoException): Outcome<never> {
  const why: Record<string, string> = {
    EADDRINUSE: 'another program listens there. Choose another one with --port, or 0 for any free one',
    EACCES: 'this user may not listen on it. Choose one above 1023 with --port',
  };
  const reason = why[error.code ?? ''] ?? error.message;
  return { ok: false, failure: { code: 'unavailable', what: `port ${port}`, why: reason } };
}
