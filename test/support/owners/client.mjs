/** client.mjs RATE REQUEST ADDRESS:PORT…: connections of about 2 ms, each to the next target, closed by this side. */
import { connect } from 'node:net';

const [rate, request, ...targets] = process.argv.slice(2);
const gapMs = 1000 / Number(rate);
let opened = 0;
const startedMs = performance.now();

function open() {
  const [host, port] = targets[opened % targets.length].split(':');
  const socket = connect({ host, port: Number(port) }, () => {
    socket.write(request);
    setTimeout(() => socket.end(), 2);
  });
  socket.on('error', () => socket.destroy());
  socket.resume();
}

setInterval(() => {
  // What is late is not made up for: at most two at once.
  const due = Math.floor((performance.now() - startedMs) / gapMs);
  opened = Math.max(opened, due - 2);
  for (; opened < due; opened++) open();
}, 2);
