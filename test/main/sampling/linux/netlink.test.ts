import { describe, expect, it } from 'vitest';
import { openNetlink } from '../../../../main/sampling/linux/netlink.ts';
import { SocketTable } from '../../../../main/sampling/socket-table.ts';
import {
  datagram,
  doneMessage,
  errorMessage,
  fakeLibc,
  socketMessage,
  type Question,
  type Received,
} from '../../../support/sock-diag.ts';

const EINVAL = 22;
const ENOENT = 2;
const EPERM = 1;
const ENOMEM = 12;
const ENOBUFS = 105;

/** An answer with `ports.length` sockets, then DONE. */
function answerOf(question: Question, ports: number[], flags = 2): Received[] {
  const { sequence } = question;
  const sockets = ports.map((localPort) =>
    socketMessage({ localPort, cookie: localPort }, { sequence, flags }),
  );
  return [{ bytes: datagram(...sockets) }, { bytes: doneMessage(0, { sequence }) }];
}

/** Opens with a plain answer, then lets `answer` speak for each further request. */
function open(answer: (question: Question, index: number) => Received[]) {
  const fake = fakeLibc((question, index) =>
    index === 0 ? answerOf(question, []) : answer(question, index - 1),
  );
  const opened = openNetlink(fake.libc, new SocketTable(), () => 0);
  if (!opened.ok) throw new Error('the fake netlink did not open');
  return { source: opened.value, state: fake.state, table: new SocketTable() };
}

function portsOf(table: SocketTable): number[] {
  return [...table.localPort.subarray(0, table.length)];
}

describe('openNetlink', () => {
  it('fails with the errno where the kernel has no sock_diag, and leaves nothing open', () => {
    const fake = fakeLibc(({ sequence }) => [{ bytes: errorMessage(ENOENT, { sequence }) }]);
    const opened = openNetlink(fake.libc, new SocketTable(), () => 0);
    expect(opened).toMatchObject({ ok: false, failure: { code: 'system', errno: ENOENT } });
    expect(fake.state.open).toBe(0);
  });

  it('leaves nothing open whichever call fails for good', () => {
    for (let failCall = 1; failCall < 12; failCall++) {
      const fake = fakeLibc((question) => answerOf(question, [1]));
      fake.state.failCall = failCall;
      const opened = openNetlink(fake.libc, new SocketTable(), () => 0);
      if (opened.ok) opened.value.close();
      expect(fake.state.open, `call ${failCall} fails`).toBe(0);
    }
  });
});

describe('NetlinkSource', () => {
  it('empties the table before it fills it', () => {
    const { source, table } = open((question) => answerOf(question, [1, 2]));
    source.dump(table);
    expect(source.dump(table)).toMatchObject({
      ok: true,
      value: { source: 'sock_diag', approximate: false },
    });
    expect(portsOf(table)).toEqual([1, 2]);
  });

  it('asks each family for itself where the kernel does not know the older request', () => {
    const { source, table } = open((question) => {
      if (question.type === 18) return [{ bytes: errorMessage(EINVAL, { sequence: question.sequence }) }];
      return answerOf(question, [question.family]);
    });
    expect(source.dump(table).ok).toBe(true);
    expect(portsOf(table)).toEqual([2, 10]);
  });

  it('S8: goes on with IPv4 and says so where the kernel has no IPv6', () => {
    const { source, table } = open((question) => {
      if (question.type === 18 || question.family === 10)
        return [{ bytes: errorMessage(ENOENT, { sequence: question.sequence }) }];
      return answerOf(question, [1]);
    });
    const dumped = source.dump(table);
    expect(dumped).toMatchObject({ ok: true, value: { degradations: [{ code: 'ipv6-unavailable' }] } });
    expect(portsOf(table)).toEqual([1]);
  });

  it('S8: a refusal for want of rights is a failure, not an empty table', () => {
    const { source, table } = open((question) => [
      { bytes: errorMessage(EPERM, { sequence: question.sequence }) },
    ]);
    expect(source.dump(table)).toMatchObject({ ok: false, failure: { code: 'system', errno: EPERM } });
  });

  it('S2: repeats an interrupted dump three times, then calls it approximate', () => {
    let requests = 0;
    const { source, table } = open((question) => (requests++, answerOf(question, [1], 0x12)));
    const dumped = source.dump(table);
    expect(requests).toBe(4);
    expect(dumped).toMatchObject({
      ok: true,
      value: { approximate: true, degradations: [{ code: 'dump-interrupted' }] },
    });
    expect(table.length).toBe(1);
  });

  it('S2: a repeat that is not interrupted is exact', () => {
    const { source, table } = open((question, index) => answerOf(question, [1], index === 0 ? 0x12 : 2));
    expect(source.dump(table)).toMatchObject({ ok: true, value: { approximate: false, degradations: [] } });
  });

  it('S2: counts ENOBUFS and dumps anew on a new socket', () => {
    const { source, table, state } = open((question, index) =>
      index === 0 ? [...answerOf(question, [1]).slice(0, 1), { errno: ENOBUFS }] : answerOf(question, [1, 2]),
    );
    expect(source.dump(table).ok).toBe(true);
    expect([source.overrunCount, portsOf(table), state.open]).toEqual([1, [1, 2], 1]);
  });

  it('S2: a dump that is lost again and again is a failure with an empty table', () => {
    const { source, table } = open(() => [{ errno: ENOBUFS }]);
    expect(source.dump(table)).toMatchObject({ ok: false, failure: { code: 'system', errno: ENOBUFS } });
    expect([table.length, source.overrunCount]).toEqual([0, 4]);
  });

  it('S1: a dump that broke off (errno on DONE) is dumped anew', () => {
    const { source, table } = open((question, index) =>
      index === 0
        ? [{ bytes: doneMessage(ENOMEM, { sequence: question.sequence }) }]
        : answerOf(question, [7]),
    );
    expect(source.dump(table).ok).toBe(true);
    expect(portsOf(table)).toEqual([7]);
  });

  it('S1: takes nothing from a sender that is not the kernel', () => {
    const { source, table } = open((question) => {
      const { sequence } = question;
      const forged = datagram(socketMessage({ localPort: 666 }, { sequence }), doneMessage(0, { sequence }));
      return [{ bytes: forged, sender: 4711 }, ...answerOf(question, [1])];
    });
    expect(source.dump(table).ok).toBe(true);
    expect(portsOf(table)).toEqual([1]);
  });

  it('S1: makes room for a datagram that was cut and asks again', () => {
    const many = Array.from({ length: 5000 }, (_, i) => i + 1);
    const { source, table } = open((question) => answerOf(question, many));
    expect(source.dump(table).ok).toBe(true);
    expect(table.length).toBe(5000);
  });

  it('S1: an answer that never comes is a failure after the receive time-out', () => {
    const { source, table } = open(() => []);
    expect(source.dump(table)).toMatchObject({ ok: false, failure: { code: 'system', call: 'recvfrom' } });
  });

  it('S1: a stream that never ends is given up at the deadline', () => {
    let nowMs = 0;
    const fake = fakeLibc((question, index) => {
      if (index === 0) return answerOf(question, []);
      const noise = { bytes: socketMessage({}, { sequence: 12345 }) };
      return Array.from({ length: 200 }, () => noise);
    });
    const opened = openNetlink(fake.libc, new SocketTable(), () => (nowMs += 100));
    if (!opened.ok) throw new Error('the fake netlink did not open');
    expect(opened.value.dump(new SocketTable())).toMatchObject({ ok: false, failure: { code: 'system' } });
  });
});
