import { computed, onScopeDispose, ref } from 'vue';
import { MAX_EXPORT_ROWS, type SocketRow } from '../../../preload/contract.ts';
import { copyText } from '../../composables/copy-text.ts';
import { formatCount, formatCountOf } from '../../format/numbers.ts';
import { useSocketDetail } from '../../stores/socket-detail.ts';
import { useSocketExport } from '../../stores/socket-export.ts';
import { useSockets } from '../../stores/sockets.ts';
import { saveFile } from './save-file.ts';

/** How long what was done is said. */
const SAID_MS = 4000;

/** What leaves the list: a CSV file of everything that matches, its first rows or one row's command on the clipboard. */
export function useListCopies() {
  const sockets = useSockets();
  const exporting = useSocketExport();
  const detail = useSocketDetail();
  /** What was just done, in words; null when that is long ago. */
  const said = ref<string | null>(null);
  let timer: ReturnType<typeof setTimeout> | null = null;

  function say(words: string): void {
    said.value = words;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => (said.value = null), SAID_MS);
  }
  onScopeDispose(() => timer !== null && clearTimeout(timer));

  const progress = computed(() => {
    const now = exporting.progress;
    if (!now) return null;
    return now.of === null ? 'Exporting…' : `Exporting ${formatCount(now.done)} of ${formatCount(now.of)}`;
  });

  function request() {
    return { filter: sockets.filter, sort: sockets.sort, snapshotId: sockets.frozen?.snapshotId ?? null };
  }
  async function exportCsv(): Promise<void> {
    const exported = await exporting.run(request());
    if (!exported) return;
    const takenAtMs = exported.takenAtMs ?? sockets.frozen?.takenAtMs ?? Date.now();
    saveFile(`fourtuple-sockets-${fileTime(takenAtMs)}.csv`, exported.chunks, 'text/csv;charset=utf-8');
    say(`Exported ${formatCountOf(exported.rows, 'row')}`);
  }
  async function copyRows(): Promise<void> {
    const exported = await exporting.run({ ...request(), maxRows: MAX_EXPORT_ROWS });
    if (!exported) return;
    const copied = await copyText(exported.chunks.join(''));
    const rows =
      exported.rows < exported.matching
        ? `the first ${formatCount(exported.rows)} of ${formatCount(exported.matching)} rows`
        : formatCountOf(exported.rows, 'row');
    say(copied ? `Copied ${rows}` : 'The clipboard refused');
  }
  async function copyCommand(row: SocketRow): Promise<void> {
    const found = await detail.lookUp(row.key, sockets.frozen?.snapshotId ?? null);
    if (!found) return say('This socket is gone');
    say((await copyText(found.command)) ? `Copied: ${found.command}` : 'The clipboard refused');
  }

  return { exporting, progress, said, exportCsv, copyRows, copyCommand };
}

/** Local time for a file name: "20261122-143207". */
export function fileTime(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  return `${day}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
}
