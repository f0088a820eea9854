/** As much of D-Bus as one question needs: whether a name on the session bus has an owner. */
import { connect, type Socket } from 'node:net';

export interface NameQuestion {
  /** As DBUS_SESSION_BUS_ADDRESS holds it. */
  address: string;
  /** Of this process: who connects says who it is, and the bus compares. */
  uid: number;
  /** "org.kde.StatusNotifierWatcher" */
  name: string;
  timeoutMs: number;
}

const METHOD_CALL = 1;
const METHOD_RETURN = 2;
const BUS = 'org.freedesktop.DBus';
/** Nothing that is asked here has a longer answer. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** True or false as the bus says; null when there is no bus, it does not answer, or it answers something else. */
export function askNameHasOwner(question: NameQuestion): Promise<boolean | null> {
  const path = socketPath(question.address);
  if (path === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    const socket = connect(path);
    const timer = setTimeout(() => end(null), question.timeoutMs);
    const end = (answer: boolean | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.on('error', () => end(null));
    socket.on('close', () => end(null));
    converse(socket, question, end);
  });
}

/** Each transport of the list in turn is "unix:path=…" or another; the first of ours. Abstract names begin with NUL. */
export function socketPath(address: string): string | null {
  for (const transport of address.split(';')) {
    const [, rest = ''] = /^unix:(.*)$/s.exec(transport) ?? [];
    for (const pair of rest.split(',')) {
      const equals = pair.indexOf('=');
      const [key, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      if (value === '' || !/^(?:%[0-9A-Fa-f]{2}|[^%])*$/.test(value)) continue;
      const name = value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
      if (key === 'path') return name;
      if (key === 'abstract') return `\0${name}`;
    }
  }
  return null;
}

function converse(socket: Socket, { uid, name }: NameQuestion, end: (answer: boolean | null) => void): void {
  let received: Buffer = Buffer.alloc(0);
  let isAuthenticated = false;
  socket.on('connect', () => {
    socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(uid)).toString('hex')}\r\n`);
  });
  socket.on('data', (piece: Buffer) => {
    received = Buffer.concat([received, piece]);
    if (received.length > MAX_ANSWER_BYTES) return end(null);
    if (!isAuthenticated) {
      const lineEnd = received.indexOf('\r\n');
      if (lineEnd < 0) return;
      if (received.toString('latin1', 0, 3) !== 'OK ') return end(null);
      received = received.subarray(lineEnd + 2);
      isAuthenticated = true;
      socket.write('BEGIN\r\n');
      socket.write(methodCall(1, 'Hello', null));
      socket.write(methodCall(2, 'NameHasOwner', name));
    }
    received = takeMessages(received, (message) => {
      if (message.replyTo === 2) end(message.isReturn ? message.body.readUInt32LE(0) === 1 : null);
    });
  });
}

/** D-Bus specification, "Message protocol": little-endian, header fields of code 1 path, 2 interface, 3 member, 6 destination, 8 signature. */
export function methodCall(serial: number, member: string, argument: string | null): Buffer {
  const writer = new Writer();
  const field = (code: number, type: 'o' | 's' | 'g', value: string) => {
    writer.align(8).byte(code).signature(type);
    if (type === 'g') writer.signature(value);
    else writer.text(value);
  };
  writer.byte(0x6c).byte(METHOD_CALL).byte(0).byte(1);
  const body = argument === null ? Buffer.alloc(0) : new Writer().text(argument).done();
  writer.uint32(body.length).uint32(serial).uint32(0);
  const fieldsAt = writer.length;
  field(1, 'o', '/org/freedesktop/DBus');
  field(2, 's', BUS);
  field(3, 's', member);
  field(6, 's', BUS);
  if (argument !== null) field(8, 'g', 's');
  const fieldsBytes = writer.length - fieldsAt;
  const head = writer.align(8).done();
  head.writeUInt32LE(fieldsBytes, 12);
  return Buffer.concat([head, body]);
}

interface Message {
  /** Serial of the call that this answers; null for anything else. */
  replyTo: number | null;
  isReturn: boolean;
  body: Buffer;
}

/** Whole messages are handed on, what is left of the bytes is answered. Only little-endian ones are ever sent to us. */
function takeMessages(bytes: Buffer, take: (message: Message) => void): Buffer {
  let rest = bytes;
  while (rest.length >= 16) {
    const fieldsBytes = rest.readUInt32LE(12);
    const headBytes = Math.ceil((16 + fieldsBytes) / 8) * 8;
    const total = headBytes + rest.readUInt32LE(4);
    if (rest.length < total) return rest;
    const isReturn = rest[1] === METHOD_RETURN && total - headBytes >= 4;
    const replyTo = replySerial(rest.subarray(16, 16 + fieldsBytes));
    take({ replyTo, isReturn, body: rest.subarray(headBytes, total) });
    rest = rest.subarray(total);
  }
  return rest;
}

/** Field 5, a uint32; the others are texts and signatures. */
function replySerial(fields: Buffer): number | null {
  let at = 0;
  while (at + 4 <= fields.length) {
    const code = fields[at] ?? 0;
    const type = String.fromCharCode(fields[at + 2] ?? 0);
    at += 4;
    if (type === 'g') {
      at += (fields[at] ?? 0) + 2;
    } else {
      at = Math.ceil(at / 4) * 4;
      if (at + 4 > fields.length) return null;
      const value = fields.readUInt32LE(at);
      if (type === 'u' && code === 5) return value;
      at += type === 'u' ? 4 : 4 + value + 1;
    }
    at = Math.ceil(at / 8) * 8;
  }
  return null;
}

/** Values one after the other, each aligned to its size as D-Bus marshals them. */
class Writer {
  #bytes: number[] = [];

  get length(): number {
    return this.#bytes.length;
  }
  byte(value: number): this {
    this.#bytes.push(value);
    return this;
  }
  align(size: number): this {
    while (this.#bytes.length % size !== 0) this.#bytes.push(0);
    return this;
  }
  uint32(value: number): this {
    this.align(4);
    for (const shift of [0, 8, 16, 24]) this.#bytes.push((value >>> shift) & 0xff);
    return this;
  }
  text(value: string): this {
    const bytes = Buffer.from(value);
    this.uint32(bytes.length);
    this.#bytes.push(...bytes, 0);
    return this;
  }
  signature(value: string): this {
    this.#bytes.push(value.length, ...Buffer.from(value, 'latin1'), 0);
    return this;
  }
  done(): Buffer {
    return Buffer.from(this.#bytes);
  }
}
