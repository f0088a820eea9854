import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { CallArgs, CallResult, SocketRow } from '../../preload/contract.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';

export type SocketDetail = CallResult<'sockets.detail'>;

/** The socket whose details are open: its last known row, what else is known of it, and when it was gone. */
export const useSocketDetail = defineStore('socket-detail', () => {
  const link = useLink();
  /** The row when last seen: it stays after the socket is gone. Null when nothing is open. */
  const row = shallowRef<SocketRow | null>(null);
  /** Null until the first answer. */
  const detail = shallowRef<SocketDetail | null>(null);
  /** Epoch milliseconds of the first sample without the socket; null while it is there. */
  const closedAtMs = ref<number | null>(null);
  const failure = ref<string | null>(null);
  let takenAtMs = 0;

  const requests = newestWins<CallArgs<'sockets.detail'>, SocketDetail>({
    run: (args) => link.call('sockets.detail', args),
    accept(result, args) {
      if (args.key !== row.value?.key) return;
      failure.value = null;
      if (result.row) {
        row.value = result.row;
        detail.value = result;
        closedAtMs.value = null;
      } else {
        closedAtMs.value ??= takenAtMs;
        // An owner that was never read is worth its sentence; one that was is worth more than what is left.
        detail.value ??= result;
      }
    },
    fail: (error) => (failure.value = error instanceof Error ? error.message : String(error)),
  });

  function open(next: SocketRow): void {
    if (next.key === row.value?.key) return;
    requests.drop();
    row.value = next;
    detail.value = null;
    closedAtMs.value = null;
    failure.value = null;
  }

  /** Asks again, of a pinned snapshot or of the newest, which was taken at `sampledAtMs`. */
  function refresh(snapshotId: number | null, sampledAtMs: number): void {
    takenAtMs = sampledAtMs;
    if (row.value) requests.ask({ key: row.value.key, snapshotId });
  }

  function close(): void {
    requests.drop();
    row.value = null;
    detail.value = null;
  }

  /** What is known of a socket whose details are not open; null when it is gone or could not be asked. */
  async function lookUp(key: string, snapshotId: number | null): Promise<SocketDetail | null> {
    try {
      const found = await link.call('sockets.detail', { key, snapshotId });
      return found.row ? found : null;
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
      return null;
    }
  }

  return { row, detail, closedAtMs, failure, open, refresh, close, lookUp };
});
