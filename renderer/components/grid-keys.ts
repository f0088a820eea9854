/** What a key does in the socket table. */
export type GridCommand =
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'first'
  | 'last'
  | 'left'
  | 'right'
  | 'open'
  | 'close'
  | 'only'
  | 'not'
  | 'map'
  | 'copy';

const PLAIN_KEYS = new Map<string, GridCommand>([
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
  ['PageUp', 'pageUp'],
  ['PageDown', 'pageDown'],
  ['Home', 'first'],
  ['End', 'last'],
  ['ArrowLeft', 'left'],
  ['ArrowRight', 'right'],
  ['Enter', 'open'],
  ['Escape', 'close'],
  ['f', 'only'],
  ['m', 'map'],
]);

/** The command of a key press, or null when the table has none for it. */
export function gridCommand(event: KeyboardEvent): GridCommand | null {
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey)
    return event.key.toLowerCase() === 'c' && !event.shiftKey ? 'copy' : null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.shiftKey) return key === 'f' ? 'not' : null;
  return PLAIN_KEYS.get(key) ?? null;
}
