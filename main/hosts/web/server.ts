/** The web host: the workbench served to browsers of this machine (hardening W1–W12). */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Outcome } from '../../core/model.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { EventFanOut } from '../event-fan-out.ts';
import { Access } from './access.ts';
import { listenOnLoopback } from './listen.ts';
import { Metrics, type MetricsOptions } from './metrics.ts';
import { MAX_FRAME_BYTES, PageSocket } from './page-socket.ts';
import { ownPeerCheck, type PeerCheck } from './peer-check.ts';
import { acceptHost, isSameOrigin, onlyCookie } from './request-guard.ts';
import { answerRequest } from './routes.ts';

/** Far from every ephemeral range and from the ports registered for common services. */
export const DEFAULT_PORT = 4790;
const MAX_SOCKETS = 64;
const MAX_CONNECTIONS = 256;
const IDLE_CHECK_MS = 60_000;

/** Longer than Node's 16 KiB: a browser sends the cookies of every server that ran on this host. */
const LIMITS = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  requireHostHeader: false,
};

export interface WebHostOptions {
  workbench: Workbench;
  /** The folder of the built page. */
  rendererRoot: string;
  /** 0 picks a free one. */
  port: number;
  /** Milliseconds of a clock that never steps back. */
  now(): number;
  /** Who may connect; default: the user this process acts as. */
  acceptsPeer?: PeerCheck;
  /** Answers /metrics to those who have the token; absent: there is no such path. */
  metrics?: MetricsOptions | undefined;
}

export interface WebHost {
  readonly port: number;
  /** An address with a new one-time code in its fragment; good for five minutes and one browser. */
  newUrl(): string;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Starts serving; fails with 'unavailable' when the port is taken. */
export async function startWebHost(options: WebHostOptions): Promise<Outcome<WebHost>> {
  const { workbench, rendererRoot, now, acceptsPeer = ownPeerCheck() } = options;
  const access = new Access(now);
  const fanOut = new EventFanOut();
  const metrics = options.metrics ? new Metrics(workbench, options.metrics, now) : null;
  const sockets = new Set<{ terminate(): void }>();
  const upgrader = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });

  const upgrade = async (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // A stream error has nobody else to hear it and would end the process.
    stream.on('error', () => stream.destroy());
    const refusal = findRefusal(request, access, sockets.size);
    if (refusal !== null) return refuseUpgrade(stream, refusal);
    if (!(await acceptsPeer(request.socket))) return refuseUpgrade(stream, '403 Forbidden');
    if (stream.destroyed) return;
    const cookie = onlyCookie(request.rawHeaders, access.cookieName);
    upgrader.handleUpgrade(request, stream, head, (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      new PageSocket({ socket, cookie, access, workbench, fanOut, now });
    });
  };

  const bound = await listenOnLoopback(() => {
    const server = createServer(LIMITS, (request, response) => {
      answerRequest({ access, rendererRoot, acceptsPeer, metrics }, request, response).catch(
        (error: unknown) => {
          workbench.reportBug(error);
          response.destroy();
        },
      );
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.on('upgrade', (request, stream, head) => {
      upgrade(request, stream, head).catch((error: unknown) => {
        workbench.reportBug(error);
        stream.destroy();
      });
    });
    server.on('clientError', (_error, stream) => refuseUpgrade(stream, '400 Bad Request'));
    return server;
  }, options.port);
  if (!bound.ok) {
    metrics?.stop();
    return bound;
  }

  const unsubscribe = workbench.subscribe((event) => fanOut.publish(event));
  const idleTimer = setInterval(() => access.endIdle(), IDLE_CHECK_MS);
  const { port, servers } = bound.value;
  const close = async () => {
    unsubscribe();
    metrics?.stop();
    clearInterval(idleTimer);
    for (const socket of sockets) socket.terminate();
    await Promise.all(servers.map(closeServer));
  };
  return {
    ok: true,
    value: { port, newUrl: () => `http://127.0.0.1:${port}/#code=${access.newCode()}`, close },
  };
}

/** Why an upgrade is refused, as a status line, or null. */
function findRefusal(request: IncomingMessage, access: Access, socketCount: number): string | null {
  const host = acceptHost(request.rawHeaders);
  if (host === null || !isSameOrigin(request.rawHeaders, host)) return '403 Forbidden';
  if (request.url !== '/api/socket') return '404 Not Found';
  if (!access.knowsCookie(onlyCookie(request.rawHeaders, access.cookieName))) return '401 Unauthorized';
  return socketCount >= MAX_SOCKETS ? '503 Service Unavailable' : null;
}

function refuseUpgrade(stream: Duplex, status: string): void {
  if (!stream.writable) return void stream.destroy();
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => stream.destroy());
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
