import { describe, expect, it } from 'vitest';
import { TcpState } from '../../../../main/core/model.ts';
import { HoldMeter } from '../../../../main/sampling/portable/hold-meter.ts';
import { SocketTable } from '../../../../main/sampling/socket-table.ts';
import { worldSockets, type ClientWorldOptions } from '../../../support/client-world.ts';

const world = (holdSeconds: number, parts: Partial<ClientWorldOptions> = {}): ClientWorldOptions => ({
  rate: 3,
  openSeconds: 0.3,
  holdSeconds,
  fromSeconds: -400,
  firstPort: 40_000,
  portCount: 20_000,
  ...parts,
});

function listing(options: ClientWorldOptions, atSeconds: number): SocketTable {
  const table = new SocketTable();
  for (const { localPort, isClosed } of worldSockets(options, atSeconds)) {
    const row = table.append();
    table.state[row] = isClosed ? TcpState.TIME_WAIT : TcpState.ESTABLISHED;
    table.cookieLow[row] = localPort;
    table.cookieHigh[row] = 7;
  }
  return table;
}

/** Lists every `everySeconds`. */
function watch(
  options: ClientWorldOptions,
  { everySeconds = 2, untilSeconds = 600, meter = new HoldMeter(), fromSeconds = 0 } = {},
) {
  for (let at = fromSeconds; at <= untilSeconds; at += everySeconds) {
    meter.note(listing(options, at), at * 1000);
  }
  return meter;
}

describe('the hold of a closed connection, measured', () => {
  it.each([
    [120, 2],
    [240, 2],
    [30, 1],
    [30, 5],
  ])('is %i s where sockets are listed every %i s, within the time between two listings', (hold, every) => {
    const measured = watch(world(hold), { everySeconds: every, untilSeconds: 2 * hold + 60 }).measured();
    expect(measured?.errorSeconds).toBe(every);
    expect(Math.abs((measured?.seconds ?? 0) - hold)).toBeLessThanOrEqual(every);
  });

  it('is not known before twenty have closed and ended in sight', () => {
    const slow = world(30, { rate: 0.5, fromSeconds: 0 });
    const meter = watch(slow, { untilSeconds: 60 });
    expect(meter.measured()).toBeNull();
    watch(slow, { meter, fromSeconds: 62, untilSeconds: 90 });
    expect(meter.measured()?.seconds).toBe(30);
  });

  it('takes no part of those that were closed when watching began', () => {
    expect(watch(world(120), { untilSeconds: 118 }).measured()).toBeNull();
  });

  it('is not measured by listings too far apart for it', () => {
    expect(watch(world(30), { everySeconds: 10, untilSeconds: 300 }).measured()).toBeNull();
  });

  it('stands while new measures agree, and follows a change of the setting', () => {
    const meter = watch(world(30), { untilSeconds: 100 });
    const first = meter.measured();
    watch(world(30), { meter, fromSeconds: 102, untilSeconds: 200 });
    expect(meter.measured()).toBe(first);
    watch(world(60, { rate: 5 }), { meter, fromSeconds: 202, untilSeconds: 400 });
    expect(Math.abs((meter.measured()?.seconds ?? 0) - 60)).toBeLessThanOrEqual(2);
  });

  it('is not shortened by ports that are opened again before their time, nor by a listing that missed rows', () => {
    // 40 ports in turn at 2/s: each is opened again after 20 s, before its hold of 30 s is over.
    const turning = world(30, { rate: 2, portCount: 40 });
    const reopened = new HoldMeter();
    for (let at = 0; at <= 300; at += 2) {
      const latest = new Map(worldSockets(turning, at).map((socket) => [socket.localPort, socket]));
      const table = new SocketTable();
      for (const { localPort, isClosed } of latest.values()) {
        const row = table.append();
        table.state[row] = isClosed ? TcpState.TIME_WAIT : TcpState.ESTABLISHED;
        table.cookieLow[row] = localPort;
      }
      reopened.note(table, at * 1000);
    }
    expect(reopened.measured()).toBeNull();

    const missing = new HoldMeter();
    for (let at = 0; at <= 300; at += 2) {
      const table = listing(world(30), at);
      // One row in thirty is not there, another one each time.
      for (let row = 0; row < table.length; row++) {
        if ((row * 7 + at) % 30 === 0) table.cookieHigh[row] = at;
      }
      missing.note(table, at * 1000);
    }
    expect(Math.abs((missing.measured()?.seconds ?? 0) - 30)).toBeLessThanOrEqual(2);
  });

  it('follows a part of very many, and still measures', () => {
    const busy = world(60, { rate: 800, portCount: 60_000, fromSeconds: -100 });
    const meter = watch(busy, { everySeconds: 5, untilSeconds: 140 });
    expect(Math.abs((meter.measured()?.seconds ?? 0) - 60)).toBeLessThanOrEqual(5);
    expect(meter.timeWaitEnds(60)).toBe(true);
  });
});

describe('whether TIME_WAIT ends', () => {
  const never = world(1e9);

  it('is unknown until a hold has passed, then true where some ended', () => {
    const fresh = world(30, { fromSeconds: 0 });
    const meter = watch(fresh, { untilSeconds: 28 });
    expect(meter.timeWaitEnds(30)).toBeNull();
    watch(fresh, { meter, fromSeconds: 30, untilSeconds: 50 });
    expect(meter.timeWaitEnds(30)).toBe(true);
  });

  it('is false where the clock stands still: no measure, and many that are overdue', () => {
    const meter = watch(never, { untilSeconds: 40 });
    expect(meter.timeWaitEnds(30)).toBeNull();
    watch(never, { meter, fromSeconds: 42, untilSeconds: 60 });
    expect([meter.timeWaitEnds(30), meter.measured()]).toEqual([false, null]);
  });

  it('turns false when the clock stops while it is watched', () => {
    const meter = watch(world(30, { fromSeconds: -100 }), { untilSeconds: 100 });
    expect(meter.timeWaitEnds(30)).toBe(true);
    // From second 102 on nothing ends any more.
    const stopped = world(1e9, { fromSeconds: 70 });
    watch(stopped, { meter, fromSeconds: 102, untilSeconds: 170 });
    expect(meter.timeWaitEnds(30)).toBe(false);
  });

  it('stays unknown without closed connections, and with a few that are stuck', () => {
    const idle = watch(world(30, { untilSeconds: -200 }), { untilSeconds: 100 });
    expect(idle.timeWaitEnds(30)).toBeNull();
    const few = watch(world(1e9, { fromSeconds: 0, untilSeconds: 2 }), { untilSeconds: 100 });
    expect(few.timeWaitEnds(30)).toBeNull();
  });

  it('is not judged over a sleep of the machine', () => {
    const meter = watch(never, { untilSeconds: 20 });
    watch(never, { meter, fromSeconds: 3600, untilSeconds: 3620 });
    expect(meter.timeWaitEnds(30)).toBeNull();
  });
});
