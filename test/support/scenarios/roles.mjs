/**
 * Programs that behave well or badly with their sockets, run by Node itself inside a test's namespace:
 *   node roles.mjs '{"name":"orders-api","seconds":60,"roles":[{"role":"echo","address":"192.0.2.2","port":8080}]}'
 * Says {"event":"ready"} on stdout when its servers listen. Ends after `seconds`, or when its stdin ends.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const plan = JSON.parse(process.argv[2] ?? '{}');
const REQUEST = Buffer.alloc(64, 0x2e);
/** Sockets stay referenced, so that the collector closes none. */
const kept = [];

const ROLES = {
  /** Answers every request and waits for the client to close. */
  echo: ({ address, port }) => listen(address, port, {}, (socket) => socket.pipe(socket)),
  /** Accepts and never closes, even when the client has: CLOSE_WAIT piles up here. */
  'never-closes': ({ address, port }) =>
    listen(address, port, { allowHalfOpen: true }, (socket) => socket.resume()),
  /** Closes its sending side at once and waits for the client to do the same. */
  'shuts-down': ({ address, port }) =>
    listen(address, port, { allowHalfOpen: true }, (socket) => {
      socket.resume();
      socket.end();
    }),
  /** Listens with a short queue and never accepts: its only thread is elsewhere. */
  deaf: async ({ address, port, backlog }) => {
    await listen(address, port, { backlog }, () => undefined);
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, plan.seconds * 1000), 50);
  },
  /** Keeps `connections` open and sends its requests over them in turn. */
  pooled: ({ address, port, connections, requestsPerSecond }) => {
    const pool = Array.from({ length: connections }, () => dial(address, port, {}));
    paced(requestsPerSecond, (request) => pool[request % connections]?.write(REQUEST));
  },
  /** Opens connections and closes none, not even when the server has. */
  leaks: ({ address, port, count, perSecond }) =>
    times(count, perSecond, () => dial(address, port, { allowHalfOpen: true })),
  /** Closes each connection as soon as it is open and keeps nothing of it: FIN_WAIT_2 without a process. */
  abandons: ({ address, port, count, perSecond }) =>
    times(count, perSecond, () => {
      const socket = connect({ host: address, port });
      socket.on('error', () => undefined);
      socket.once('connect', () => socket.destroy());
    }),
  /** Many UDP sockets that send to each other. */
  datagrams: async ({ address, sockets, perSecond }) => {
    const bound = await Promise.all(
      Array.from({ length: sockets }, async () => {
        const socket = createSocket('udp4');
        socket.on('error', () => undefined);
        socket.bind(0, address);
        await once(socket, 'listening');
        return socket;
      }),
    );
    kept.push(...bound);
    paced(perSecond, (at) => {
      const to = bound[(at * 7 + 1) % sockets];
      bound[at % sockets]?.send(REQUEST, to.address().port, address);
    });
  },
  /** One datagram to each of `count` destinations: as many flows for a firewall to track. */
  flows: async ({ address, count }) => {
    const PORTS = 60_000;
    for (let from = 0; from * PORTS < count; from++) {
      const socket = createSocket('udp4');
      socket.on('error', () => undefined);
      kept.push(socket);
      for (let at = 0; at < Math.min(PORTS, count - from * PORTS); at++) {
        await new Promise((sent) => socket.send(REQUEST, 1024 + at, address, sent));
      }
    }
  },
};

function listen(address, port, options, accept) {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: options.allowHalfOpen ?? false }, (socket) => {
      kept.push(socket);
      socket.on('error', () => socket.destroy());
      accept(socket);
    });
    server.once('error', reject);
    server.listen({ host: address, port, backlog: options.backlog ?? 4096 }, () => resolve(server));
  });
}

function dial(host, port, options) {
  const socket = connect({ host, port, ...options });
  kept.push(socket);
  socket.on('error', () => undefined);
  socket.resume();
  return socket;
}

/** All at once without a rate. */
function times(count, perSecond, action) {
  if (perSecond === undefined) for (let at = 0; at < count; at++) action(at);
  else paced(perSecond, action, count);
}

/** By absolute time, so that delays do not add up. */
function paced(perSecond, action, count = Infinity) {
  const startMs = performance.now();
  let done = 0;
  const timer = setInterval(
    () => {
      const due = Math.min(count, Math.floor(((performance.now() - startMs) / 1000) * perSecond));
      while (done < due) action(done++);
      if (done >= count) clearInterval(timer);
    },
    Math.max(5, 1000 / perSecond),
  );
}

if (plan.name) writeFileSync('/proc/self/comm', plan.name);
process.stdin
  .on('end', () => process.exit(0))
  .on('error', () => process.exit(0))
  .resume();
setTimeout(() => process.exit(0), plan.seconds * 1000);
for (const role of plan.roles) await ROLES[role.role](role);
process.stdout.write(`${JSON.stringify({ event: 'ready' })}\n`);
