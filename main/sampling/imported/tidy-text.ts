/** Takes off what mail programs, web pages and terminals put around an output on its way to a file or a paste. */
import { Buffer } from 'node:buffer';

/** Colours and cursor moves (CSI), titles and links (OSC), character sets; never across a line, so that it is linear. */
const ESCAPES =
  /\u001b(?:\[[0-9;:?<>=]*[A-Za-z@~]|\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|[()][0-9A-Za-z]|[=>78])/g;
/** Spaces of web pages and word processors: no-break, figure, narrow and the like; each as wide as what it stands for. */
const ODD_SPACES = /[\u00a0\u2000-\u200a\u202f\u205f]/g;
const INVISIBLE_START = /^[\u200b\ufeff]+/gm;
/** "> " and ">> " before each line of a mail that was answered. */
const QUOTES = /^ ?>(?: ?>)* ?/gm;

const LINE_FEED = 10;
const HEAD_BYTES = 65_536;
/** RFC 2045, 6.7: an encoded line has at most 76 characters, a soft line break among them. */
const SOFT_BREAK = /^.{56,75}=\r?$/gm;
const MIN_SOFT_BREAKS = 3;
const QUOTED_PRINTABLE_HEADER = /^Content-Transfer-Encoding:\s*quoted-printable\s*$/im;

/** Keeps lines and columns as they are, but for what stood before all of a line. Linear; quick where nothing is to do. */
export function tidyText(text: string): string {
  let tidy = text;
  if (tidy.includes('\u001b')) tidy = tidy.replace(ESCAPES, '');
  if (tidy.includes('\r')) tidy = endLines(tidy);
  if (tidy.includes('\u200b') || tidy.includes('\ufeff')) tidy = tidy.replace(INVISIBLE_START, '');
  if (tidy.search(ODD_SPACES) >= 0) tidy = tidy.replace(ODD_SPACES, ' ');
  const isQuoted = ['>', ' >'].some((mark) => tidy.startsWith(mark) || tidy.includes(`\n${mark}`));
  return isQuoted ? tidy.replace(QUOTES, '') : tidy;
}

/** A file of old line ends has CR alone; a copy through a terminal has CR twice. A CR within a name ends no line. */
function endLines(text: string): string {
  const whole = text.includes('\r\r\n') ? text.replace(/\r+\n/g, '\n') : text;
  let loneCount = 0;
  let lineFeedCount = 0;
  for (let at = whole.indexOf('\r'); at >= 0; at = whole.indexOf('\r', at + 1)) {
    if (whole.charCodeAt(at + 1) !== LINE_FEED) loneCount++;
  }
  if (loneCount === 0) return whole;
  for (let at = whole.indexOf('\n'); at >= 0; at = whole.indexOf('\n', at + 1)) lineFeedCount++;
  return loneCount > lineFeedCount ? whole.replace(/\r\n?/g, '\n') : whole;
}

/** The bytes behind quoted-printable (a mail saved as it came), or null when the bytes are not that. */
export function fromQuotedPrintable(bytes: Uint8Array): Buffer | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = buffer.toString('latin1', 0, HEAD_BYTES);
  const isEncoded =
    QUOTED_PRINTABLE_HEADER.test(head) || (head.match(SOFT_BREAK)?.length ?? 0) >= MIN_SOFT_BREAKS;
  if (!isEncoded) return null;
  const decoded = buffer
    .toString('latin1')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(decoded, 'latin1');
}
