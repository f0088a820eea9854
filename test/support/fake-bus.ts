/** A session bus that knows some names: as much of D-Bus as NameHasOwner needs. */
import { createServer, type Socket } from 'node:net';

export interface FakeBus {
  /** For DBUS_SESSION_BUS_ADDRESS. */
  readonly address: string;
  close(): Promise<void>;
}

/** Listens at `path`; `names` are those that have an owner. */
export function startFakeBus(path: string, names: readonly string[]): Promise<FakeBus> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    serve(socket, names);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve({ address: `unix:path=${path}`, close }));
  });
}

function serve(socket: Socket, names: readonly string[]): void {
  let received: Buffer = Buffer.alloc(0);
  let isBegun = false;
  socket.on('data', (piece: Buffer) => {
    received = Buffer.concat([received, piece]);
    if (!isBegun) {
      const text = received.toString('latin1');
      const begin = text.indexOf('BEGIN\r\n');
      // BEGIN may come alone: it is no second greeting.
      if (begin < 0 && text.startsWith('\0AUTH EXTERNAL ') && text.endsWith('\r\n'))
        socket.write('OK 0123456789abcdef\r\n');
      if (begin < 0) return;
      isBegun = true;
      received = received.subarray(begin + 'BEGIN\r\n'.length);
    }
    while (received.length >= 16) {
      const headBytes = Math.ceil((16 + received.readUInt32LE(12)) / 8) * 8;
      const bodyBytes = received.readUInt32LE(4);
      if (received.length < headBytes + bodyBytes) return;
      const body = received.subarray(headBytes, headBytes + bodyBytes);
      // Hello has no argument, and its answer is nobody's business here.
      const asked = bodyBytes < 4 ? null : body.toString('utf8', 4, 4 + body.readUInt32LE(0));
      socket.write(answer(received.readUInt32LE(8), asked !== null && names.includes(asked)));
      received = received.subarray(headBytes + bodyBytes);
    }
  });
}

/** A method return with one boolean: fields REPLY_SERIAL (5, "u") and SIGNATURE (8, "g": "b"). */
function answer(replyTo: number, isOwned: boolean): Buffer {
  const message = Buffer.alloc(36);
  message.set([0x6c, 2, 1, 1]);
  message.writeUInt32LE(4, 4);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(15, 12);
  message.set([5, 1, 0x75, 0], 16);
  message.writeUInt32LE(replyTo, 20);
  message.set([8, 1, 0x67, 0, 1, 0x62, 0], 24);
  message.writeUInt32LE(isOwned ? 1 : 0, 32);
  return message;
}
