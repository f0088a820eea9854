/** The icon beside the clock: how it stands, and what can be done without the window. */
import { join } from 'node:path';
import type { MenuItemConstructorOptions, Tray } from 'electron';
import type { Summary } from '../../core/model.ts';
import type { ElectronParts } from './electron-parts.ts';

export interface TrayView {
  icon: 'ok' | 'warning' | 'critical' | 'unknown';
  /** The verdict's. */
  sentence: string;
  isPaused: boolean;
}

export interface TrayOptions {
  electron: Pick<ElectronParts, 'Tray' | 'Menu' | 'nativeImage'>;
  platform: string;
  /** The folder of the small images: ok.png, ok@2x.png, okTemplate.png … */
  iconFolder: string;
  onOpen(): void;
  onPause(paused: boolean): void;
  onQuit(): void;
}

export interface TrayIcon {
  show(view: TrayView): void;
  remove(): void;
}

/** Windows cuts longer ones in the middle of a word (NOTIFYICONDATA.szTip: 128 with the final NUL). */
const MAX_TOOLTIP_CHARACTERS = 120;

/** What the icon says of the newest summary; null before the first. */
export function trayView(summary: Summary | null): TrayView {
  if (summary === null) return { icon: 'unknown', sentence: 'Reading sockets…', isPaused: false };
  if (summary.origin.kind === 'imported') {
    return { icon: 'unknown', sentence: 'Files are shown, not this machine.', isPaused: false };
  }
  const { level, sentence } = summary.verdict;
  if (summary.sampler.paused) return { icon: 'unknown', sentence: `Paused. ${sentence}`, isPaused: true };
  return { icon: level === 'notice' ? 'ok' : level, sentence, isPaused: false };
}

/** Puts the icon there; throws where the system refuses. */
export function createTray(options: TrayOptions): TrayIcon {
  const { electron, platform, iconFolder } = options;
  const image = (icon: TrayView['icon']) =>
    // macOS colours a template as its menu bar; Electron finds the larger images beside each by their names.
    electron.nativeImage.createFromPath(
      join(iconFolder, `${icon}${platform === 'darwin' ? 'Template' : ''}.png`),
    );
  let shown: TrayView = trayView(null);
  const tray: Tray = new electron.Tray(image(shown.icon));
  const draw = () => {
    tray.setToolTip(cut(`Fourtuple: ${shown.sentence}`, MAX_TOOLTIP_CHARACTERS));
    tray.setContextMenu(electron.Menu.buildFromTemplate(trayMenu(shown, options)));
  };
  draw();
  // On macOS a click opens the menu.
  if (platform !== 'darwin') tray.on('click', options.onOpen);
  return {
    show: (view) => {
      if (tray.isDestroyed()) return;
      const before = shown;
      shown = view;
      if (before.icon !== view.icon) tray.setImage(image(view.icon));
      // Each sample would close a menu that is open.
      if (before.sentence !== view.sentence || before.isPaused !== view.isPaused) draw();
    },
    remove: () => {
      if (!tray.isDestroyed()) tray.destroy();
    },
  };
}

export function trayMenu(
  { sentence, isPaused }: TrayView,
  { onOpen, onPause, onQuit }: Pick<TrayOptions, 'onOpen' | 'onPause' | 'onQuit'>,
): MenuItemConstructorOptions[] {
  return [
    // An ampersand would underline what follows it.
    { label: cut(sentence, MAX_TOOLTIP_CHARACTERS).replaceAll('&', '&&'), enabled: false },
    { type: 'separator' },
    { id: 'open', label: 'Open Fourtuple', click: () => onOpen() },
    { id: 'pause', label: isPaused ? 'Resume sampling' : 'Pause sampling', click: () => onPause(!isPaused) },
    { type: 'separator' },
    { id: 'quit', label: 'Quit', click: () => onQuit() },
  ];
}

function cut(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const end = text.lastIndexOf(' ', maxCharacters - 1);
  return `${text.slice(0, end > maxCharacters / 2 ? end : maxCharacters - 1)}…`;
}
