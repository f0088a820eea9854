// Makes a few known sockets in a namespace with 192.0.2.1 and 192.0.2.2 and holds them until its input ends:
// 3 listeners, 5 open connections to 443 (both ends are here), 4 connections to 8080 that the client closed first.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const SERVER = '192.0.2.1';
const CLIENT = '192.0.2.2';
const open = [];

for (const port of [443, 8080, 8443]) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.resume();
    open.push(socket);
  });
  server.listen(port, SERVER);
  await once(server, 'listening');
}

async function dial(port) {
  const socket = connect({ host: SERVER, port, localAddress: CLIENT });
  await once(socket, 'connect');
  open.push(socket);
  return socket;
}

for (let i = 0; i < 5; i++) await dial(443);
for (let i = 0; i < 4; i++) {
  const socket = await dial(8080);
  socket.resume();
  socket.end();
  await once(socket, 'close');
}
process.stdout.write('ready\n');
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
