import { onScopeDispose } from 'vue';

/** A key or a two-key sequence ("g h"), or a chord ("mod+k"; mod is Ctrl, Cmd on macOS) and what it does. */
export type Hotkeys = Record<string, (event: KeyboardEvent) => void>;

/** How long the second key of a sequence may take. */
const SEQUENCE_MS = 1200;

/**
 * Page-wide keys. Plain keys work only while no text field is being typed in and no dialog is open; Space only while no
 * control has focus, because there it presses the control. Chords work always. Ends with the scope.
 */
export function useHotkeys(hotkeys: Hotkeys): void {
  let pending: { key: string; atMs: number } | null = null;

  function handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const name = keyName(event);
    if (isChord(event)) return run(`mod+${name}`, event);
    if (event.altKey || isBusy(event.target, name)) return;
    const sequence = pending && Date.now() - pending.atMs < SEQUENCE_MS ? `${pending.key} ${name}` : null;
    pending = null;
    if (sequence && hotkeys[sequence]) return run(sequence, event);
    if (hotkeys[name]) return run(name, event);
    if (startsSequence(name)) pending = { key: name, atMs: Date.now() };
  }
  function run(name: string, event: KeyboardEvent): void {
    const action = hotkeys[name];
    if (!action) return;
    event.preventDefault();
    action(event);
  }
  function startsSequence(name: string): boolean {
    return Object.keys(hotkeys).some((key) => key.startsWith(`${name} `));
  }

  window.addEventListener('keydown', handle);
  onScopeDispose(() => window.removeEventListener('keydown', handle));
}

function keyName(event: KeyboardEvent): string {
  return event.key === ' ' ? 'space' : event.key.toLowerCase();
}

function isChord(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey;
}

function isBusy(target: EventTarget | null, name: string): boolean {
  if (document.querySelector('[role="dialog"][data-state="open"]')) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('input:not([type="checkbox"]), textarea, select'))
    return true;
  return name === 'space' && target.matches('button, a, input, [tabindex], summary, [role="option"]');
}
