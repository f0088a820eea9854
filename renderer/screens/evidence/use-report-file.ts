import { computed, onScopeDispose, ref } from 'vue';
import { formatShare, formatSize } from '../../format/numbers.ts';
import { useReport, type ReportFormat } from '../../stores/report.ts';
import { saveFile } from '../sockets/save-file.ts';

/** How long what was saved is said. */
const SAID_MS = 6000;
const TYPES: Record<ReportFormat, string> = {
  html: 'text/html;charset=utf-8',
  md: 'text/markdown;charset=utf-8',
  json: 'application/json',
};

/** Saves the report as a file, and says so. */
export function useReportFile() {
  const report = useReport();
  const saved = ref<string | null>(null);
  let timer: ReturnType<typeof setTimeout> | null = null;
  onScopeDispose(() => timer !== null && clearTimeout(timer));

  const said = computed(() => report.failure ?? saved.value);
  /** " 40%", or nothing while it is made. */
  const done = computed(() => {
    const now = report.progress;
    return now?.of ? ` (${formatShare(now.done / now.of)})` : '';
  });

  async function save(): Promise<void> {
    const type = TYPES[report.format];
    saved.value = null;
    const fetched = await report.run();
    if (!fetched) return;
    saveFile(fetched.name, fetched.pieces, type);
    const characters = fetched.pieces.reduce((sum, piece) => sum + piece.length, 0);
    saved.value = `Saved ${fetched.name}, ${formatSize(characters)}`;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => (saved.value = null), SAID_MS);
  }

  return { said, done, save };
}
