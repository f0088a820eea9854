import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { MAX_IMPORT_BYTES, MAX_IMPORT_FILES } from '../../preload/contract-import.ts';
import type { CallResult, EventPayload } from '../../preload/contract.ts';
import { gzipPieces } from './gzip-pieces.ts';
import { useLink } from './link-key.ts';
import { useWorkbench } from './workbench.ts';

export type ImportReport = CallResult<'import.finish'>;
export type OpenedFiles = EventPayload<'file.opened'>;

/** A file as it was dropped, chosen or pasted. */
export interface ImportFile {
  name: string;
  /** Null where nobody knows: a paste. */
  modifiedAtMs: number | null;
  content: Blob;
}

/** What the import is doing. A report stays until it is dismissed. */
export type ImportState =
  | { kind: 'idle' }
  | { kind: 'sending'; names: string[]; sentBytes: number; ofBytes: number }
  | { kind: 'reading'; names: string[] }
  | { kind: 'reported'; report: ImportReport }
  | { kind: 'failed'; sentence: string };

const NAME_CHARACTERS = 200;

/** Files from other machines: sent in pieces, read by the workbench, then shown instead of this machine. */
export const useImports = defineStore('imports', () => {
  const link = useLink();
  const workbench = useWorkbench();
  const state = shallowRef<ImportState>({ kind: 'idle' });
  /** The dialog to paste into or to choose files from. */
  const pasteOpen = ref(false);
  const pasted = ref('');
  let importId: string | null = null;
  /** Grows with each import and each cancel: what belongs to an older one is dropped. */
  let epoch = 0;

  const isBusy = computed(() => state.value.kind === 'sending' || state.value.kind === 'reading');

  async function open(files: readonly ImportFile[]): Promise<void> {
    const refused = refusalOf(files);
    if (files.length === 0 || isBusy.value) return;
    const mine = ++epoch;
    if (refused !== null) {
      state.value = { kind: 'failed', sentence: refused };
      return;
    }
    pasteOpen.value = false;
    try {
      const id = await send(files, mine);
      if (id === null) return;
      importId = id;
      await finish(null, mine);
    } catch (error) {
      if (mine === epoch) state.value = { kind: 'failed', sentence: sentenceOf(error) };
    }
  }
  /** Sends every piece; null when it was cancelled. */
  async function send(files: readonly ImportFile[], mine: number): Promise<string | null> {
    const names = files.map(({ name }) => name);
    const ofBytes = files.reduce((sum, { content }) => sum + content.size, 0);
    let sentBytes = 0;
    const tell = () =>
      (state.value = { kind: 'sending', names, sentBytes: Math.min(sentBytes, ofBytes), ofBytes });
    tell();
    const begun = await link.call('import.begin', {
      files: files.map(({ name, modifiedAtMs, content }) => ({
        name: name.slice(0, NAME_CHARACTERS),
        modifiedAtMs,
        bytes: content.size,
      })),
    });
    for (const [fileIndex, file] of files.entries()) {
      for await (const data of readable(file, (bytes) => (sentBytes += bytes))) {
        if (mine !== epoch) return null;
        await link.call('import.piece', { importId: begun.importId, fileIndex, data });
        if (mine !== epoch) return null;
        tell();
      }
    }
    return mine === epoch ? begun.importId : null;
  }
  async function finish(profileId: string | null, mine: number): Promise<void> {
    if (importId === null) return;
    const names = state.value.kind === 'sending' ? state.value.names : [];
    state.value = { kind: 'reading', names };
    const report = await link.call('import.finish', { importId, profileId });
    if (mine !== epoch) {
      // Cancelled too late to keep it from opening.
      if (report.opened) await close();
      return;
    }
    await workbench.reload();
    state.value = isWorthReading(report) ? { kind: 'reported', report } : { kind: 'idle' };
  }
  /** Reads what was sent once more, as this system. */
  async function choose(profileId: string): Promise<void> {
    const mine = ++epoch;
    try {
      await finish(profileId, mine);
    } catch (error) {
      if (mine === epoch) state.value = { kind: 'failed', sentence: sentenceOf(error) };
    }
  }
  function cancel(): void {
    epoch++;
    importId = null;
    state.value = { kind: 'idle' };
  }
  /** Back to this machine. */
  async function close(): Promise<void> {
    try {
      await link.call('import.close', {});
      importId = null;
      await workbench.reload();
    } catch (error) {
      state.value = { kind: 'failed', sentence: sentenceOf(error) };
    }
  }
  /** Files that the system handed to Fourtuple are read already; what came of it is shown as if they were dropped. */
  async function take(opened: OpenedFiles): Promise<void> {
    const mine = ++epoch;
    pasteOpen.value = false;
    const { importId: id, report, sentence } = opened;
    if (!report) {
      state.value = { kind: 'failed', sentence: sentence ?? 'The files could not be read.' };
      return;
    }
    importId = id;
    await workbench.reload();
    if (mine === epoch)
      state.value = isWorthReading(report) ? { kind: 'reported', report } : { kind: 'idle' };
  }
  function openPaste(text = ''): void {
    pasted.value = text;
    pasteOpen.value = true;
  }
  function openPasted(): Promise<void> {
    const content = new Blob([pasted.value], { type: 'text/plain' });
    return open([{ name: 'pasted text', modifiedAtMs: null, content }]);
  }

  return {
    state,
    isBusy,
    pasteOpen,
    pasted,
    open,
    take,
    choose,
    cancel,
    close,
    dismiss: () => (state.value = { kind: 'idle' }),
    openPaste,
    openPasted,
  };
});

/** What a browser hands over when files are dropped or chosen. */
export function importFilesOf(files: Iterable<File>): ImportFile[] {
  return [...files].map((file) => ({
    name: file.name,
    modifiedAtMs: Number.isFinite(file.lastModified) ? file.lastModified : null,
    content: file,
  }));
}

/** The pieces of a file. The browser's own words for one it cannot read name neither the file nor what to do. */
async function* readable(file: ImportFile, onRead: (bytes: number) => void): AsyncGenerator<string> {
  const unreadable = `${file.name} could not be read. A folder cannot be imported: choose the files in it.`;
  const pieces = gzipPieces(file.content, onRead);
  try {
    for (;;) {
      const next = await pieces.next().catch((cause: unknown) => {
        throw new Error(unreadable, { cause });
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await pieces.return(undefined);
  }
}

function refusalOf(files: readonly ImportFile[]): string | null {
  if (files.length > MAX_IMPORT_FILES)
    return `At most ${MAX_IMPORT_FILES} files can be read together; these are ${files.length}.`;
  const bytes = files.reduce((sum, { content }) => sum + content.size, 0);
  if (bytes > MAX_IMPORT_BYTES)
    return `These files are larger than ${MAX_IMPORT_BYTES / 1024 ** 2} MB together. Import a part of them.`;
  return bytes === 0 ? 'There is nothing in it to read.' : null;
}

/** A report nobody needs to see: all of it was understood. */
function isWorthReading(report: ImportReport): boolean {
  return (
    !report.opened || report.choices.length > 0 || report.files.some(({ problemCount }) => problemCount > 0)
  );
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
