import { effectScope, type EffectScope } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useHotkeys } from '../../../renderer/composables/use-hotkeys.ts';
import { useMapCursor } from '../../../renderer/composables/use-map-cursor.ts';

let scope: EffectScope;
beforeEach(() => void (scope = effectScope()));
afterEach(() => {
  scope.stop();
  document.body.replaceChildren();
});

function press(key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body): void {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));
}
function add(html: { tag: string; role?: string; state?: string }): HTMLElement {
  const element = document.createElement(html.tag);
  if (html.role) element.setAttribute('role', html.role);
  if (html.state) element.dataset.state = html.state;
  document.body.append(element);
  return element;
}

describe('hotkeys', () => {
  it('hears a sequence, and not its second key alone', () => {
    const go = vi.fn();
    scope.run(() => useHotkeys({ 'g s': go }));
    press('s');
    expect(go).not.toHaveBeenCalled();
    press('g');
    press('s');
    expect(go).toHaveBeenCalledOnce();
  });
  it('leaves Space to a control that has focus, and hears the chord everywhere', () => {
    const pause = vi.fn();
    scope.run(() => useHotkeys({ space: pause, 'mod+.': pause }));
    press(' ', {}, add({ tag: 'button' }));
    press(' ', {}, add({ tag: 'input' }));
    expect(pause).not.toHaveBeenCalled();
    press(' ');
    press('.', { ctrlKey: true }, add({ tag: 'input' }));
    expect(pause).toHaveBeenCalledTimes(2);
  });
  it('hears keys while a box to tick has focus, but for Space, which ticks it', () => {
    const act = vi.fn();
    scope.run(() => useHotkeys({ 'g h': act, space: act }));
    const box = add({ tag: 'input' });
    box.setAttribute('type', 'checkbox');
    press(' ', {}, box);
    expect(act).not.toHaveBeenCalled();
    press('g', {}, box);
    press('h', {}, box);
    expect(act).toHaveBeenCalledOnce();
  });
  it('is silent while a dialog is open and after its scope ended', () => {
    const list = vi.fn();
    scope.run(() => useHotkeys({ '?': list }));
    const dialog = add({ tag: 'div', role: 'dialog', state: 'open' });
    press('?');
    dialog.remove();
    press('?');
    scope.stop();
    press('?');
    expect(list).toHaveBeenCalledOnce();
  });
});

describe('the cursor of the port map', () => {
  const cursor = () =>
    useMapCursor({
      columns: () => 256,
      range: () => ({ first: 32_768, last: 60_999 }),
      looksAlike: (a, b) => a < 40_000 === b < 40_000,
      restingPort: () => 50_314,
    });
  const key = (name: string, shiftKey = false) => new KeyboardEvent('keydown', { key: name, shiftKey });

  it.each([
    ['ArrowRight', false, 50_315],
    ['ArrowLeft', true, 50_298],
    ['ArrowUp', false, 50_058],
    ['ArrowDown', false, 50_570],
    ['Home', false, 32_768],
    ['End', false, 60_999],
  ])('moves by %s (shift %s)', (name, shift, port) => {
    const at = cursor();
    expect(at.isResting.value).toBe(true);
    expect(at.handleKey(key(name, shift))).toBe(true);
    expect(at.port.value).toBe(port);
  });
  it('goes on to the next change of state, and back to rest with Escape', () => {
    const at = cursor();
    at.handleKey(key('Home'));
    at.handleKey(key('n'));
    expect(at.port.value).toBe(40_000);
    at.handleKey(key('Escape'));
    expect(at.port.value).toBe(50_314);
  });
  it('stays inside the map and leaves other keys alone', () => {
    const at = cursor();
    at.handleKey(key('End'));
    for (let step = 0; step < 40; step++) at.handleKey(key('ArrowDown'));
    expect(at.port.value).toBe(65_535);
    expect(at.handleKey(key('x'))).toBe(false);
  });
});
