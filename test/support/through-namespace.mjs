/**
 * Runs a program that is debugged over loopback (Electron, Chromium) inside a network namespace, so that Playwright out
 * here reaches it: node through-namespace.mjs '{"enter":[…],"program":[…]}' ARGUMENT…. Each port that the program says it
 * listens on for a debugger is opened here, too, before the line is passed on.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const DEBUGGER = /listening on ws:\/\/127\.0\.0\.1:(\d+)\//;
const INSIDE = '--inside';

const [first = '', ...rest] = process.argv.slice(2);
if (first === INSIDE) serveInside(rest[0]);
else runThere(JSON.parse(first), rest);

/** A path is a door between namespaces that ports are not. The first line says which port is wanted. */
function serveInside(path) {
  createServer((near) => {
    near.once('data', (bytes) => {
      const end = bytes.indexOf(10);
      const far = connect({ host: '127.0.0.1', port: Number(bytes.subarray(0, end)) });
      far.write(bytes.subarray(end + 1));
      pass(near, far);
    });
    near.on('error', () => near.destroy());
  }).listen(path, () => process.stdout.write('\n'));
  // The pipe ends with whoever started it.
  process.stdin.on('end', () => process.exit()).resume();
}

function runThere({ enter, program }, args) {
  const folder = mkdtempSync(join(tmpdir(), 'fourtuple-door-'));
  const path = join(folder, 'door');
  const inside = spawnIn(
    enter,
    [process.execPath, fileURLToPath(import.meta.url), INSIDE, path],
    ['pipe', 'pipe', 'inherit'],
  );
  const isOpen = new Promise((resolve) => inside.stdout.once('data', resolve));
  const child = spawnIn(enter, [...program, ...args], ['inherit', 'inherit', 'pipe']);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  let said = isOpen;
  createInterface({ input: child.stderr }).on('line', (line) => {
    const port = DEBUGGER.exec(line)?.[1];
    said = said
      .then(() => (port === undefined ? null : listenFor(Number(port), path)))
      .then(() => process.stderr.write(`${line}\n`));
  });
  child.on('close', (code, signal) => {
    inside.stdin.end();
    rmSync(folder, { recursive: true, force: true });
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function listenFor(port, path) {
  return new Promise((resolve, reject) => {
    createServer((near) => {
      const far = connect(path);
      far.write(`${port}\n`);
      pass(near, far);
    })
      .on('error', reject)
      .listen({ host: '127.0.0.1', port }, resolve);
  });
}

function pass(near, far) {
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
}

function spawnIn([enterer, ...enterArgs], argv, stdio) {
  return spawn(enterer, [...enterArgs, ...argv], { stdio });
}
