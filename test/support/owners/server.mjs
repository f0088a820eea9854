/**
 * Accepts on every "address:port" given, answers each connection once and lets the client close first. Writes a line a
 * connection: port listened on, the client's port, and the letter that its request began with.
 */
import { createServer } from 'node:net';

const ANSWER = Buffer.alloc(20, 'a');
let lines = '';
for (const target of process.argv.slice(2)) {
  const [host, port] = target.split(':');
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const { remotePort } = socket;
    let isTold = false;
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      if (isTold) return;
      isTold = true;
      lines += `${port} ${remotePort} ${String.fromCharCode(data[0])}\n`;
      socket.write(ANSWER);
    });
    socket.on('end', () => socket.end());
  });
  server.listen({ host, port: Number(port), backlog: 1024 });
}
setInterval(() => {
  if (lines === '') return;
  process.stdout.write(lines);
  lines = '';
}, 100);
