/**
 * A TCP load with known figures, run by Node itself, usually inside a test's network namespace:
 *   node load.mjs '{"servers":[…],"clients":[…],"seconds":60}'
 * Says what happens as one JSON object a line on stdout (LoadEvent in load.ts). Ends after `seconds`, or when its stdin
 * ends, so that it never outlives the test.
 */
import { writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';

const plan = JSON.parse(process.argv[2] ?? '{}');
const MAX_REPORTED_FAILURES = 200;
/** Connections in the air at once when a client is told to go as fast as it can. */
const FLOOD_WINDOW = 256;
const COUNT_EVERY_MS = 1000;
const RESET_MS = 300;

const counts = { opened: 0, closed: 0, failed: 0, live: 0 };
let reportedFailures = 0;
/** The servers' ends, where the plan closes them by force at the end. */
const accepted = new Set();
let isEnding = false;

function say(event) {
  process.stdout.write(`${JSON.stringify({ atMs: Date.now(), ...event })}\n`);
}

function reportFailure(code, destination) {
  if (isEnding) return;
  counts.failed++;
  if (reportedFailures++ < MAX_REPORTED_FAILURES) say({ event: 'failed', code, ...destination });
}

/** A server that waits for the client's FIN, or with `closesAfterMs` sends its own first. */
function serve({ address, port, closesAfterMs }) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.resume();
      if (plan.resetsAtEnd) accepted.add(socket.once('close', () => accepted.delete(socket)));
      if (closesAfterMs !== undefined) setTimeout(() => socket.end(), closesAfterMs);
    });
    server.once('error', reject);
    server.listen({ host: address, port, backlog: 4096 }, () => resolve(server));
  });
}

/** One connection; `ended` is called once, however it ends. */
function open(client, ended) {
  const { address, port, localAddress, holdMs = 0 } = client;
  const socket = connect({ host: address, port, localAddress });
  let connected = false;
  socket.once('connect', () => {
    connected = true;
    counts.opened++;
    counts.live++;
    // null: never closed by the client.
    if (holdMs === 0) socket.end();
    else if (holdMs !== null) setTimeout(() => socket.end(), holdMs);
  });
  socket.once('error', (error) => reportFailure(error.code, { address, port }));
  socket.once('close', () => {
    if (connected) {
      counts.closed++;
      counts.live--;
    }
    ended();
  });
  socket.resume();
}

/** Opens at absolute times start + i / rate, so that delays do not add up; in bursts of `burstSize` of the same mean. */
function pace(client, startMs) {
  const { ratePerSecond, count = Infinity, burstSize = 1 } = client;
  let started = 0;
  const step = () => {
    const burst = Math.floor(((performance.now() - startMs) / 1000 / burstSize) * ratePerSecond);
    const due = Math.min(count, (burst + 1) * burstSize);
    while (started < due) {
      started++;
      open(client, () => undefined);
    }
    if (started >= count) return;
    setTimeout(step, Math.max(0, startMs + (started / ratePerSecond) * 1000 - performance.now()));
  };
  step();
}

/** Opens `count` connections as fast as they come, a bounded number at a time. Held ones leave the window once open. */
function flood(client) {
  return new Promise((resolve) => {
    const { count } = client;
    let started = 0;
    let done = 0;
    const next = () => {
      if (started >= count) return;
      started++;
      let counted = false;
      const finish = () => {
        if (counted) return;
        counted = true;
        if (++done === count) resolve();
        else next();
      };
      if (client.holdMs === null) openHeld(client, finish);
      else open(client, finish);
    };
    for (let i = 0; i < Math.min(FLOOD_WINDOW, count); i++) next();
  });
}

function openHeld({ address, port, localAddress }, settled) {
  const socket = connect({ host: address, port, localAddress });
  socket.once('connect', () => {
    counts.opened++;
    counts.live++;
    settled();
  });
  socket.once('error', (error) => {
    reportFailure(error.code, { address, port });
    settled();
  });
  socket.resume();
}

/** A reset leaves neither end in TIME_WAIT; it is sent before this process ends. */
function end() {
  if (isEnding) return;
  say({ event: 'ended', ...counts });
  isEnding = true;
  for (const socket of accepted) socket.resetAndDestroy();
  setTimeout(() => process.exit(0), plan.resetsAtEnd ? RESET_MS : 0);
}

if (plan.nameHex) writeFileSync('/proc/self/comm', Buffer.from(plan.nameHex, 'hex'));
process.stdin.on('end', end).on('error', end).resume();
setTimeout(end, (plan.seconds ?? 60) * 1000);
for (const server of plan.servers ?? []) await serve(server);
say({ event: 'listening' });
const clients = plan.clients ?? [];
if (clients.length > 0) {
  const startMs = performance.now();
  say({ event: 'started' });
  const floods = clients.filter((client) => client.ratePerSecond === undefined);
  for (const client of clients) if (client.ratePerSecond !== undefined) pace(client, startMs);
  setInterval(() => say({ event: 'counted', ...counts }), COUNT_EVERY_MS);
  await Promise.all(floods.map(flood));
  if (floods.length > 0) say({ event: 'flooded', ...counts });
}
