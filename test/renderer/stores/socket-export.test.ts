import { afterEach, beforeEach, expect, it } from 'vitest';
import { LinkError } from '../../../renderer/link/link.ts';
import { useSocketExport } from '../../../renderer/stores/socket-export.ts';
import { ListLink, storesOver } from '../../support/socket-list.ts';

let link: ListLink;
let end: () => void;
const request = { filter: 'pid:1', sort: { column: 'age' as const, descending: false }, snapshotId: null };

beforeEach(() => {
  link = new ListLink([]);
  ({ end } = storesOver(link));
  link.respond('sockets.export', ({ offset, limit }) => {
    const next = Math.min(12_000, offset + limit);
    return { csv: `${offset};`, nextOffset: next < 12_000 ? next : null, matching: 12_000 };
  });
});
afterEach(() => end());

it('fetches every chunk of one pinned snapshot and releases it', async () => {
  const exported = await useSocketExport().run(request);
  expect(exported).toMatchObject({ chunks: ['0;', '5000;', '10000;'], rows: 12_000, matching: 12_000 });
  expect(link.callsOf('sockets.export').map(({ snapshotId }) => snapshotId)).toEqual([77, 77, 77]);
  expect(link.callsOf('sockets.unpin')).toEqual([{ snapshotId: 77 }]);
});

it('takes the snapshot of a frozen list and leaves it pinned', async () => {
  await useSocketExport().run({ ...request, snapshotId: 5, maxRows: 100 });
  expect(link.callsOf('sockets.export')).toMatchObject([{ snapshotId: 5, limit: 100 }]);
  expect(link.callsOf('sockets.unpin')).toEqual([]);
});

it('stops when it is cancelled, and releases the snapshot all the same', async () => {
  const exporting = useSocketExport();
  const running = exporting.run(request);
  exporting.cancel();
  expect(await running).toBeNull();
  expect([exporting.isRunning, exporting.failure]).toEqual([false, null]);
  expect(link.callsOf('sockets.unpin')).toHaveLength(1);
});

it.each([1, 2, 3])('releases the snapshot and says why when chunk %d fails', async (failing) => {
  let chunk = 0;
  link.respond('sockets.export', ({ offset, limit }) => {
    chunk++;
    if (chunk === failing) throw new LinkError('gone', 'The sampler stopped.');
    return { csv: '', nextOffset: offset + limit, matching: 50_000 };
  });
  const exporting = useSocketExport();
  expect(await exporting.run(request)).toBeNull();
  expect(exporting.failure).toBe('The sampler stopped.');
  expect(link.callsOf('sockets.unpin')).toHaveLength(1);
});
