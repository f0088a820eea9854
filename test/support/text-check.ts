/** Looks at every piece of text on a page: is it whole, and large enough to read? */
import type { Page } from 'playwright-core';

/** Texts that are cut off by their box without an ellipsis, or set smaller than `smallestPx`; one line each. */
export async function findBadText(page: Page, smallestPx = 11): Promise<string[]> {
  return page.evaluate(inspectText, smallestPx);
}

/** Runs in the page: everything it needs is inside it. */
function inspectText(smallestPx: number): string[] {
  const SLACK_PX = 1.5;
  const problems: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = (node.textContent ?? '').trim();
    const parent = node.parentElement;
    if (
      text === '' ||
      !parent ||
      !parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    )
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width < 1 || box.height < 1 || isForReadersOnly(parent)) continue;
    const size = Number.parseFloat(getComputedStyle(parent).fontSize);
    if (size < smallestPx) problems.push(`small (${size}px): "${text.slice(0, 60)}"`);
    const cut = cutBy(parent, box);
    if (cut) problems.push(`cut (${cut}): "${text.slice(0, 60)}"`);
  }
  return problems;

  /** The visually hidden texts for screen readers: one pixel large. */
  function isForReadersOnly(element: Element): boolean {
    for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
      const { width, height } = at.getBoundingClientRect();
      if (width <= 1 && height <= 1 && getComputedStyle(at).overflow !== 'visible') return true;
    }
    return false;
  }

  function cutBy(element: Element, box: DOMRect): string | null {
    for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      // What scrolls can be reached, an ellipsis says that there is more, and line-clamp has one too.
      if (/auto|scroll/.test(style.overflowX + style.overflowY)) return null;
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
      if (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') return null;
      const frame = at.getBoundingClientRect();
      // Decoration may be left out whole where there is no room for it.
      if (box.top >= frame.bottom && element.closest('[aria-hidden=true]')) return null;
      const isWide =
        style.overflowX !== 'visible' &&
        (box.right > frame.right + SLACK_PX || box.left < frame.left - SLACK_PX);
      const isTall =
        style.overflowY !== 'visible' &&
        (box.bottom > frame.bottom + SLACK_PX || box.top < frame.top - SLACK_PX);
      if (isWide || isTall)
        return `${isWide ? 'wide' : 'tall'}, in ${at.tagName.toLowerCase()}.${at.getAttribute('class') ?? ''}`;
    }
    return null;
  }
}
