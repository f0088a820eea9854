/** Bytes of a tool's output as text, as they come. Never fails: what cannot be decoded becomes U+FFFD. */
import type { Probe } from '../probes/probe.ts';

/**
 * OEM code pages that TextDecoder knows, by the language of the system: a Windows console tool prints in one of them.
 * The western ones (437, 850, 852 …) it does not know: their ASCII is right and the rest is shown as U+FFFD.
 * Source: Microsoft, "Code Page Identifiers" and the OEM code page of each locale (LOCALE_IDEFAULTCODEPAGE).
 */
const OEM_LABELS: ReadonlyMap<string, string> = new Map([
  ['ja', 'shift_jis'],
  ['ko', 'euc-kr'],
  ['th', 'windows-874'],
  ['vi', 'windows-1258'],
  ['ru', 'ibm866'],
  ['uk', 'ibm866'],
  ['be', 'ibm866'],
  ['bg', 'ibm866'],
  ['zh-TW', 'big5'],
  ['zh-HK', 'big5'],
  ['zh-MO', 'big5'],
  ['zh', 'gbk'],
]);

export interface OutputDecoder {
  decode(bytes: Uint8Array): string;
  /** What was left of a character that was cut off. */
  end(): string;
}

/** `locale` as Intl names it ("ja-JP"): for the OEM code page of Windows. */
export function openDecoder(encoding: Probe['encoding'], locale: string): OutputDecoder {
  const decoder = new TextDecoder(labelOf(encoding, locale));
  return {
    decode: (bytes) => decoder.decode(bytes, { stream: true }),
    end: () => decoder.decode(),
  };
}

function labelOf(encoding: Probe['encoding'], locale: string): string {
  if (encoding === 'utf-16le') return 'utf-16le';
  if (encoding !== 'oem') return 'utf-8';
  const [language = ''] = locale.split('-');
  return OEM_LABELS.get(locale) ?? OEM_LABELS.get(language) ?? 'utf-8';
}
