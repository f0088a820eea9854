/** What makes a terminal one that can be typed into, and back again. */
import type { Terminal } from '@xterm/xterm';

export interface TerminalKeys {
  /** What a person typed or pasted, as the program expects it. Not to be kept (hardening F11). */
  typed(data: string): void;
  /** The terminal has another size, in characters. */
  resized(columns: number, rows: number): void;
}

type Key = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/**
 * Keys that the page keeps: Tab leaves the terminal (a person must be able to get out of it), Escape is the page's way
 * to stop, and copying and pasting are the browser's. Everything else goes to the program, Ctrl C without a selection
 * included.
 */
export function staysWithPage({ key, altKey, ctrlKey, metaKey }: Key, hasSelection: boolean): boolean {
  if (altKey) return false;
  if (key === 'Tab' || key === 'Escape') return !ctrlKey && !metaKey;
  const isChord = ctrlKey || metaKey;
  const letter = key.toLowerCase();
  return isChord && (letter === 'v' || (letter === 'c' && hasSelection));
}

/** Turns typing on and off; `keys` hears it while it is on, and the size from now on. Nothing but a person makes it speak: see makeReadOnly. */
export function makeTyping(terminal: Terminal, keys: TerminalKeys): { set(isOn: boolean): void } {
  terminal.attachCustomKeyEventHandler((event) => !staysWithPage(event, terminal.hasSelection()));
  terminal.onData((data) => keys.typed(data));
  terminal.onResize(({ cols, rows }) => keys.resized(cols, rows));
  keys.resized(terminal.cols, terminal.rows);
  return {
    set(isOn) {
      terminal.options.disableStdin = !isOn;
      terminal.options.cursorInactiveStyle = isOn ? 'outline' : 'none';
    },
  };
}
