/** Numbers as the workbench writes them: "24,168" everywhere, "10k" only on axes. Unknown is an en dash. */

/** What stands in place of a value that is not known. */
export const UNKNOWN_MARK = '–';

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A count with thousands separators; null is an en dash. */
export function formatCount(count: number | null): string {
  return count === null || !Number.isFinite(count) ? UNKNOWN_MARK : GROUPED.format(Math.round(count));
}

/** A count and its noun: "1 port", "28,232 ports". */
export function formatCountOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${Math.round(count) === 1 ? one : many}`;
}

/** An axis label: "0", "500", "10k", "2.5k", "1M". */
export function formatAxisCount(count: number): string {
  if (Math.abs(count) >= 1_000_000) return `${trimZero(count / 1_000_000)}M`;
  if (Math.abs(count) >= 1000) return `${trimZero(count / 1000)}k`;
  return trimZero(count);
}

/** A share of 0–1 as whole percent, or one decimal below ten: "91%", "4.3%", "0%"; null is an en dash. */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return UNKNOWN_MARK;
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '<0.1%';
  if (percent > 99.9 && percent < 100) return '>99.9%';
  return percent < 10 ? `${trimZero(percent)}%` : `${Math.round(percent)}%`;
}

/** A share of 0–1 with one decimal and no sign, for a headline figure: "91.0". */
export function formatPercentFigure(share: number): string {
  return (share * 100).toFixed(1);
}

/** Bytes in binary steps, without decimals below a gigabyte: "31 MB", "1.4 GB". */
export function formatBytes(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${trimZero(bytes / 1024 ** 3)} GB`;
  if (bytes >= 1024 ** 2) return `${Math.round(bytes / 1024 ** 2)} MB`;
  return `${Math.round(bytes / 1024)} KB`;
}

/** The size of a text or file, to two figures: "38 B", "4.1 KB", "118 KB", "3.4 MB". */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${Math.round(bytes)} B`;
  const [value, unit] = bytes < 1024 ** 2 ? [bytes / 1024, 'KB'] : [bytes / 1024 ** 2, 'MB'];
  return `${value < 10 ? trimZero(value) : Math.round(value)} ${unit}`;
}

function trimZero(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
