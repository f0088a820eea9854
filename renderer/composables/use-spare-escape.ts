import { onScopeDispose } from 'vue';

/**
 * Escape that nobody else on the page has a use for: not in a field, a dialog or a menu, and not where a screen took it.
 * Ends with the scope.
 */
export function useSpareEscape(act: () => void): void {
  function handle(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.isComposing || isTaken(event.target)) return;
    // After all who listen: screens listen later than the shell does.
    setTimeout(() => event.defaultPrevented || act(), 0);
  }
  window.addEventListener('keydown', handle);
  onScopeDispose(() => window.removeEventListener('keydown', handle));
}

function isTaken(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"][data-state="open"], [role="menu"]')) return true;
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
