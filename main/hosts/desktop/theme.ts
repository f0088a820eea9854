/** Menus, dialogs and the window's ground in the theme that was chosen, from before the first window on. */
import type { THEME_CHOICES } from '../../../preload/contract-settings.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import type { ElectronParts } from './electron-parts.ts';

/** Follows the setting. */
export function followTheme(
  nativeTheme: Pick<ElectronParts['nativeTheme'], 'themeSource'>,
  workbench: Pick<Workbench, 'subscribe'>,
  theme: (typeof THEME_CHOICES)[number],
): void {
  nativeTheme.themeSource = theme;
  workbench.subscribe((event) => {
    if (event.name !== 'settings.changed') return;
    const next = event.payload.settings.appearance.theme;
    if (nativeTheme.themeSource !== next) nativeTheme.themeSource = next;
  });
}
