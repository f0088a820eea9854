/** From the bytes of a file to its text, whatever the machine it came from writes. */
import { Buffer, isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { bestCodePage } from './code-pages.ts';

export interface DecodedText {
  text: string;
  /** For people: "UTF-8", "UTF-16LE", "CP850". */
  encoding: string;
  /** False for what is no text in any of the encodings known here: a program, an archive. */
  isText: boolean;
}

const UTF16_SAMPLE_BYTES = 4096;
/** Rows are mostly ASCII, which in UTF-16 is every second byte zero; headings in other scripts are not. */
const UTF16_ZERO_SHARE = 0.3;
const UTF16_STRAY_SHARE = 0.05;
const BINARY_SAMPLE_CHARACTERS = 65_536;
/** Above this share of control characters it is no text. */
const BINARY_SHARE = 0.05;
/** A file that was cut may end in the middle of a character. */
const LONGEST_CUT_BYTES = 3;

/** Never throws; takes time in proportion to the size. A byte order mark does not become part of the text. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoded = decodeMarked(buffer) ?? decodeUnmarked(buffer);
  return { ...decoded, isText: !isBinary(decoded.text) };
}

type Decoded = Omit<DecodedText, 'isText'>;

function decodeMarked(buffer: Buffer): Decoded | null {
  if (buffer.length >= 3 && buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) {
    return { text: decodeUtf8(buffer.subarray(3)), encoding: 'UTF-8 with a byte order mark' };
  }
  if (buffer.length < 2) return null;
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return decodeUtf16(buffer.subarray(2), 'LE');
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return decodeUtf16(buffer.subarray(2), 'BE');
  return null;
}

function decodeUnmarked(buffer: Buffer): Decoded {
  const utf16 = utf16Order(buffer);
  if (utf16 !== null) return decodeUtf16(buffer, utf16);
  // One byte a character in memory too.
  if (isAscii(buffer)) return { text: buffer.toString('latin1'), encoding: 'UTF-8' };
  if (isUtf8(buffer)) return { text: decodeUtf8(buffer), encoding: 'UTF-8' };
  for (let cut = 1; cut <= Math.min(LONGEST_CUT_BYTES, buffer.length - 1); cut++) {
    const whole = buffer.subarray(0, -cut);
    if (isUtf8(whole) && !isAscii(whole)) return { text: decodeUtf8(buffer), encoding: 'UTF-8' };
  }
  const page = bestCodePage(buffer);
  if (page === null) return { text: decodeUtf8(buffer), encoding: 'UTF-8 with damaged characters' };
  return { text: iconv.decode(buffer, page.id), encoding: page.name };
}

/** Node's own decoder replaces what is damaged. */
function decodeUtf8(buffer: Buffer): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(buffer);
}

function decodeUtf16(buffer: Buffer, order: 'LE' | 'BE'): Decoded {
  const text = new TextDecoder(order === 'LE' ? 'utf-16le' : 'utf-16be').decode(buffer);
  return { text, encoding: `UTF-16${order}` };
}

/** Which bytes of the pairs are zero tells the order; null where there are no such pairs. */
function utf16Order(buffer: Buffer): 'LE' | 'BE' | null {
  const pairs = Math.min(buffer.length, UTF16_SAMPLE_BYTES) >> 1;
  if (pairs < 2) return null;
  let zeroFirst = 0;
  let zeroSecond = 0;
  for (let at = 0; at < pairs * 2; at += 2) {
    if (buffer[at] === 0) zeroFirst++;
    if (buffer[at + 1] === 0) zeroSecond++;
  }
  const [first, second] = [zeroFirst / pairs, zeroSecond / pairs];
  if (second >= UTF16_ZERO_SHARE && first <= UTF16_STRAY_SHARE) return 'LE';
  return first >= UTF16_ZERO_SHARE && second <= UTF16_STRAY_SHARE ? 'BE' : null;
}

/** Control characters but those that terminals and pagers leave in text. */
function isBinary(text: string): boolean {
  const length = Math.min(text.length, BINARY_SAMPLE_CHARACTERS);
  let controls = 0;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd || (code < 0x20 && !isTextControl(code))) controls++;
  }
  return controls > length * BINARY_SHARE;
}

function isTextControl(code: number): boolean {
  // Backspace, tab, line feed, form feed, carriage return, escape.
  return code === 8 || code === 9 || code === 10 || code === 12 || code === 13 || code === 27;
}
