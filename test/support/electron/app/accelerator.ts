/** Accelerators as Electron writes them ("CommandOrControl+Shift+K"), and the keys that press them. */
import type { PressedKey } from '../wire.ts';

export interface Accelerator {
  control: boolean;
  shift: boolean;
  alt: boolean;
  meta: boolean;
  /** As a keyboard event names it: "k", "F11", ",". */
  key: string;
}

type Modifier = 'control' | 'shift' | 'alt' | 'meta';
const isMac = process.platform === 'darwin';
const MODIFIERS: Readonly<Record<string, Modifier>> = {
  command: 'meta',
  cmd: 'meta',
  control: 'control',
  ctrl: 'control',
  commandorcontrol: isMac ? 'meta' : 'control',
  cmdorctrl: isMac ? 'meta' : 'control',
  alt: 'alt',
  option: 'alt',
  altgr: 'alt',
  shift: 'shift',
  super: 'meta',
  meta: 'meta',
};
const NAMED_KEYS: Readonly<Record<string, string>> = {
  plus: '+',
  space: ' ',
  tab: 'Tab',
  backspace: 'Backspace',
  delete: 'Delete',
  insert: 'Insert',
  return: 'Enter',
  enter: 'Enter',
  up: 'ArrowUp',
  down: 'ArrowDown',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  home: 'Home',
  end: 'End',
  pageup: 'PageUp',
  pagedown: 'PageDown',
  escape: 'Escape',
  esc: 'Escape',
};

/** Throws for what Electron does not understand either. */
export function parseAccelerator(text: string): Accelerator {
  const words = text.split('+').map((word) => word.trim().toLowerCase());
  const accelerator: Accelerator = { control: false, shift: false, alt: false, meta: false, key: '' };
  for (const word of words) {
    const modifier = MODIFIERS[word];
    if (modifier) accelerator[modifier] = true;
    else if (accelerator.key !== '') throw new Error(`'${text}' is no accelerator: two keys`);
    else accelerator.key = keyOf(word, text);
  }
  if (accelerator.key === '') throw new Error(`'${text}' is no accelerator: no key`);
  return accelerator;
}

export function isPressed(accelerator: Accelerator, pressed: PressedKey): boolean {
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  // A character that itself needs the shift key is written without it.
  const shiftMatters = /^[a-z]$/.test(accelerator.key) || accelerator.key.length > 1;
  return (
    key === accelerator.key &&
    pressed.control === accelerator.control &&
    pressed.alt === accelerator.alt &&
    pressed.meta === accelerator.meta &&
    (!shiftMatters || pressed.shift === accelerator.shift)
  );
}

/** The keys that press it, for a test that presses them outside any page. */
export function keysOf({ key, ...modifiers }: Accelerator): PressedKey {
  return { key, code: '', ...modifiers };
}

function keyOf(word: string, text: string): string {
  const named = NAMED_KEYS[word];
  if (named) return named;
  if (/^f([1-9]|1\d|2[0-4])$/.test(word)) return word.toUpperCase();
  if (/^[\x21-\x7e]$/.test(word)) return word;
  throw new Error(`'${text}' is no accelerator: '${word}' is no key`);
}
