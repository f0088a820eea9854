/** The contract's calls and events of a window of its own: its menu, files opened with it, what runs in it. */
import { z } from 'zod';
import { emptyArgs, nullable, text } from './contract-atoms.ts';
import { importReportSchema, MAX_IMPORT_FILES } from './contract-import.ts';

/** What an item of the application menu asks of the page; each does the same as the page's own key or button. */
export const MENU_ACTIONS = [
  'import.paste',
  'report.save',
  'settings',
  'go.headroom',
  'go.sockets',
  'go.trends',
  'go.fix',
  'go.what-if',
  'go.evidence',
  'palette',
  'sampling.pause',
  'theme.system',
  'theme.dark',
  'theme.light',
  'shortcuts',
  'about',
] as const;
export type MenuAction = (typeof MENU_ACTIONS)[number];

/** Where a notification leads. */
export const NAVIGATION_TARGETS = [
  'headroom',
  'sockets',
  'trends',
  'fix',
  'what-if',
  'evidence',
  'settings',
] as const;

export const aboutSchema = z.strictObject({
  version: text,
  /** What it runs on, in the order to show: "Electron", "45.4.1". */
  parts: z.array(z.strictObject({ name: text, version: text })),
});
export type AboutInfo = z.infer<typeof aboutSchema>;

export const backgroundStateSchema = z.strictObject({
  /** Whether the watch can go on without a window here. */
  isPossible: z.boolean(),
  /** Why not, and what would help; null where it is possible. */
  sentence: nullable(text),
});
export type BackgroundState = z.infer<typeof backgroundStateSchema>;

export const DESKTOP_CALLS = {
  'about.get': { args: emptyArgs, result: aboutSchema },
  /** Whether closing the window can leave the watch in the tray. */
  'background.get': { args: emptyArgs, result: backgroundStateSchema },
} as const;

export const DESKTOP_EVENTS = {
  'menu.chosen': z.strictObject({ action: z.enum(MENU_ACTIONS) }),
  'navigate.requested': z.strictObject({ to: z.enum(NAVIGATION_TARGETS), poolKey: nullable(text) }),
  /** Files opened with Fourtuple rather than dropped on it: how reading them went. */
  'file.opened': z.strictObject({
    names: z.array(text).max(MAX_IMPORT_FILES),
    /** To read it again as another system, with import.finish; null when nothing could be read. */
    importId: nullable(text),
    report: nullable(importReportSchema),
    /** Why nothing was read; null when there is a report. */
    sentence: nullable(text),
  }),
} as const;
