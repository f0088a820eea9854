/** What a key does to a transcript that can only be read. */
export interface ScrollCommand {
  to: 'top' | 'bottom' | null;
  pages: number;
  lines: number;
}

const STILL: ScrollCommand = { to: null, pages: 0, lines: 0 };
const KEYS = new Map<string, ScrollCommand>([
  ['ArrowUp', { ...STILL, lines: -1 }],
  ['ArrowDown', { ...STILL, lines: 1 }],
  ['PageUp', { ...STILL, pages: -1 }],
  ['PageDown', { ...STILL, pages: 1 }],
  [' ', { ...STILL, pages: 1 }],
  ['Home', { ...STILL, to: 'top' }],
  ['End', { ...STILL, to: 'bottom' }],
]);

/** The command of a key press, or null where the terminal has none for it. */
export function scrollCommand(
  event: Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey'>,
): ScrollCommand | null {
  if (event.altKey || event.ctrlKey || event.metaKey) return null;
  return KEYS.get(event.key) ?? null;
}
