import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { CallArgs, CallResult } from '../../preload/contract.ts';
import { MAX_REPORT_PIECE } from '../../preload/contract-report.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';
import { useSettings } from './settings.ts';
import { useWorkbench } from './workbench.ts';

type ReportArgs = CallArgs<'report.create'>;
export type Redaction = ReportArgs['redact'][number];
export type ReportFormat = Exclude<ReportArgs['format'], 'csv'>;
export type ReportPart = keyof ReportArgs['include'];

/** A report that is whole, ready to be saved. */
export interface FetchedReport {
  name: string;
  pieces: string[];
}

const NOTHING: readonly Redaction[] = [];
const EVERYTHING: readonly Redaction[] = ['addresses', 'hosts', 'processes'];

/** Enough for what is looked at; the rest is read in the file. */
const PREVIEW_CHARACTERS = 16 * 1024;

/** What a report shall hold and hide, how it will read, and fetching it. */
export const useReport = defineStore('report', () => {
  const link = useLink();
  const workbench = useWorkbench();
  const format = ref<ReportFormat>('html');
  const settings = useSettings();
  /** What the boxes were set to; null while nobody touched them: then as the settings say. */
  const chosen = shallowRef<readonly Redaction[] | null>(null);
  const redact = computed<readonly Redaction[]>(
    () => chosen.value ?? (settings.current?.privacy.redactReports ? EVERYTHING : NOTHING),
  );
  const include = shallowRef<ReportArgs['include']>({ transcripts: true, pictures: true, sockets: false });
  /** Its beginning as Markdown, and when it was made, epoch milliseconds of this page. */
  const preview = shallowRef<{ text: string; madeAtMs: number } | null>(null);
  const previewProblem = ref<string | null>(null);
  /** Characters fetched and in all; null while nothing is fetched. */
  const progress = shallowRef<{ done: number; of: number | null } | null>(null);
  const failure = ref<string | null>(null);
  const isRunning = computed(() => progress.value !== null);
  let isCancelled = false;
  let isWanted = false;

  const previews = newestWins({
    run: async (hidden: readonly Redaction[]) => {
      const nothing = { transcripts: false, pictures: false, sockets: false };
      const made = await link.call('report.create', { format: 'md', redact: [...hidden], include: nothing });
      return pieceOf(made.reportId, 0, PREVIEW_CHARACTERS);
    },
    accept({ text }) {
      preview.value = { text, madeAtMs: Date.now() };
      previewProblem.value = null;
    },
    fail: (error) => (previewProblem.value = sentenceOf(error)),
  });
  const canPreview = computed(() => workbench.isConnected && workbench.summary !== null);

  function pieceOf(reportId: string, offset: number, limit: number): Promise<CallResult<'report.piece'>> {
    return link.call('report.piece', { reportId, offset, limit });
  }
  function refresh(): void {
    if (isWanted && canPreview.value) previews.ask(redact.value);
  }
  /** Keeps the preview as the choices are until the returned function is called. */
  function follow(): () => void {
    isWanted = true;
    refresh();
    return () => {
      isWanted = false;
      previews.drop();
    };
  }
  watch([redact, canPreview, () => workbench.summary?.origin.kind], refresh);

  function setRedacted(name: Redaction, isHidden: boolean): void {
    chosen.value = isHidden ? [...redact.value, name] : redact.value.filter((other) => other !== name);
  }
  function setIncluded(part: ReportPart, isIn: boolean): void {
    include.value = { ...include.value, [part]: isIn };
  }

  async function fetchAll(): Promise<FetchedReport | null> {
    const made = await link.call('report.create', {
      format: format.value,
      redact: [...redact.value],
      include: include.value,
    });
    const pieces: string[] = [];
    for (let offset: number | null = 0; offset !== null;) {
      if (isCancelled) return null;
      progress.value = { done: offset, of: made.totalCharacters };
      const piece: CallResult<'report.piece'> = await pieceOf(made.reportId, offset, MAX_REPORT_PIECE);
      pieces.push(piece.text);
      if (piece.nextOffset !== null && piece.nextOffset <= offset)
        throw new Error('The report does not move on.');
      offset = piece.nextOffset;
    }
    return isCancelled ? null : { name: made.name, pieces };
  }

  /** Makes and fetches the report; null when it was cancelled or failed (then `failure` says why). */
  async function run(): Promise<FetchedReport | null> {
    if (isRunning.value) return null;
    isCancelled = false;
    failure.value = null;
    progress.value = { done: 0, of: null };
    try {
      return await fetchAll();
    } catch (error) {
      failure.value = sentenceOf(error);
      return null;
    } finally {
      progress.value = null;
    }
  }

  return {
    format,
    redact,
    include,
    preview,
    previewProblem,
    progress,
    failure,
    isRunning,
    follow,
    refresh,
    setRedacted,
    setIncluded,
    run,
    cancel: () => (isCancelled = true),
  };
});

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
