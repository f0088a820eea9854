/** Where the window stood, kept between starts. What is read back is checked: the file may be old, damaged or of another screen. */
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../storage/whole-files.ts';

export interface WindowBounds {
  width: number;
  height: number;
  /** Absent: the system places the window. */
  x?: number;
  y?: number;
}

export interface WindowState {
  bounds: WindowBounds;
  isMaximized: boolean;
}

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const DEFAULT_WINDOW_STATE: WindowState = { bounds: { width: 1440, height: 900 }, isMaximized: false };

/** So much of the window's top must be on a screen that it can be seen and dragged. */
const MIN_VISIBLE_PX = 120;

const coordinate = z.number().int().min(-100_000).max(100_000);
const size = z.number().int().min(200).max(100_000);
const stateSchema = z.strictObject({
  bounds: z.strictObject({ x: coordinate, y: coordinate, width: size, height: size }),
  isMaximized: z.boolean(),
});

/** The kept state, or the default when there is none, it is damaged, or it lies on no present screen. */
export function parseWindowState(text: string, screens: readonly Rectangle[]): WindowState {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    // Damaged: as good as none.
    return DEFAULT_WINDOW_STATE;
  }
  const parsed = stateSchema.safeParse(raw);
  if (!parsed.success || !screens.some((screen) => isReachable(parsed.data.bounds, screen)))
    return DEFAULT_WINDOW_STATE;
  return parsed.data;
}

export function readWindowState(file: string, screens: readonly Rectangle[]): WindowState {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // First start, or unreadable: the default is right for both.
    return DEFAULT_WINDOW_STATE;
  }
  return parseWindowState(text, screens);
}

/** Keeps the state; written beside and renamed, so that a crash leaves the old one. Throws when the folder is not writable. */
export function writeWindowState(file: string, state: { bounds: Rectangle; isMaximized: boolean }): void {
  const { x, y, width, height } = state.bounds;
  const text = JSON.stringify({ bounds: { x, y, width, height }, isMaximized: state.isMaximized });
  replaceFile(dirname(file), basename(file), text);
}

function isReachable(bounds: Rectangle, screen: Rectangle): boolean {
  const visibleWidth =
    Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x);
  const isTopInside = bounds.y >= screen.y && bounds.y < screen.y + screen.height - MIN_VISIBLE_PX;
  return visibleWidth >= MIN_VISIBLE_PX && isTopInside;
}
