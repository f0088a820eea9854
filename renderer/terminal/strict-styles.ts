/**
 * Lets xterm.js keep to a policy without inline styles (hardening E4). xterm fills <style> elements and sets `style`
 * attributes of its spans. Here the text of each such element becomes a constructed style sheet, and the attribute is
 * written through the CSSOM: neither counts as "inline". Nothing else of the page changes.
 */

export interface StrictStyles {
  /** For xterm's `documentOverride`; apart from <style> elements it is the real document. */
  readonly document: Document;
  /** Takes every style sheet off the page again. */
  dispose(): void;
}

export function strictStyles(real: Document): StrictStyles {
  const sheets = new Set<CSSStyleSheet>();

  function adopt(element: HTMLStyleElement): void {
    const sheet = new CSSStyleSheet();
    let text = '';
    const write = (next: unknown) => {
      text = String(next ?? '');
      sheet.replaceSync(text);
    };
    write(element.textContent);
    Object.defineProperty(element, 'textContent', { get: () => text, set: write, configurable: true });
    element.remove = () => release(sheet);
    sheets.add(sheet);
    real.adoptedStyleSheets = [...real.adoptedStyleSheets, sheet];
  }
  function release(sheet: CSSStyleSheet): void {
    if (!sheets.delete(sheet)) return;
    real.adoptedStyleSheets = real.adoptedStyleSheets.filter((one) => one !== sheet);
  }
  function createElement(name: string): HTMLElement {
    const element = real.createElement(name);
    // One of the <style> elements is made by the real document, but all are appended to an element made here.
    element.appendChild = <T extends Node>(child: T): T => {
      if (!(child instanceof HTMLStyleElement))
        return Element.prototype.appendChild.call(element, child) as T;
      adopt(child);
      return child;
    };
    return element;
  }

  const document = new Proxy(real, {
    get(target, key) {
      if (key === 'createElement') return createElement;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const letGo = holdSpans();
  return {
    document,
    dispose() {
      [...sheets].forEach(release);
      letGo();
    },
  };
}

let holders = 0;

/**
 * xterm makes the spans of its rows with the page's own document, whatever it was given, so the attribute is met at their
 * prototype for as long as there is a terminal. What is written is the same: `style` by attribute or by `cssText`.
 */
function holdSpans(): () => void {
  if (holders++ === 0) HTMLSpanElement.prototype.setAttribute = setAttributeStrictly;
  let isHeld = true;
  return () => {
    if (isHeld && --holders === 0) Reflect.deleteProperty(HTMLSpanElement.prototype, 'setAttribute');
    isHeld = false;
  };
}

function setAttributeStrictly(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}
