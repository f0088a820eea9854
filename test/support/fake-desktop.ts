/** The desktop around the window as the tests see it: displays, tray, notifications, menu, dialogs, theme. */
import { EventEmitter } from 'node:events';
import type { MenuItemConstructorOptions } from 'electron';

export type MenuItem = MenuItemConstructorOptions;

/** Keeps what was shown beside the clock. */
export class FakeTray extends EventEmitter {
  /** Every icon since the last reset, oldest first. */
  static made: FakeTray[] = [];
  images: string[];
  tooltip = '';
  menu: MenuItem[] = [];
  isGone = false;

  constructor(image: { path: string }) {
    super();
    this.images = [image.path];
    FakeTray.made.push(this);
  }
  setImage(image: { path: string }): void {
    this.images.push(image.path);
  }
  setToolTip(text: string): void {
    this.tooltip = text;
  }
  setContextMenu(menu: MenuItem[]): void {
    this.menu = menu;
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  destroy(): void {
    this.isGone = true;
  }
}

export class FakeNotification extends EventEmitter {
  static made: FakeNotification[] = [];
  static isPossible = true;
  static isSupported(): boolean {
    return FakeNotification.isPossible;
  }
  readonly options: { title?: string; body?: string; urgency?: string };
  shows = 0;

  constructor(options: FakeNotification['options']) {
    super();
    this.options = options;
    FakeNotification.made.push(this);
  }
  show(): void {
    this.shows++;
  }
}

export interface FakeDisplay {
  id: number;
  bounds: { x: number; y: number; width: number; height: number };
  workArea: { x: number; y: number; width: number; height: number };
}

/** The displays there are; a test may plug others. */
export class FakeScreen extends EventEmitter {
  displays: FakeDisplay[] = [fakeDisplay(1, { x: 0, y: 0, width: 1920, height: 1080 })];

  getAllDisplays(): FakeDisplay[] {
    return this.displays;
  }
  getPrimaryDisplay(): FakeDisplay | undefined {
    return this.displays[0];
  }
  getDisplayMatching({ x, y }: { x: number; y: number }): FakeDisplay | undefined {
    const holds = ({ bounds }: FakeDisplay) =>
      x >= bounds.x && y >= bounds.y && x < bounds.x + bounds.width && y < bounds.y + bounds.height;
    return this.displays.find(holds) ?? this.displays[0];
  }
}

export function fakeDisplay(id: number, bounds: FakeDisplay['bounds']): FakeDisplay {
  return { id, bounds, workArea: bounds };
}

export class FakeTheme extends EventEmitter {
  shouldUseDarkColors = true;
  themeSource = 'system';
}

/** Files that a person chooses, addresses and folders that were opened. */
export class FakeDesktop {
  chosen: { canceled: boolean; filePaths: string[] } = { canceled: true, filePaths: [] };
  opened: string[] = [];
  shownFiles: string[] = [];
  fails = false;
}

/** Presses the item of a menu with this id. */
export function pressItem(menu: readonly MenuItem[], id: string): void {
  const item = findItem(menu, id);
  if (!item?.click) throw new Error(`no item ${id}`);
  (item.click as () => void)();
}

export function findItem(menu: readonly MenuItem[], id: string): MenuItem | null {
  for (const item of menu) {
    if (item.id === id) return item;
    const below = Array.isArray(item.submenu) ? findItem(item.submenu, id) : null;
    if (below) return below;
  }
  return null;
}
