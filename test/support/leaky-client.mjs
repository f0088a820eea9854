/**
 * A program with a leak, beside the server that shows it: the server closes each connection at once, the client never
 * does, so that each stays in CLOSE_WAIT. `node leaky-client.mjs PORT COUNT`; ends when its stdin ends, or after a minute.
 */
import { connect, createServer } from 'node:net';

const [port, count] = process.argv.slice(2).map(Number);
const kept = [];
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.end();
});
server.listen({ host: '127.0.0.1', port, backlog: 4096 }, () => {
  const timer = setInterval(() => {
    if (kept.length >= count) return clearInterval(timer);
    for (let next = 0; next < 50; next++) {
      const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
      socket.on('error', () => socket.destroy());
      kept.push(socket.resume());
    }
  }, 100);
});
process.stdin.resume().on('end', () => process.exit());
setTimeout(() => process.exit(), 60_000);
