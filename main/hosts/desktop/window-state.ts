/** The file in which the window's places are kept. What is read back is checked: it may be old, damaged or a stranger's. */
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../storage/whole-files.ts';
import { NO_WINDOW_STATE, type WindowState } from './window-place.ts';
import { MAX_ZOOM_LEVEL, MIN_ZOOM_LEVEL } from './zoom.ts';

const coordinate = z.number().int().min(-100_000).max(100_000);
const size = z.number().int().min(100).max(100_000);
const rectangle = z.strictObject({ x: coordinate, y: coordinate, width: size, height: size });
const stateSchema = z.strictObject({
  schema: z.literal(1),
  places: z
    .array(
      z.strictObject({
        display: z.strictObject({ id: z.number(), bounds: rectangle }),
        bounds: rectangle,
        isMaximized: z.boolean(),
        isFullScreen: z.boolean(),
      }),
    )
    .max(64),
  zoomLevel: z.number().min(MIN_ZOOM_LEVEL).max(MAX_ZOOM_LEVEL).nullable(),
});

/** The kept state; nothing where there is none, or it cannot be understood. */
export function parseWindowState(text: string): WindowState {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    // Damaged: as good as none.
    return NO_WINDOW_STATE;
  }
  const parsed = stateSchema.safeParse(raw);
  return parsed.success ? { places: parsed.data.places, zoomLevel: parsed.data.zoomLevel } : NO_WINDOW_STATE;
}

export function readWindowState(file: string): WindowState {
  try {
    return parseWindowState(readFileSync(file, 'utf8'));
  } catch {
    // First start, or unreadable: the default is right for both.
    return NO_WINDOW_STATE;
  }
}

/** Keeps the state whole or not at all. Throws when the folder is not writable. */
export function writeWindowState(file: string, { places, zoomLevel }: WindowState): void {
  replaceFile(dirname(file), basename(file), JSON.stringify({ schema: 1, places, zoomLevel }));
}
