/** `nativeTheme`: what the system prefers and what the app chose; the pages follow. */
import type * as Electron from 'electron';
import { display, startOptions } from './display-line.ts';
import { ModelledEmitter } from './modelled.ts';

type Modelled = Pick<
  Electron.NativeTheme,
  'themeSource' | 'shouldUseDarkColors' | 'shouldUseHighContrastColors' | 'prefersReducedTransparency'
>;

class StandInTheme extends ModelledEmitter implements Modelled {
  readonly shouldUseHighContrastColors = false;
  readonly prefersReducedTransparency = false;
  #source: Electron.NativeTheme['themeSource'] = 'system';
  #system = startOptions.systemTheme;

  constructor() {
    super('electron.nativeTheme');
  }

  get themeSource(): Electron.NativeTheme['themeSource'] {
    return this.#source;
  }

  set themeSource(source: Electron.NativeTheme['themeSource']) {
    if (!['system', 'light', 'dark'].includes(source))
      throw new TypeError(`Error processing argument: ${source}`);
    if (source === this.#source) return;
    this.#source = source;
    this.#tell();
  }

  get shouldUseDarkColors(): boolean {
    return (this.#source === 'system' ? this.#system : this.#source) === 'dark';
  }

  /** By the test. */
  changeSystem(theme: 'light' | 'dark'): void {
    this.#system = theme;
    this.#tell();
  }

  #tell(): void {
    display.tell('theme.change', { colorScheme: this.shouldUseDarkColors ? 'dark' : 'light' });
    this.emit('updated');
  }
}

export const nativeTheme = new StandInTheme();
