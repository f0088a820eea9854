import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askNameHasOwner, methodCall, socketPath } from '../../../../main/hosts/desktop/dbus.ts';
import { hasTrayHost } from '../../../../main/hosts/desktop/tray-host.ts';
import { startFakeBus } from '../../../support/fake-bus.ts';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const DAEMON = '/usr/bin/dbus-daemon';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourtuple-bus-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ['unix:path=/run/user/1000/bus', '/run/user/1000/bus'],
  ['unix:guid=0a,path=/a%20b', '/a b'],
  ['unix:path=/a=b,guid=0a', '/a=b'],
  ['unix:abstract=/tmp/dbus-1,guid=0a', '\0/tmp/dbus-1'],
  ['tcp:host=localhost,port=1;unix:path=/b', '/b'],
  ['tcp:host=localhost,port=1', null],
  ['unix:path=/a%', null],
  ['', null],
])('the address %j leads to %j', (address, path) => {
  expect(socketPath(address)).toBe(path);
});

test('a call is aligned as the specification says', () => {
  const call = methodCall(1, 'Hello', null);
  expect(call.length % 8).toBe(0);
  // Little-endian, a call, no flags, version 1, no body, serial 1.
  expect([...call.subarray(0, 12)]).toEqual([0x6c, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]);
});

describe('a bus that misbehaves', () => {
  let server: Server;
  const sockets = new Set<Socket>();
  const path = () => join(folder, 'bus');
  const ask = () =>
    askNameHasOwner({ address: `unix:path=${path()}`, uid: 1000, name: WATCHER, timeoutMs: 200 });
  const serve = (answer: (socket: Socket, data: Buffer) => void) =>
    new Promise<void>((resolve) => {
      server = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.on('data', (data) => answer(socket, data));
      }).listen(path(), resolve);
    });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server?.close();
  });

  test.each([
    ['says nothing', () => {}],
    ['refuses who is asking', (socket: Socket) => void socket.write('REJECTED EXTERNAL\r\n')],
    ['hangs up', (socket: Socket) => void socket.end()],
    ['sends without end', (socket: Socket) => void socket.write(Buffer.alloc(100_000, 0x6c))],
    ['sends noise', (socket: Socket) => void socket.write(`OK 1\r\n${'\xff'.repeat(64)}`, 'latin1')],
  ])('that %s is no answer', async (_what, answer) => {
    await serve(answer);
    expect(await ask()).toBeNull();
  });
});

test('no bus is no answer', async () => {
  const address = `unix:path=${join(folder, 'none')}`;
  expect(await askNameHasOwner({ address, uid: 0, name: WATCHER, timeoutMs: 200 })).toBeNull();
});

describe('whether tray icons are shown', () => {
  test('Windows and macOS show them', async () => {
    expect(await hasTrayHost({ platform: 'win32', env: {}, uid: undefined })).toBe(true);
    expect(await hasTrayHost({ platform: 'darwin', env: {}, uid: 501 })).toBe(true);
  });

  test('what is not known to be there is missing', async () => {
    expect(await hasTrayHost({ platform: 'linux', env: {}, uid: 0 })).toBe(false);
    expect(await hasTrayHost({ platform: 'linux', env: { XDG_RUNTIME_DIR: folder }, uid: 0 })).toBe(false);
  });

  test('where somebody draws them, the bus says so', async () => {
    const bus = await startFakeBus(join(folder, 'bus'), [WATCHER]);
    try {
      const env = { DBUS_SESSION_BUS_ADDRESS: bus.address };
      expect(await hasTrayHost({ platform: 'linux', env, uid: 1000 })).toBe(true);
      // The place of the bus where the environment does not tell.
      expect(await hasTrayHost({ platform: 'linux', env: { XDG_RUNTIME_DIR: folder }, uid: 1000 })).toBe(
        true,
      );
      expect(await askNameHasOwner({ address: bus.address, uid: 1, name: 'a.b', timeoutMs: 200 })).toBe(
        false,
      );
    } finally {
      await bus.close();
    }
  });

  test.skipIf(!existsSync(DAEMON))('a real bus says whether somebody draws them (dbus-daemon)', async () => {
    const address = `unix:path=${join(folder, 'bus')}`;
    const daemon = spawn(DAEMON, ['--session', '--nofork', '--print-address', `--address=${address}`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      await printed(daemon);
      const uid = process.getuid?.();
      const env = { DBUS_SESSION_BUS_ADDRESS: address };
      expect(await hasTrayHost({ platform: 'linux', env, uid })).toBe(false);
      const bus = { address, uid: uid ?? 0, timeoutMs: 1000 };
      expect(await askNameHasOwner({ ...bus, name: 'org.freedesktop.DBus' })).toBe(true);
    } finally {
      daemon.kill();
    }
  });
});

function printed(daemon: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    daemon.stdout?.once('data', () => resolve());
    daemon.once('error', reject);
    daemon.once('exit', (code) => reject(new Error(`dbus-daemon ended with ${code}`)));
  });
}
