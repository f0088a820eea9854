/** Typed amounts: "1,000", "16.57", "1e3", with or without their unit. */

/** The number that a text means; null when it means none. Grouping commas and spaces are allowed, and a unit after it. */
export function parseAmount(text: string, unit = ''): number | null {
  const bare = text.trim().toLowerCase();
  const suffix = unit.toLowerCase();
  const figure = (suffix !== '' && bare.endsWith(suffix) ? bare.slice(0, -suffix.length) : bare)
    .replace(/[\s\u00a0]/g, '')
    .replace(/,(?=\d{3}(\D|$))/g, '')
    .replace(/^\u2212/, '-');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/.test(figure) ? Number(figure) : null;
}

/** A number as it stands in its box: grouped from 1,000 on, all its digits kept. */
export function formatAmount(value: number): string {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 }).format(value);
}
