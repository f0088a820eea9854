/**
 * Passes connections on: `node forward.mjs FROM TO`, ports of 127.0.0.1. The workbench answers its own user alone, so a
 * browser of another user reaches it through this, run by that user.
 */
import { connect, createServer } from 'node:net';

const parent = process.ppid;
const [from, to] = process.argv.slice(2).map(Number);
createServer((near) => {
  const far = connect({ host: '127.0.0.1', port: to });
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
}).listen({ host: '127.0.0.1', port: from });
// It ends with the workbench that it was started beside.
setInterval(() => process.ppid === parent || process.exit(), 500);
