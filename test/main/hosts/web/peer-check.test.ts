import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createPeerCheck, type PeerCheckOptions } from '../../../../main/hosts/web/peer-check.ts';
import { readPeerUid, type PeerUid } from '../../../../main/hosts/web/peer-uid-linux.ts';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** The server's side of a real connection over `host`. */
async function accepted(host: string): Promise<Socket> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const arrived = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const client = connect((server.address() as AddressInfo).port, host);
  const socket = await arrived;
  closing.push(() => {
    client.destroy();
    socket.destroy();
    server.close();
  });
  return socket;
}

const endsOf = ({ localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 }: Socket) => ({
  localAddress,
  localPort,
  remoteAddress,
  remotePort,
});

const aCheck = (peer: PeerUid, change: Partial<PeerCheckOptions> = {}) =>
  createPeerCheck({
    platform: 'linux',
    ownUid: 1000,
    invokingUid: null,
    readUid: async () => peer,
    ...change,
  });

describe.skipIf(process.platform !== 'linux')('the user behind a connection (Linux only)', () => {
  it.each(['127.0.0.1', '::1'])('is found in the kernel’s table over %s', async (host) => {
    const socket = await accepted(host);
    expect(await readPeerUid(endsOf(socket))).toEqual({ kind: 'found', uid: process.geteuid?.() });
  });

  it('is absent for a connection that does not exist, and unreadable without a table', async () => {
    const ends = { ...endsOf(await accepted('127.0.0.1')), remotePort: 1 };
    expect(await readPeerUid(ends)).toEqual({ kind: 'absent' });
    expect(await readPeerUid(ends, ['/proc/net/none'])).toEqual({ kind: 'unreadable' });
  });
});

describe('W10: who may connect', () => {
  it('is the user the host runs as, and nobody else, root included', async () => {
    const socket = await accepted('127.0.0.1');
    expect(await aCheck({ kind: 'found', uid: 1000 })(socket)).toBe(true);
    expect(await aCheck({ kind: 'found', uid: 1001 })(socket)).toBe(false);
    expect(await aCheck({ kind: 'found', uid: 0 })(socket)).toBe(false);
    expect(await aCheck({ kind: 'absent' })(socket)).toBe(false);
  });

  it('is also the user who raised our rights, but only while they are raised', async () => {
    const socket = await accepted('127.0.0.1');
    const peer: PeerUid = { kind: 'found', uid: 501 };
    expect(await aCheck(peer, { ownUid: 0, invokingUid: 501 })(socket)).toBe(true);
    expect(await aCheck(peer, { ownUid: 1000, invokingUid: 501 })(socket)).toBe(false);
  });

  it('is decided by the session’s secrets alone where the system cannot tell', async () => {
    const socket = await accepted('127.0.0.1');
    expect(await aCheck({ kind: 'unreadable' })(socket)).toBe(true);
    expect(await aCheck({ kind: 'absent' }, { platform: 'darwin' })(socket)).toBe(true);
  });

  it('is asked again after a no, which may have been a row missed, and not after a yes', async () => {
    const socket = await accepted('127.0.0.1');
    const answers: PeerUid[] = [{ kind: 'absent' }, { kind: 'found', uid: 1000 }, { kind: 'absent' }];
    const check = aCheck({ kind: 'absent' }, { readUid: async () => answers.shift() ?? { kind: 'absent' } });
    expect([await check(socket), await check(socket), await check(socket)]).toEqual([false, true, true]);
    expect(answers).toHaveLength(1);
  });
});
