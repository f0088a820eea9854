import { computed, watch } from 'vue';
import type { HistoryStateInfo } from '../../preload/contract-history.ts';
import type { IconName } from '../components/icon-names.ts';
import { useHotkeys } from '../composables/use-hotkeys.ts';
import {
  formatAge,
  formatClock,
  formatDuration,
  formatHold,
  formatPace,
  formatWorkTime,
} from '../format/durations.ts';
import { needsFix } from '../format/findings.ts';
import { formatLevel } from '../format/levels.ts';
import { formatBytes, formatCount, formatCountOf, formatShare } from '../format/numbers.ts';
import { useChanges } from '../stores/changes.ts';
import { useFindings } from '../stores/findings.ts';
import { useHistory } from '../stores/history.ts';
import { useNavigation, type ScreenName } from '../stores/navigation.ts';
import { useWorkbench, type Summary } from '../stores/workbench.ts';
import { useDesktop } from './use-desktop.ts';
import { historySize } from './trends/trend-words.ts';

/** The screens there are, in the order of the rail. */
export const SCREENS: {
  name: ScreenName;
  label: string;
  icon: IconName;
  keys: string;
  atFoot?: boolean;
}[] = [
  { name: 'headroom', label: 'Headroom', icon: 'gauge', keys: 'G H' },
  { name: 'sockets', label: 'Sockets', icon: 'sockets', keys: 'G S' },
  { name: 'trends', label: 'Trends', icon: 'trends', keys: 'G T' },
  { name: 'fix', label: 'Fix', icon: 'wrench', keys: 'G F' },
  { name: 'what-if', label: 'What-if', icon: 'sliders', keys: 'G W' },
  { name: 'evidence', label: 'Evidence', icon: 'evidence', keys: 'G E' },
  { name: 'settings', label: 'Settings', icon: 'gear', keys: 'G ,', atFoot: true },
];

/** What the list behind `?` says. */
export const SHORTCUTS = [
  {
    title: 'Everywhere',
    keys: [
      { keys: ['Ctrl K'], does: 'Command palette' },
      { keys: ['G', 'H'], does: 'Headroom' },
      { keys: ['G', 'S'], does: 'Sockets' },
      { keys: ['G', 'T'], does: 'Trends' },
      { keys: ['G', 'F'], does: 'Fix' },
      { keys: ['G', 'W'], does: 'What-if' },
      { keys: ['G', 'E'], does: 'Evidence' },
      { keys: ['G', ','], does: 'Settings' },
      { keys: ['G', 'N'], does: 'Newest notice, while there is one' },
      { keys: ['Ctrl E'], does: 'Incident report' },
      { keys: ['Ctrl V'], does: 'Read pasted output, when no field has focus' },
      { keys: ['Space'], does: 'Pause or resume, when no control has focus' },
      { keys: ['Ctrl .'], does: 'Pause or resume' },
      { keys: ['?'], does: 'This list' },
    ],
  },
  {
    title: 'Headroom',
    keys: [{ keys: ['P'], does: 'Findings or pools' }],
  },
  {
    title: 'Port map',
    keys: [
      { keys: ['← →', '↑ ↓'], does: 'Move the lens by one port, by one row' },
      { keys: ['Shift ← →'], does: 'Move it by 16 ports' },
      { keys: ['Home', 'End'], does: 'Ends of the ephemeral range' },
      { keys: ['N'], does: 'Next change of state' },
      { keys: ['Enter'], does: 'This port in Sockets' },
    ],
  },
  {
    title: 'Trend',
    keys: [
      { keys: ['← →'], does: 'Move the cursor by one sample' },
      { keys: ['Shift ← →'], does: 'Move it by one minute' },
    ],
  },
  {
    title: 'Sockets',
    keys: [
      { keys: ['/'], does: 'Filter' },
      { keys: ['↑ ↓', 'Enter'], does: 'Move, details' },
      { keys: ['F', 'Shift F'], does: 'Only this value, not this value' },
      { keys: ['M'], does: 'Show on the port map' },
      { keys: ['1 – 6'], does: 'One state only' },
    ],
  },
  {
    title: 'Trends',
    keys: [
      { keys: ['← →'], does: 'Move the cursor by one sample' },
      { keys: ['Shift ← →'], does: 'Move it by one minute' },
      { keys: ['[', ']'], does: 'A shorter, a longer time' },
    ],
  },
  {
    title: 'Fix',
    keys: [
      { keys: ['↑ ↓', 'Enter'], does: 'Another fix, preview it' },
      { keys: ['/'], does: 'Search the catalogue' },
      { keys: ['Esc'], does: 'Stop a change that is carried out, and undo it' },
      { keys: ['Ctrl Z'], does: 'Undo a change that is done; asks first' },
    ],
  },
  {
    title: 'What-if',
    keys: [
      { keys: ['← →', 'Page'], does: 'Move a slider by one step, by ten' },
      { keys: ['↑ ↓'], does: 'In a box one step; in the table another profile' },
    ],
  },
  {
    title: 'Evidence',
    keys: [
      { keys: ['↑ ↓'], does: 'Another probe' },
      { keys: ['Enter'], does: 'Run it' },
      { keys: ['↑ ↓', 'Page'], does: 'In the output: scroll' },
    ],
  },
];

/** Added where there is a window of our own: a browser has these keys for itself. */
export const WINDOW_SHORTCUTS = {
  title: 'Window',
  keys: [
    { keys: ['Ctrl 1 – 7'], does: 'The screens in the order of the rail' },
    { keys: ['Ctrl ,'], does: 'Settings' },
    { keys: ['Ctrl O'], does: 'Open a report or an output' },
    { keys: ['Ctrl +', 'Ctrl −'], does: 'Larger, smaller' },
    { keys: ['Ctrl 0'], does: 'Actual size' },
    { keys: ['F11'], does: 'Full screen' },
    { keys: ['Ctrl W', 'Ctrl Q'], does: 'Close, quit' },
  ],
};

type Workbench = ReturnType<typeof useWorkbench>;

/** What the shell's bars show, and the keys that work everywhere. */
export function useShell() {
  const workbench = useWorkbench();
  const navigation = useNavigation();
  const findings = useFindings();
  const changes = useChanges();
  const history = useHistory();
  useDesktop();

  useHotkeys({
    'mod+k': () => (navigation.paletteOpen = !navigation.paletteOpen),
    'mod+e': () => {
      findings.close();
      navigation.go('evidence', { report: true });
    },
    'mod+.': () => void workbench.togglePaused(),
    space: () => void workbench.togglePaused(),
    'g h': () => navigation.go('headroom'),
    'g s': () => navigation.go('sockets'),
    'g t': () => navigation.go('trends'),
    'g f': () => navigation.go('fix'),
    'g w': () => navigation.go('what-if'),
    'g e': () => navigation.go('evidence'),
    'g ,': () => navigation.go('settings'),
    '?': () => (navigation.shortcutsOpen = true),
  });

  const title = computed(() => documentTitle(workbench.summary, workbench.isStale));
  watch(title, (now) => (document.title = now), { immediate: true });

  const rail = computed(() =>
    SCREENS.map((screen) =>
      screen.name === 'fix' ? { ...screen, badge: fixBadge(workbench.summary) } : screen,
    ),
  );
  const topBar = computed(() => topBarFacts(workbench));
  const statusBar = computed(() => ({
    state: samplingState(workbench),
    facts: [...statusFacts(workbench), ...historyFacts(history.state)],
    rights: rightsFacts(changes),
    clock: `${formatClock(workbench.nowMs)} ${zoneName(workbench.nowMs)}`,
  }));
  /** To the change that the status bar speaks of. */
  function showChange(): void {
    if (changes.atWork) navigation.go('fix', { changeId: changes.atWork.changeId });
  }
  const shortcuts = computed(() =>
    workbench.description?.host === 'desktop'
      ? [...SHORTCUTS.slice(0, 1), WINDOW_SHORTCUTS, ...SHORTCUTS.slice(1)]
      : SHORTCUTS,
  );
  return { rail, topBar, statusBar, shortcuts, showChange };
}

/** How many fixes are suggested: findings of warning or worse that something helps with; undefined for none. */
export function fixBadge(summary: Summary | null): { count: number; title: string } | undefined {
  const count = (summary?.findings ?? []).filter(needsFix).length;
  return count === 0 ? undefined : { count, title: `${count} ${count === 1 ? 'fix' : 'fixes'} suggested` };
}

/** "Critical: ci-runner-07 · Fourtuple"; what is not live says so. */
export function documentTitle(summary: Summary | null, stale: boolean): string {
  if (!summary) return 'Fourtuple';
  if (summary.origin.kind === 'imported') return `Imported: ${summary.target.hostname} · Fourtuple`;
  const verdict = stale ? 'Not live' : summary.sampler.paused ? 'Paused' : formatLevel(summary.verdict.level);
  return `${verdict}: ${summary.target.hostname} · Fourtuple`;
}

function topBarFacts(workbench: Workbench) {
  const { summary, description } = workbench;
  return {
    host: summary && { name: summary.target.hostname, address: summary.target.address },
    profile: summary && profileFacts(summary.settings),
    intervalMs: summary?.sampler.intervalMs ?? null,
    windowControls: description?.windowControls ?? false,
    // macOS draws its buttons over the left end of the bar.
    roomForButtons: description?.host === 'desktop' && description.platform === 'darwin',
    canSample: !workbench.isStale && !workbench.imported,
    cannotSampleBecause: workbench.imported
      ? 'These are files: there is nothing to sample'
      : 'The sampler cannot be reached',
  };
}

function profileFacts({ profileName, range, timeWaitSeconds, timeWaitBasis }: Summary['settings']) {
  return {
    name: profileName,
    range: `${range.first}–${range.last}`,
    hold: formatHold(timeWaitSeconds),
    title: `Ephemeral port range, and how long a closed connection locks its port (${timeWaitBasis})`,
  };
}

function samplingState(workbench: Workbench) {
  const { linkState, sampler, isPaused, summary } = workbench;
  if (linkState.kind !== 'connected') {
    const words = { connecting: 'Connecting', lost: 'Link lost', refused: 'Refused' } as const;
    const tone = linkState.kind === 'connecting' ? ('waiting' as const) : ('trouble' as const);
    return { word: words[linkState.kind], tone, title: linkState.sentence ?? undefined };
  }
  if (sampler && sampler.state !== 'running' && sampler.state !== 'starting') {
    const words = {
      silent: 'Sampler silent',
      restarting: 'Sampler restarting',
      stopped: 'Sampler stopped',
    } as const;
    return { word: words[sampler.state], tone: 'trouble' as const, title: sampler.sentence ?? undefined };
  }
  if (workbench.imported) return { word: 'Imported', tone: 'waiting' as const, title: 'Read from files' };
  if (isPaused) return { word: 'Paused', tone: 'paused' as const };
  if (!summary) return { word: 'Reading sockets…', tone: 'waiting' as const };
  return { word: 'Sampling', tone: 'live' as const };
}

/** Read-only until a change is at work; then what it does, and when it undoes itself. */
export function rightsFacts({
  atWork,
  undoesInSeconds,
}: Pick<ReturnType<typeof useChanges>, 'atWork' | 'undoesInSeconds'>) {
  const title = atWork ? `${atWork.title}: show it` : 'Fourtuple reads; it changes nothing on this machine';
  switch (atWork?.phase) {
    case 'holding':
      return {
        word: 'A change holds',
        after:
          undoesInSeconds === null
            ? 'until the restart'
            : `· undoes itself in ${formatDuration(undoesInSeconds)}`,
        title,
        icon: 'undo' as const,
        leads: true,
      };
    case 'prepared':
    case 'applying':
      return { word: 'Changing', after: 'a fix is carried out', title, icon: 'shield' as const, leads: true };
    case 'undoing':
      return { word: 'Undoing', after: 'a change is taken back', title, icon: 'undo' as const, leads: true };
    default:
      return { word: 'Read-only', after: 'no admin rights held', title, icon: 'eye' as const, leads: false };
  }
}

interface StatusFact {
  key: string;
  before?: string;
  strong: string;
  after?: string;
  title?: string;
  narrow?: boolean;
}

function statusFacts({ live, imported, ageMs }: Workbench): StatusFact[] {
  if (!live) return [];
  return imported ? importFacts(imported.files) : samplingFacts(live, ageMs ?? 0);
}

/** What is kept of the past; or that nothing is added to it, and why. */
function historyFacts(state: HistoryStateInfo | null): StatusFact[] {
  const size = historySize(state);
  const title = state?.sentence ?? undefined;
  if (state?.mode === 'paused' || state?.mode === 'off')
    return [
      {
        key: 'history',
        before: 'History',
        strong: state.mode === 'off' ? 'off' : 'paused',
        title,
        narrow: false,
      },
    ];
  return size === null ? [] : [{ key: 'history', before: 'History', strong: size, title, narrow: false }];
}

function importFacts(files: { name: string; sockets: number; problemCount: number }[]): StatusFact[] {
  const sockets = files.reduce((sum, file) => sum + file.sockets, 0);
  const problems = files.reduce((sum, file) => sum + file.problemCount, 0);
  const names = files.map(({ name }) => name).join(', ');
  const facts: StatusFact[] = [
    { key: 'files', strong: formatCountOf(files.length, 'file'), title: names },
    { key: 'sockets', strong: formatCount(sockets), after: 'sockets read' },
  ];
  if (problems > 0)
    facts.push({ key: 'problems', strong: formatCountOf(problems, 'line'), after: 'not understood' });
  return facts;
}

function samplingFacts(summary: Summary, ageMs: number): StatusFact[] {
  const { sampler } = summary;
  const facts: StatusFact[] = [
    { key: 'age', before: 'Last sample', strong: formatAge(ageMs) },
    {
      key: 'dump',
      strong: formatCount(sampler.sockets),
      after: `sockets read in ${formatWorkTime(sampler.dumpMs)}${sampler.approximate ? ', approximate' : ''}`,
      title: `Source: ${sampler.source}`,
    },
    {
      key: 'cost',
      before: 'Sampler cost',
      strong: `${formatShare(sampler.costShare)} of one core · ${formatBytes(sampler.memoryBytes)}`,
    },
  ];
  if (sampler.effectiveIntervalMs > sampler.intervalMs * 1.05) {
    const dump = formatWorkTime(sampler.sampleMs);
    facts.push({
      key: 'pace',
      strong: `Sampling every ${formatPace(sampler.effectiveIntervalMs)}`,
      after: `a sample takes ${dump}`,
    });
  }
  return facts;
}

function zoneName(atMs: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(atMs);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}
