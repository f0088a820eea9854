import { computed, onScopeDispose, watch } from 'vue';
import type { GroupRow, SocketRow, SortColumn } from '../../../preload/contract.ts';
import { columnsOf } from '../../components/data-grid-columns.ts';
import { STATE_CHIPS } from '../../components/state-chips.ts';
import { useHotkeys } from '../../composables/use-hotkeys.ts';
import { chosenStates, toggleState, withStates, withTerm, withoutMatches } from '../../format/filter-text.ts';
import { findingsOf } from '../../format/findings.ts';
import { termForCell, termForGroup } from '../../format/socket-text.ts';
import { useFindings } from '../../stores/findings.ts';
import { useNavigation } from '../../stores/navigation.ts';
import { useSocketDetail } from '../../stores/socket-detail.ts';
import { useSockets } from '../../stores/sockets.ts';
import { useWorkbench } from '../../stores/workbench.ts';

/** How the socket list, its details and the rest of the workbench act together. Ends with the screen. */
export function useSocketsScreen(focus: { filter: () => void; grid: () => void }) {
  const sockets = useSockets();
  const detail = useSocketDetail();
  const workbench = useWorkbench();
  const navigation = useNavigation();
  const found = useFindings();

  const columns = computed(() => columnsOf(sockets.columns));
  const states = computed(() => chosenStates(sockets.filter));
  const holdSeconds = computed(() => workbench.summary?.settings.timeWaitSeconds ?? 60);
  const scope = computed(() => workbench.summary?.settings.scope ?? 'destination');
  /** Those that touch the socket whose details are open. */
  const findings = computed(() =>
    findingsOf(found.all, { poolKey: detail.detail?.poolKey ?? null, pid: detail.row?.pid ?? null }),
  );
  const selectedRow = computed(() => (sockets.selectedLine?.kind === 'socket' ? sockets.selectedLine : null));

  function openDetail(): void {
    const row = selectedRow.value;
    if (!row) return;
    detail.open(row);
    refreshDetail();
  }
  function refreshDetail(): void {
    detail.refresh(sockets.frozen?.snapshotId ?? null, sockets.answer?.takenAtMs ?? Date.now());
  }
  function closeDetail(): void {
    detail.close();
    focus.grid();
  }
  /** Esc in the table: first the details, then the filter. */
  function stepBack(): void {
    if (detail.row) closeDetail();
    else sockets.setFilter('');
  }
  /** The socket before or after the one whose details are open, headings left out. */
  function step(by: 1 | -1): void {
    const rows = sockets.answer?.rows ?? [];
    const at = rows.findIndex((row) => row.key === sockets.selectedKey);
    const offset = sockets.answer?.offset ?? 0;
    for (let next = at < 0 ? (sockets.selectedIndex ?? 0) - offset : at + by; rows[next]; next += by) {
      if (rows[next]?.kind === 'socket') return sockets.select(offset + next);
    }
  }
  function narrow(line: SocketRow | GroupRow, column: SortColumn, away: boolean): void {
    const term = line.kind === 'socket' ? termForCell(line, column) : termForGroup(line);
    if (term) sockets.setFilter(away ? withoutMatches(sockets.filter, term) : withTerm(sockets.filter, term));
  }
  async function showOnMap(row: SocketRow): Promise<void> {
    const isOpen = detail.row?.key === row.key && detail.detail;
    const found = isOpen || (await detail.lookUp(row.key, sockets.frozen?.snapshotId ?? null));
    navigation.go('headroom', { port: row.localPort, poolKey: (found && found.poolKey) ?? undefined });
  }
  function onlyPool(row: SocketRow): void {
    const local = termForCell({ ...row, localPort: 0 }, 'local')?.replace(/:0$/, '') ?? '';
    const remote = termForCell(row, 'remote') ?? '';
    sockets.setFilter(withTerm(withTerm('', local), remote));
  }
  function isolateState(index: number): void {
    const chip = STATE_CHIPS[index];
    if (!chip) return;
    const isAlone = states.value.length === 1 && states.value[0] === chip.term;
    sockets.setFilter(withStates(sockets.filter, isAlone ? [] : [chip.term]));
  }

  const digits = STATE_CHIPS.map((_, index): [string, () => void] => [
    String(index + 1),
    () => isolateState(index),
  ]);
  useHotkeys({ '/': () => focus.filter(), escape: stepBack, ...Object.fromEntries(digits) });
  watch(
    () => navigation.params,
    ({ filter }) => filter !== undefined && sockets.setFilter(filter),
    { immediate: true },
  );
  // Details follow the selection while they are open, and every answer.
  watch(selectedRow, (row) => row && detail.row && row.key !== detail.row.key && openDetail());
  watch(
    () => sockets.answer,
    () => detail.row && refreshDetail(),
  );
  onScopeDispose(sockets.follow());

  return {
    sockets,
    detail,
    workbench,
    columns,
    states,
    holdSeconds,
    scope,
    findings,
    openDetail,
    closeDetail,
    stepBack,
    step,
    narrow,
    showOnMap,
    onlyPool,
    showEvidence: () => navigation.go('evidence', { figure: 'sockets' }),
    openFinding: (id: string) => found.open(id),
    toggleState: (term: string) => sockets.setFilter(toggleState(sockets.filter, term)),
    allStates: () => sockets.setFilter(withStates(sockets.filter, [])),
  };
}
