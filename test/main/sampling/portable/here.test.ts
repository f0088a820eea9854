import { existsSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createPortable } from '../../../../main/sampling/portable/create.ts';
import { Sampler } from '../../../../main/sampling/sampler.ts';

const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
const WHY_NOT =
  process.platform === 'linux' && !['/usr/bin/ss', '/usr/sbin/ss', '/bin/ss', '/sbin/ss'].some(existsSync)
    ? 'ss is not installed'
    : null;

describe('portable sampling of this machine, with its real commands', () => {
  it('sees a connection that this test holds, then its TIME_WAIT', async ({ skip }) => {
    if (WHY_NOT !== null) skip(WHY_NOT);
    const platform = createPortable(process.platform);
    if (!platform.ok) return skip(JSON.stringify(platform.failure));
    const { local, remote, close } = await connected();
    const sampler = new Sampler({ platform: platform.value, clock, poolLimit: 200 });
    expect(sampler.open().ok).toBe(true);
    sampler.setInterval(10_000);
    try {
      const sample = async () => {
        const refreshed = await sampler.refresh(new AbortController().signal);
        if (!refreshed.ok) throw new Error(JSON.stringify(refreshed.failure));
        const outcome = sampler.sample();
        if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
        return outcome.value;
      };
      const open = (await sample()).summary;
      expect(open.sampler.source).toBe('netstat');
      expect(open.pools.find(({ remotePort }) => remotePort === remote)?.byState).toEqual({ ESTABLISHED: 1 });
      await close();
      const { summary, table } = await sample();
      const pool = summary.pools.find(({ remotePort }) => remotePort === remote);
      expect(pool?.byState).toEqual({ TIME_WAIT: 1 });
      expect(pool?.rateBasis).toBe('dumps');
      expect(pool?.exhaustion).toMatchObject({ expected: false });
      expect(pool?.exhaustion.basis).toContain('no timers');
      expect([...table.localPort.subarray(0, table.length)]).toContain(local);
    } finally {
      sampler.close();
    }
  });
});

/** A connection on the loopback whose client closes first. */
async function connected(): Promise<{ local: number; remote: number; close(): Promise<void> }> {
  const server = createServer({ allowHalfOpen: true }, (socket) =>
    socket.on('end', () => socket.end()).resume(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const remote = (server.address() as AddressInfo).port;
  const socket = await new Promise<Socket>((resolve) => {
    const client = connect(remote, '127.0.0.1', () => resolve(client));
  });
  const local = socket.localPort ?? 0;
  const close = () =>
    new Promise<void>((resolve) => {
      socket.on('close', () => server.close(() => resolve())).resume();
      socket.end();
    });
  return { local, remote, close };
}
