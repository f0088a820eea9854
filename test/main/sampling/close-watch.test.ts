import { describe, expect, it } from 'vitest';
import { CloseWatch } from '../../../main/sampling/close-watch.ts';
import { estimateRequests, likenessOf, type Exchange } from '../../../main/sampling/close-likeness.ts';
import type { CloseBatch } from '../../../main/sampling/close-batch.ts';
import type { CloseEvents, DrainFacts } from '../../../main/sampling/source.ts';
import { PortClass } from '../../../main/core/pools.ts';
import { appendRow, LINUX_SETTINGS, tableOf } from '../../support/tables.ts';

const KEY = '10.0.2.7>10.0.3.12:443';
const exchange = (more: Partial<Exchange> = {}): Exchange => ({
  bytesSent: 80,
  bytesReceived: 20,
  dataSegmentsOut: 1,
  dataSegmentsIn: 1,
  sinceSentMs: 2,
  ...more,
});

/** Events that a test says come next. */
class FakeEvents implements CloseEvents {
  ports: number[] = [];
  facts: Partial<DrainFacts> = {};
  exchange: Exchange | null = exchange();
  remote = '10.0.3.12:443';
  isClosed = false;

  drain(batch: CloseBatch): DrainFacts {
    for (const port of this.ports) {
      const row = appendRow(batch.ends, { state: 'BOUND', local: `10.0.2.7:${port}`, remote: this.remote });
      batch.exchanges[row] = this.exchange;
    }
    const events = this.ports.length;
    this.ports = [];
    return { events, overruns: 0, isEmptied: true, ...this.facts };
  }

  close(): void {
    this.isClosed = true;
  }
}

function begin() {
  const events = new FakeEvents();
  const time = { ms: 0, cpuMs: 0 };
  const watch = new CloseWatch(
    () => ({ ok: true, value: events }),
    () => time.ms,
    () => (time.cpuMs += events.facts.events ?? 0),
  );
  watch.start();
  const classOfPort = new Uint8Array(65536).fill(PortClass.available, 32768, 61000);
  /** A dump that shows these ports in TIME_WAIT. */
  const join = (...ports: number[]) => {
    watch.drain();
    const table = tableOf(
      ports.map((port) => ({ state: 'TIME_WAIT', local: `10.0.2.7:${port}`, remote: '10.0.3.12:443' })),
    );
    const facts = watch.join({ table, settings: LINUX_SETTINGS, classOfPort, isRecent: () => true });
    return { table, facts };
  };
  return { events, time, watch, join };
}

describe('connections that end', () => {
  it('give the sockets they leave what is known of their exchange', () => {
    const { events, join } = begin();
    join();
    events.ports = [40001, 40002];
    const { table, facts } = join(40001, 40002, 40003);
    expect([...table.likeness.subarray(0, 3)]).toEqual([likenessOf(exchange()), likenessOf(exchange()), 0]);
    expect([...facts.requestsOfRow]).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(facts).toMatchObject({ closes: new Map([[KEY, 2]]), unseen: new Map(), isComplete: true });
  });

  it('are counted as unseen when two dumps show no socket of them', () => {
    const { events, join } = begin();
    join();
    events.ports = [40001, 40002, 40003];
    expect(join(40001).facts.unseen).toEqual(new Map());
    expect(join(40001, 40002).facts.unseen).toEqual(new Map([[KEY, 1]]));
    expect(join(40001, 40002).facts.unseen).toEqual(new Map());
  });

  it("are no matter where the port is a listener's or the destination is gone", () => {
    const { events, join } = begin();
    join();
    events.ports = [443];
    expect(join().facts.closes).toEqual(new Map());
    events.ports = [40001];
    events.remote = '0.0.0.0:0';
    expect(join().facts.closes).toEqual(new Map());
  });

  it('leave the counts incomplete when the kernel dropped some, which is said', () => {
    const { events, time, watch, join } = begin();
    join();
    events.facts = { overruns: 2 };
    expect(join().facts.isComplete).toBe(false);
    expect(watch.degradations()).toMatchObject([{ code: 'close-events-lost' }]);
    events.facts = {};
    join();
    expect(join().facts.isComplete).toBe(true);
    time.ms += 61_000;
    expect(watch.degradations()).toEqual([]);
  });

  it('are given up for a minute when following them takes too much of a core', () => {
    const { events, time, watch, join } = begin();
    events.facts = { events: 50 };
    for (let second = 0; second <= 6; second++) {
      watch.drain();
      time.ms += 1000;
    }
    expect(events.isClosed).toBe(true);
    expect(watch.degradations()).toMatchObject([{ code: 'close-events-paused' }]);
    expect(join(40001).facts.isComplete).toBe(false);
    events.facts = {};
    time.ms += 60_000;
    join();
    expect(join().facts.isComplete).toBe(true);
    expect(watch.degradations()).toEqual([]);
  });

  it('S8: are not told by a kernel that refuses, which is said once and not tried again', () => {
    let tries = 0;
    const watch = new CloseWatch(
      () => (tries++, { ok: false, failure: { code: 'system', call: 'bind', errno: 1, message: 'refused' } }),
      () => 0,
    );
    watch.start();
    watch.drain();
    watch.drain();
    expect(tries).toBe(1);
    expect(watch.degradations()).toMatchObject([{ code: 'close-events-refused' }]);
  });

  it('S8: are not missed where the system has no such thing', () => {
    const watch = new CloseWatch(undefined, () => 0);
    watch.start();
    watch.drain();
    expect(watch.degradations()).toEqual([]);
  });
});

describe('the kind of an exchange', () => {
  it('is another for other lengths and portions, the same for nearly the same', () => {
    const kinds = [
      exchange(),
      exchange({ bytesSent: 140 }),
      exchange({ bytesReceived: 2000 }),
      exchange({ dataSegmentsOut: 2 }),
      exchange({ dataSegmentsIn: 4 }),
      exchange({ sinceSentMs: 50 }),
      exchange({ bytesSent: 0, bytesReceived: 0, dataSegmentsIn: 0, dataSegmentsOut: 0 }),
    ].map(likenessOf);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(likenessOf(exchange({ bytesSent: 81, sinceSentMs: 7 }))).toBe(kinds[0]);
    expect(kinds.every((kind) => kind > 0)).toBe(true);
  });

  it('stays a positive number whatever the kernel counted', () => {
    const most = likenessOf(
      exchange({
        bytesSent: 2 ** 64,
        bytesReceived: 2 ** 64,
        dataSegmentsOut: 2 ** 32 - 1,
        dataSegmentsIn: 2 ** 32 - 1,
        sinceSentMs: 2 ** 32 - 1,
      }),
    );
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(2 ** 31);
  });

  it('holds so many requests at most as segments went either way; none where nothing was said', () => {
    expect(estimateRequests(exchange({ dataSegmentsOut: 9, dataSegmentsIn: 30 }))).toBe(9);
    expect(estimateRequests(exchange({ dataSegmentsOut: 3, dataSegmentsIn: 0 }))).toBe(1);
    expect(estimateRequests(exchange({ dataSegmentsOut: 0, dataSegmentsIn: 0 }))).toBeNull();
  });
});
