import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LinkError } from '../../../renderer/link/link.ts';
import { useSockets } from '../../../renderer/stores/sockets.ts';
import { aRow, ListLink, rowsOf, settle, storesOver } from '../../support/socket-list.ts';

let link: ListLink;
let end: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  link = new ListLink(rowsOf(1000));
  ({ end } = storesOver(link));
});
afterEach(() => {
  end();
  vi.useRealTimers();
  expect(link.listenerCount).toBe(0);
});

/** The store, followed, with its first answer. */
async function following() {
  const sockets = useSockets();
  sockets.follow();
  await settle();
  return sockets;
}
const queries = () => link.callsOf('sockets.query');

describe('windows of rows', () => {
  it('asks for at most 200 lines around what is seen, and only when those are not loaded', async () => {
    const sockets = await following();
    sockets.show(0, 30);
    sockets.show(20, 50);
    expect(queries()).toHaveLength(1);
    sockets.show(500, 530);
    await settle();
    expect(queries()).toHaveLength(2);
    expect(queries()[1]).toMatchObject({ offset: 416, limit: 200 });
    expect(sockets.answer?.rows[84]?.key).toBe('c:500');
  });

  it('asks nothing before it is followed, and nothing after', async () => {
    const sockets = useSockets();
    link.sample();
    expect(queries()).toHaveLength(0);
    const stop = sockets.follow();
    await settle();
    stop();
    link.sample();
    await settle();
    expect(queries()).toHaveLength(1);
  });

  it('S5: while an answer is outstanding, any number of samples make one more question', async () => {
    const sockets = await following();
    let answer = () => {};
    link.respond('sockets.query', (args) => new Promise((go) => (answer = () => go(link.window(args)))));
    for (let sample = 0; sample < 20; sample++) link.sample();
    expect(queries()).toHaveLength(2);
    answer();
    await settle();
    answer();
    await settle();
    expect(queries()).toHaveLength(3);
    expect(sockets.answer?.snapshotId).toBe(link.snapshotId);
  });

  it('asks nothing while the link is down, and at once when it is back', async () => {
    await following();
    link.setState({ kind: 'lost' });
    link.sample();
    expect(queries()).toHaveLength(1);
    link.setState({ kind: 'connected' });
    await settle();
    expect(queries()).toHaveLength(2);
  });
});

describe('questions', () => {
  it('waits for 80 ms without typing, then drops the late answer to the old filter', async () => {
    const sockets = await following();
    let answer = () => {};
    link.respond('sockets.query', (args) => new Promise((go) => (answer = () => go(link.window(args)))));
    link.sample();
    const answerOld = answer;
    link.respond('sockets.query', (args) => ({ ...link.window(args), matching: 7 }));
    sockets.setFilter('p');
    sockets.setFilter('py');
    vi.advanceTimersByTime(79);
    expect(queries()).toHaveLength(2);
    vi.advanceTimersByTime(1);
    answerOld();
    await settle();
    expect(queries().at(-1)).toMatchObject({ filter: 'py', offset: 0 });
    expect(sockets.answer?.matching).toBe(7);
  });

  it('keeps the last rows while the next are on their way, and after a failure says why', async () => {
    const sockets = await following();
    link.respond('sockets.query', () => Promise.reject(new LinkError('gone', 'The sampler stopped.')));
    sockets.sortBy('pid');
    vi.advanceTimersByTime(80);
    await settle();
    expect(sockets.answer?.rows).toHaveLength(200);
    expect(sockets.failure).toBe('The sampler stopped.');
  });

  it('turns the order round when the same column is asked for again', async () => {
    const sockets = await following();
    sockets.sortBy('pid');
    expect(sockets.sort).toEqual({ column: 'pid', descending: false });
    sockets.sortBy('pid');
    expect(sockets.sort).toEqual({ column: 'pid', descending: true });
    sockets.sortBy('age');
    expect(sockets.sort).toEqual({ column: 'age', descending: false });
  });

  it('folds groups by key, and forgets which when grouped by something else', async () => {
    const sockets = await following();
    sockets.toggleGroup('state:LISTEN');
    await settle();
    expect(queries().at(-1)?.collapsed).toEqual(['state:LISTEN']);
    sockets.groupBy('process');
    vi.advanceTimersByTime(0);
    await settle();
    expect(queries().at(-1)).toMatchObject({ group: 'process', collapsed: [] });
  });
});

describe('the selected row', () => {
  it('stays selected by its key when new rows move it', async () => {
    const sockets = await following();
    sockets.select(5);
    link.lines = [aRow({ key: 'new:1' }), aRow({ key: 'new:2' }), ...link.lines];
    link.sample();
    await settle();
    expect([sockets.selectedKey, sockets.selectedIndex]).toEqual(['c:5', 7]);
  });

  it('gets its key later when its line was not loaded', async () => {
    const sockets = await following();
    sockets.select(900);
    expect(sockets.selectedKey).toBeNull();
    sockets.show(880, 910);
    await settle();
    expect(sockets.selectedKey).toBe('c:900');
  });
});

describe('freezing', () => {
  it('asks of the pinned snapshot and hears no more samples until it goes live again', async () => {
    const sockets = await following();
    await sockets.freeze();
    await settle();
    expect(queries().at(-1)?.snapshotId).toBe(77);
    const before = queries().length;
    link.sample();
    expect(queries()).toHaveLength(before);
    await sockets.resumeLive();
    await settle();
    expect(queries().at(-1)?.snapshotId).toBeNull();
    expect(link.callsOf('sockets.unpin')).toEqual([{ snapshotId: 77 }]);
  });

  it('says why it could not freeze', async () => {
    const sockets = await following();
    link.respond('sockets.pin', () =>
      Promise.reject(new LinkError('unavailable', 'Too many lists are frozen.')),
    );
    await sockets.freeze();
    expect([sockets.frozen, sockets.failure]).toEqual([null, 'Too many lists are frozen.']);
  });
});

it('remembers the columns, and ignores what it does not know', () => {
  localStorage.setItem('fourtuple.sockets.columns', '["pid","nonsense","state"]');
  expect(useSockets().columns).toEqual(['state', 'pid']);
  useSockets().showColumns(['state', 'inode']);
  expect(localStorage.getItem('fourtuple.sockets.columns')).toBe('["state","inode"]');
});
