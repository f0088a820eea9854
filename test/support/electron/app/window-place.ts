/** Where a window is and how large: between its smallest size and its display, normal, maximised or full screen. */
import type * as Electron from 'electron';
import { displayMatching } from './screen.ts';

const DEFAULT_SIZE = { width: 800, height: 600 };

export class WindowPlace {
  normal: Electron.Rectangle;
  minimum: Electron.Size;
  isMaximized = false;
  isFullScreen = false;
  readonly #emit: (name: string) => void;
  readonly #resized: () => void;

  constructor(
    options: Electron.BrowserWindowConstructorOptions,
    emit: (name: string) => void,
    resized: () => void,
  ) {
    this.#emit = emit;
    this.#resized = resized;
    this.minimum = { width: options.minWidth ?? 0, height: options.minHeight ?? 0 };
    const size = this.#atLeast({
      ...DEFAULT_SIZE,
      ...defined({ width: options.width, height: options.height }),
    });
    const { workArea } = displayMatching({ x: options.x ?? 0, y: options.y ?? 0, ...size });
    this.normal = {
      // Centred where no place is asked for.
      x: options.x ?? Math.round(workArea.x + (workArea.width - size.width) / 2),
      y: options.y ?? Math.round(workArea.y + (workArea.height - size.height) / 2),
      ...size,
    };
    this.isFullScreen = options.fullscreen === true;
  }

  get bounds(): Electron.Rectangle {
    const screen = displayMatching(this.normal);
    if (this.isFullScreen) return screen.bounds;
    return this.isMaximized ? screen.workArea : this.normal;
  }

  maximize(): void {
    if (this.isMaximized) return;
    this.isMaximized = true;
    this.#emit('maximize');
    this.#changed();
  }

  unmaximize(): void {
    if (!this.isMaximized) return;
    this.isMaximized = false;
    this.#emit('unmaximize');
    this.#changed();
  }

  setFullScreen(flag: boolean): void {
    if (this.isFullScreen === flag) return;
    this.isFullScreen = flag;
    this.#emit(flag ? 'enter-full-screen' : 'leave-full-screen');
    this.#changed();
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    const before = this.normal;
    this.normal = { ...before, ...defined(bounds) };
    Object.assign(this.normal, this.#atLeast(this.normal));
    this.isMaximized = false;
    if (this.normal.x !== before.x || this.normal.y !== before.y) {
      this.#emit('move');
      this.#emit('moved');
    }
    if (this.normal.width !== before.width || this.normal.height !== before.height) this.#changed();
  }

  setMinimum(size: Electron.Size): void {
    this.minimum = size;
  }

  #changed(): void {
    this.#resized();
    this.#emit('resize');
    this.#emit('resized');
  }

  #atLeast({ width, height }: Electron.Size): Electron.Size {
    return { width: Math.max(width, this.minimum.width), height: Math.max(height, this.minimum.height) };
  }
}

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
