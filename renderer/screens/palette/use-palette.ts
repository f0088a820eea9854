import { computed, ref, watch, type ComputedRef } from 'vue';
import type { PaletteCommand, PaletteGroup } from '../../components/palette-commands.ts';
import { copyText } from '../../composables/copy-text.ts';
import { formatPace } from '../../format/durations.ts';
import { formatCount } from '../../format/numbers.ts';
import { useChanges } from '../../stores/changes.ts';
import { useEvidence } from '../../stores/evidence.ts';
import { useFindings } from '../../stores/findings.ts';
import { useFilterSuggestions } from '../../stores/filter-suggestions.ts';
import { useFixes } from '../../stores/fixes.ts';
import { useImports } from '../../stores/imports.ts';
import { useNavigation } from '../../stores/navigation.ts';
import { useSockets } from '../../stores/sockets.ts';
import { useTheme, type ThemeChoice } from '../../stores/theme.ts';
import { useTrends } from '../../stores/trends.ts';
import { PACES_MS, useWorkbench } from '../../stores/workbench.ts';
import { useFix } from '../use-fix.ts';
import { fixCommands, fixPlaces } from './fix-commands.ts';
import { importCommands } from './import-commands.ts';
import { checksCommand, findingCommands, reportCommand } from './finding-commands.ts';
import { probeCommands } from './probe-commands.ts';
import { trendCommands } from './trend-commands.ts';
import { useListCopies } from '../sockets/use-list-copies.ts';
import { filterIdeas } from './filter-commands.ts';

/** Read-only commands that show the same facts on a terminal. They are copied, never run. */
const SHELL_COMMANDS: readonly { command: string; about: string; words: string }[] = [
  { command: 'ss -tan state time-wait', about: 'every TIME-WAIT socket', words: 'list' },
  { command: 'ss -tanp state established', about: 'open connections and their processes', words: 'owner' },
  { command: 'ss -s', about: 'socket counts', words: 'totals summary' },
  { command: 'sysctl net.ipv4.ip_local_port_range', about: 'the ephemeral range', words: 'ports' },
  { command: 'sysctl net.ipv4.ip_local_reserved_ports', about: 'ports never handed out', words: 'range' },
  {
    command: 'sysctl net.ipv4.tcp_tw_reuse',
    about: 'whether TIME-WAIT ports are reused',
    words: 'time-wait',
  },
  { command: 'cat /proc/net/sockstat', about: 'TIME-WAIT and in-use counts', words: 'kernel' },
  {
    command: 'nstat -az TcpActiveOpens TcpExtTW',
    about: 'connections opened, TIME-WAIT entered',
    words: 'rate counters',
  },
];
const THEMES: readonly { choice: ThemeChoice; label: string; words: string }[] = [
  { choice: 'dark', label: 'Theme: dark', words: 'night colour' },
  { choice: 'light', label: 'Theme: light', words: 'day colour' },
  { choice: 'system', label: 'Theme: as the system', words: 'colour' },
];
const MAX_POOLS = 5;

/** The groups of the command palette. Only what exists is offered, and nothing of it changes the machine. */
export function usePalette(): {
  groups: ComputedRef<PaletteGroup[]>;
  search: (text: string) => void;
  copy: (command: PaletteCommand) => Promise<void>;
} {
  const workbench = useWorkbench();
  const navigation = useNavigation();
  const findings = useFindings();
  const sockets = useSockets();
  const theme = useTheme();
  const suggestions = useFilterSuggestions();
  const evidence = useEvidence();
  const imports = useImports();
  const fixes = useFixes();
  const changes = useChanges();
  const fix = useFix();
  const trends = useTrends();
  const copies = useListCopies();
  const typed = ref('');
  /** The text that was copied last, and whether the clipboard took it. */
  const copied = ref<{ text: string; worked: boolean } | null>(null);

  // The catalogue is asked for when it is first needed.
  watch(
    () => navigation.paletteOpen,
    (open) => {
      if (!open) return;
      evidence.want();
      fixes.wantList();
    },
    { immediate: true },
  );
  function search(text: string): void {
    typed.value = text;
    copied.value = null;
    if (text.includes(':')) suggestions.ask(text, text.length);
  }
  async function copy(command: PaletteCommand): Promise<void> {
    const text = command.copies ?? command.label;
    copied.value = { text, worked: await copyText(text) };
  }

  const places = computed<PaletteCommand[]>(() => {
    const { summary } = workbench;
    const range = summary?.settings.range;
    const pools = summary && typed.value.trim() !== '' ? summary.pools.slice(0, MAX_POOLS) : [];
    return [
      {
        id: 'headroom',
        label: 'Headroom',
        icon: 'gauge',
        keys: 'G H',
        words: 'overview',
        run: () => navigation.go('headroom'),
      },
      {
        id: 'sockets',
        label: 'Sockets',
        icon: 'sockets',
        keys: 'G S',
        words: 'table list',
        run: () => navigation.go('sockets'),
      },
      ...trendCommands(() => navigation.go('trends'), trends),
      {
        id: 'fix',
        label: 'Fix',
        icon: 'wrench',
        keys: 'G F',
        words: 'go to wizard understand choose preview apply verify undo',
        run: () => navigation.go('fix'),
      },
      {
        id: 'what-if',
        label: 'What-if',
        icon: 'sliders',
        keys: 'G W',
        words: 'calculator profiles size budget capacity',
        run: () => navigation.go('what-if'),
      },
      {
        id: 'evidence',
        label: 'Evidence',
        icon: 'evidence',
        keys: 'G E',
        words: 'probes commands terminal proof transcript',
        run: () => navigation.go('evidence'),
      },
      {
        id: 'settings',
        label: 'Settings',
        icon: 'gear',
        keys: 'G ,',
        words:
          'preferences options thresholds history retention theme notifications quiet hours privacy tray defaults',
        run: () => navigation.go('settings'),
      },
      checksCommand(findings.openChecks),
      ...findingCommands(findings.all, typed.value, findings.open),
      ...fixPlaces((params) => navigation.go('fix', params)),
      ...(range ? [portMapCommand(range, (port) => navigation.go('headroom', { port }))] : []),
      ...pools.map((pool): PaletteCommand => ({
        id: `pool ${pool.key}`,
        label: `Pool ${pool.key.replace('>', ' → ')}`,
        icon: 'pool',
        hint: `${formatCount(pool.used)} of ${formatCount(pool.capacity)} ports`,
        run: () => navigation.go('headroom', { poolKey: pool.key }),
      })),
    ];
  });
  const filters = computed(() =>
    filterIdeas(typed.value, workbench.summary, suggestions.current).map(
      ({ filter, hint, words, isTyped }): PaletteCommand => ({
        id: `filter ${filter}`,
        label: filter,
        icon: 'filter',
        isCode: true,
        hint,
        words,
        always: isTyped,
        copies: filter,
        run: () => navigation.go('sockets', { filter }),
      }),
    ),
  );
  /** What can be done to live samples; files have none. */
  const sampling = computed<PaletteCommand[]>(() => [
    {
      id: 'pause',
      label: workbench.isPaused ? 'Resume sampling' : 'Pause sampling',
      icon: workbench.isPaused ? 'play' : 'pause',
      keys: 'Ctrl .',
      run: () => void workbench.togglePaused(),
    },
    ...PACES_MS.map((intervalMs): PaletteCommand => ({
      id: `pace ${intervalMs}`,
      label: `Sample every ${formatPace(intervalMs)}`,
      icon: 'clock',
      hint: workbench.summary?.sampler.intervalMs === intervalMs ? 'now' : undefined,
      words: 'pace rate interval',
      run: () => void workbench.setIntervalMs(intervalMs),
    })),
  ]);
  const actions = computed<PaletteCommand[]>(() => [
    ...(workbench.imported ? [] : sampling.value),
    ...importCommands(imports, workbench.imported !== null),
    {
      id: 'freeze',
      label: sockets.frozen ? 'Resume the live socket list' : 'Freeze the socket list',
      icon: sockets.frozen ? 'play' : 'pause',
      run: () => {
        navigation.go('sockets');
        void (sockets.frozen ? sockets.resumeLive() : sockets.freeze());
      },
    },
    reportCommand(() => navigation.go('evidence', { report: true })),
    {
      id: 'export',
      label: 'Export sockets as CSV',
      icon: 'download',
      hint: sockets.filter,
      words: 'download',
      run: () => void copies.exportCsv(),
    },
    ...THEMES.map(({ choice, label, words }): PaletteCommand => ({
      id: label,
      label,
      icon: choice === 'light' ? 'sun' : 'moon',
      hint: theme.choice === choice ? 'now' : undefined,
      words,
      run: () => theme.choose(choice),
    })),
    {
      id: 'restart',
      label: 'Restart the sampler',
      icon: 'undo',
      words: 'process',
      run: () => void workbench.restartSampler(),
    },
    {
      id: 'shortcuts',
      label: 'Keyboard shortcuts',
      icon: 'help',
      keys: '?',
      words: 'keys',
      run: () => (navigation.shortcutsOpen = true),
    },
    {
      id: 'about',
      label: 'About Fourtuple',
      icon: 'help',
      words: 'version electron chromium node system',
      run: () => (navigation.aboutOpen = true),
    },
  ]);
  const probes = computed(() =>
    probeCommands(evidence.probes ?? [], typed.value, (id) => navigation.go('evidence', { runProbe: id })),
  );
  const shell = computed(() =>
    SHELL_COMMANDS.map(({ command, about, words }): PaletteCommand => {
      const state =
        copied.value?.text === command ? (copied.value.worked ? 'copied' : 'the clipboard refused') : about;
      const line: PaletteCommand = {
        id: command,
        label: command,
        icon: 'term',
        isCode: true,
        hint: state,
        words: `${about} ${words}`,
        copies: command,
        staysOpen: true,
        run: () => void copy(line),
      };
      return line;
    }),
  );

  const repairs = computed(() =>
    fixCommands({
      findings: findings.all,
      list: fixes.list,
      holding: changes.holding,
      typed: typed.value,
      go: (params) => navigation.go('fix', params),
      fix,
    }),
  );

  const groups = computed(() => [
    { title: 'Fixes', commands: repairs.value },
    { title: 'Go to', commands: places.value },
    { title: 'Sockets', commands: filters.value },
    { title: 'Actions', commands: actions.value },
    { title: 'Run', commands: probes.value },
    ...(workbench.platform === 'linux' ? [{ title: 'Copy', commands: shell.value }] : []),
  ]);
  return { groups, search, copy };
}

function portMapCommand(range: { first: number; last: number }, go: (port: number) => void): PaletteCommand {
  return {
    id: 'port map',
    label: 'Port map: ephemeral range',
    icon: 'target',
    hint: `${range.first}–${range.last}`,
    run: () => go(range.first),
  };
}
