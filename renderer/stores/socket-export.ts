import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { MAX_EXPORT_ROWS, type CallArgs, type CallResult } from '../../preload/contract.ts';
import { useLink } from './link-key.ts';

/** What is exported: the list as filtered and sorted, of a pinned snapshot or of one pinned for the export. */
export interface ExportRequest {
  filter: string;
  sort: CallArgs<'sockets.export'>['sort'];
  /** A snapshot that is pinned already and stays so; null to pin one. */
  snapshotId: number | null;
  /** Stop after so many rows; all when absent. */
  maxRows?: number;
}

/** The chunks of a finished export, in order. */
export interface ExportedCsv {
  chunks: string[];
  rows: number;
  matching: number;
  takenAtMs: number | null;
}

/** Rows as CSV, fetched in chunks of one snapshot, with progress and a way to stop. One export at a time. */
export const useSocketExport = defineStore('socket-export', () => {
  const link = useLink();
  /** Rows fetched and rows in all; null when no export runs. */
  const progress = shallowRef<{ done: number; of: number | null } | null>(null);
  const failure = ref<string | null>(null);
  const isRunning = computed(() => progress.value !== null);
  let isCancelled = false;

  async function fetchChunks(request: ExportRequest, snapshotId: number): Promise<ExportedCsv | null> {
    const { filter, sort, maxRows = Infinity } = request;
    const exported: ExportedCsv = { chunks: [], rows: 0, matching: 0, takenAtMs: null };
    let offset: number | null = 0;
    while (offset !== null && offset < maxRows) {
      if (isCancelled) return null;
      const limit = Math.min(MAX_EXPORT_ROWS, maxRows - offset);
      const chunk: CallResult<'sockets.export'> = await link.call('sockets.export', {
        filter,
        sort,
        offset,
        limit,
        snapshotId,
      });
      exported.chunks.push(chunk.csv);
      exported.matching = chunk.matching;
      exported.rows = Math.min(chunk.nextOffset ?? chunk.matching, chunk.matching);
      progress.value = { done: exported.rows, of: Math.min(chunk.matching, maxRows) };
      if (chunk.nextOffset !== null && chunk.nextOffset <= offset)
        throw new Error('The export does not move on.');
      offset = chunk.nextOffset;
    }
    return isCancelled ? null : exported;
  }

  /** Fetches everything; null when it was cancelled or failed (then `failure` says why). */
  async function run(request: ExportRequest): Promise<ExportedCsv | null> {
    if (isRunning.value) return null;
    isCancelled = false;
    failure.value = null;
    progress.value = { done: 0, of: null };
    let pinned: CallResult<'sockets.pin'> | null = null;
    try {
      if (request.snapshotId === null) pinned = await link.call('sockets.pin', {});
      const exported = await fetchChunks(request, request.snapshotId ?? pinned?.snapshotId ?? 0);
      return exported && { ...exported, takenAtMs: pinned?.takenAtMs ?? null };
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
      return null;
    } finally {
      progress.value = null;
      // A snapshot that is gone already needs no release.
      if (pinned) await link.call('sockets.unpin', { snapshotId: pinned.snapshotId }).catch(() => null);
    }
  }

  function cancel(): void {
    isCancelled = true;
  }

  return { progress, failure, isRunning, run, cancel };
});
