/**
 * Chromium started in the POSIX locale (LANG=C, as services and containers do) says its language is "en-US@posix", which
 * is no language tag; uPlot 1.6 hands it to Intl.NumberFormat when it is loaded and dies of a RangeError. A language that
 * Intl refuses is replaced on this page by "en-US"; a good one is left alone.
 */
export function repairNavigatorLanguage(page: Navigator): void {
  try {
    Intl.getCanonicalLocales(page.language);
  } catch {
    Object.defineProperty(page, 'language', { value: 'en-US', configurable: true });
  }
}
