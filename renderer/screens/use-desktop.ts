import { onScopeDispose } from 'vue';
import type { MenuAction } from '../../preload/contract-desktop.ts';
import type { EventPayload } from '../../preload/contract.ts';
import { useDesktopEvents } from '../stores/desktop-events.ts';
import { useFindings } from '../stores/findings.ts';
import { useImports } from '../stores/imports.ts';
import { useNavigation } from '../stores/navigation.ts';
import { useTheme } from '../stores/theme.ts';
import { useWorkbench } from '../stores/workbench.ts';

/** What the window around the page asks of it: its menu, its notifications, files opened with it. Ends with the scope. */
export function useDesktop(): void {
  const workbench = useWorkbench();
  const navigation = useNavigation();
  const findings = useFindings();
  const imports = useImports();
  const theme = useTheme();
  const events = useDesktopEvents();

  /** The same as the page's own keys, buttons and palette do. */
  const actions: Record<MenuAction, () => void> = {
    'import.paste': () => imports.openPaste(),
    'report.save': () => navigation.go('evidence', { report: true }),
    settings: () => navigation.go('settings'),
    'go.headroom': () => navigation.go('headroom'),
    'go.sockets': () => navigation.go('sockets'),
    'go.trends': () => navigation.go('trends'),
    'go.fix': () => navigation.go('fix'),
    'go.what-if': () => navigation.go('what-if'),
    'go.evidence': () => navigation.go('evidence'),
    palette: () => (navigation.paletteOpen = true),
    'sampling.pause': () => void workbench.togglePaused(),
    'theme.system': () => theme.choose('system'),
    'theme.dark': () => theme.choose('dark'),
    'theme.light': () => theme.choose('light'),
    shortcuts: () => (navigation.shortcutsOpen = true),
    about: () => (navigation.aboutOpen = true),
  };

  /** What is asked for from outside must not appear behind a dialog. */
  function closeDialogs(): void {
    findings.close();
    navigation.paletteOpen = false;
    navigation.shortcutsOpen = false;
    navigation.aboutOpen = false;
  }
  function navigate({ to, poolKey }: EventPayload<'navigate.requested'>): void {
    closeDialogs();
    navigation.go(to, poolKey === null ? {} : { poolKey });
  }

  onScopeDispose(
    events.hear({
      onAction: (action) => {
        closeDialogs();
        actions[action]();
      },
      onNavigate: navigate,
      onOpened: (opened) => {
        closeDialogs();
        // Opened from outside, it is what the person wants to see.
        if (opened.report?.opened) navigation.go('headroom');
        void imports.take(opened);
      },
    }),
  );
}
