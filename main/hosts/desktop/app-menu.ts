/** The application menu. Without a frame it is invisible on Windows and Linux, but its accelerators work. */
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuAction } from '../../../preload/contract-desktop.ts';
import { LINKS, type LinkId } from './links.ts';
import type { ZoomStep } from './zoom.ts';

export interface MenuParts {
  platform: string;
  isPackaged: boolean;
  /** Null: there is no log. */
  hasLog: boolean;
  /** Something that the page does. */
  choose(action: MenuAction): void;
  openFile(): void;
  openLink(id: LinkId): void;
  showLog(): void;
  zoom(step: ZoomStep): void;
  closeWindow(): void;
}

type Item = MenuItemConstructorOptions;
const SEPARATOR: Item = { type: 'separator' };

const SCREENS: readonly (readonly [MenuAction, string])[] = [
  ['go.headroom', 'Headroom'],
  ['go.sockets', 'Sockets'],
  ['go.trends', 'Trends'],
  ['go.fix', 'Fix'],
  ['go.what-if', 'What-if'],
  ['go.evidence', 'Evidence'],
  ['settings', 'Settings'],
];

/** The whole menu of a platform. */
export function menuTemplate(parts: MenuParts): Item[] {
  const isMac = parts.platform === 'darwin';
  return [
    ...(isMac ? [appMenu(parts)] : []),
    { label: '&File', submenu: fileMenu(parts, isMac) },
    { role: 'editMenu' },
    { label: '&View', submenu: viewMenu(parts) },
    isMac ? { role: 'windowMenu' } : { label: '&Window', submenu: windowMenu(parts) },
    { role: 'help', label: '&Help', submenu: helpMenu(parts, isMac) },
  ];
}

/** The page hears of it and does what its own key does. */
function action(parts: MenuParts, id: MenuAction, label: string, more: Item = {}): Item {
  return { id, label, click: () => parts.choose(id), ...more };
}

/** A key that the page already listens to is shown but not taken: it would act twice, or a dialog could not have it. */
function pageKey(accelerator: string): Item {
  return { accelerator, registerAccelerator: false };
}

function appMenu(parts: MenuParts): Item {
  return {
    role: 'appMenu',
    submenu: [
      action(parts, 'about', 'About Fourtuple'),
      SEPARATOR,
      action(parts, 'settings', 'Settings…', { accelerator: 'Command+,' }),
      SEPARATOR,
      { role: 'services' },
      SEPARATOR,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      SEPARATOR,
      { role: 'quit' },
    ],
  };
}

function fileMenu(parts: MenuParts, isMac: boolean): Item[] {
  const open: Item[] = [
    { id: 'file.open', label: 'Open…', accelerator: 'CommandOrControl+O', click: () => parts.openFile() },
    action(parts, 'import.paste', 'Paste output…'),
    SEPARATOR,
    action(parts, 'report.save', 'Save report…', pageKey('CommandOrControl+E')),
    SEPARATOR,
  ];
  const close: Item = {
    id: 'file.close',
    label: 'Close',
    accelerator: 'CommandOrControl+W',
    click: () => parts.closeWindow(),
  };
  if (isMac) return [...open, close];
  return [
    ...open,
    action(parts, 'settings', 'Settings', { accelerator: 'Control+,' }),
    SEPARATOR,
    close,
    { role: 'quit', accelerator: 'Control+Q' },
  ];
}

function viewMenu(parts: MenuParts): Item[] {
  const zoom = (step: ZoomStep, label: string, accelerator: string, more: Item = {}): Item => ({
    id: `zoom.${step}`,
    label,
    accelerator,
    click: () => parts.zoom(step),
    ...more,
  });
  const developer: Item[] = [
    SEPARATOR,
    { role: 'reload' },
    { role: 'forceReload' },
    { role: 'toggleDevTools' },
  ];
  return [
    ...SCREENS.map(([id, label], index) =>
      action(parts, id, label, {
        // The one that stands in another menu, too.
        ...(id === 'settings' ? { id: 'view.settings' } : {}),
        accelerator: `CommandOrControl+${index + 1}`,
      }),
    ),
    SEPARATOR,
    action(parts, 'palette', 'Command palette', pageKey('CommandOrControl+K')),
    action(parts, 'sampling.pause', 'Pause or resume sampling', pageKey('CommandOrControl+.')),
    {
      label: 'Theme',
      submenu: [
        action(parts, 'theme.system', 'As the system'),
        action(parts, 'theme.dark', 'Dark'),
        action(parts, 'theme.light', 'Light'),
      ],
    },
    SEPARATOR,
    zoom('reset', 'Actual size', 'CommandOrControl+0'),
    zoom('in', 'Zoom in', 'CommandOrControl+Plus'),
    // The key as it lies: on most keyboards "+" needs Shift.
    zoom('in', 'Zoom in', 'CommandOrControl+=', {
      id: 'zoom.in-unshifted',
      visible: false,
      acceleratorWorksWhenHidden: true,
    }),
    zoom('out', 'Zoom out', 'CommandOrControl+-'),
    SEPARATOR,
    { role: 'togglefullscreen' },
    ...(parts.isPackaged ? [] : developer),
  ];
}

function windowMenu(parts: MenuParts): Item[] {
  return [{ role: 'minimize' }, { id: 'window.close', label: 'Close', click: () => parts.closeWindow() }];
}

function helpMenu(parts: MenuParts, isMac: boolean): Item[] {
  const ids = Object.keys(LINKS) as LinkId[];
  return [
    action(parts, 'shortcuts', 'Keyboard shortcuts'),
    SEPARATOR,
    ...ids.map((id): Item => ({
      id: `link.${id}`,
      label: LINKS[id].label,
      click: () => parts.openLink(id),
    })),
    ...(parts.hasLog
      ? [SEPARATOR, { id: 'help.log', label: 'Show logs', click: () => parts.showLog() } satisfies Item]
      : []),
    ...(isMac ? [] : [SEPARATOR, action(parts, 'about', 'About Fourtuple')]),
  ];
}
