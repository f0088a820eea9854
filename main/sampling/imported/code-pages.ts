/** Which of the old code pages a text is in: the one that makes known words and few oddities of it. */
import { Buffer } from 'node:buffer';
import iconv from 'iconv-lite';

export interface CodePage {
  /** As iconv-lite calls it. */
  id: string;
  name: string;
}

/** In order of preference where two make the same of the text: a Windows console first, then files of editors. */
const CONSOLE_PAGES: readonly CodePage[] = [
  { id: 'cp850', name: 'CP850' },
  { id: 'cp437', name: 'CP437' },
  { id: 'cp932', name: 'CP932' },
  { id: 'cp936', name: 'CP936 (GBK)' },
  { id: 'cp866', name: 'CP866' },
  { id: 'cp949', name: 'CP949' },
  { id: 'cp950', name: 'CP950 (Big5)' },
  { id: 'cp852', name: 'CP852' },
  { id: 'cp857', name: 'CP857' },
];
const WINDOW_PAGES: readonly CodePage[] = [
  { id: 'cp1252', name: 'CP1252' },
  { id: 'cp1251', name: 'CP1251' },
  { id: 'cp1250', name: 'CP1250' },
  { id: 'cp1254', name: 'CP1254' },
];

/** Words of headings and states, none of them pure ASCII, in the languages whose consoles print them. */
const KNOWN_WORDS: readonly string[] = [
  // German, Spanish, French, Portuguese, Italian
  ...[
    'ABHÖREN',
    'Schlüssel',
    'für',
    'dynamischer Bereich für',
    'Dirección',
    'Número',
    'dinámicos',
    'exclusión',
  ],
  ...['État', 'Numéro', 'démarrage', 'réseau', 'Endereço', 'Conexões', 'Início', 'exclusão'],
  ...['OUÇA', 'può'],
  // Japanese
  ...[
    'アクティブな接続',
    'プロトコル',
    'ローカル',
    'アドレス',
    '外部',
    '状態',
    'ポート',
    '開始',
    '終了',
    '動的',
  ],
  // Chinese, simplified and traditional
  ...[
    '活动连接',
    '协议',
    '本地地址',
    '外部地址',
    '状态',
    '端口',
    '动态',
    '使用中連線',
    '通訊協定',
    '本機位址',
    '外部位址',
    '狀態',
  ],
  // Korean
  ...['활성 연결', '프로토콜', '로컬 주소', '외부 주소', '상태', '포트'],
  // Russian, Ukrainian
  ...[
    'Активные',
    'подключения',
    'Имя',
    'Локальный',
    'адрес',
    'Внешний',
    'Состояние',
    'порт',
    'Активні',
    'Стан',
  ],
  // Polish, Czech, Hungarian, Turkish
  ...['połączenia', 'Protokół', 'připojení', 'Aktivní', 'Aktív', 'Helyi cím', 'Bağlantılar'],
];
const SAMPLE_LINES = 200;
const SAMPLE_LINE_BYTES = 500;
const WORD_SCORE = 20;
/** What stands where a code page has no character, boxes and blocks, controls, half-width kana, private use. */
const ODD = /[\ufffd\u2500-\u259f\u0080-\u009f\uff61-\uff9f\ue000-\uf8ff]/u;
const LETTER = /\p{L}/u;

/** The best page for text that is not UTF-8; null when none makes more sense of it than damaged UTF-8 would. */
export function bestCodePage(bytes: Buffer): CodePage | null {
  const sample = sampleLines(bytes);
  const pages = looksLikeWindows(bytes)
    ? [...CONSOLE_PAGES, ...WINDOW_PAGES]
    : [...WINDOW_PAGES, ...CONSOLE_PAGES];
  let best: CodePage | null = null;
  let bestScore = scoreText(sample.toString('utf8'));
  for (const page of pages) {
    const score = scoreText(iconv.decode(sample, page.id));
    if (score > bestScore) {
      best = page;
      bestScore = score;
    }
  }
  return best;
}

/** The first lines with bytes outside ASCII: no byte of a line end occurs inside a character of these pages. */
function sampleLines(bytes: Buffer): Buffer {
  const lines: Buffer[] = [];
  let at = 0;
  while (lines.length < SAMPLE_LINES) {
    at = nextHighByte(bytes, at);
    if (at < 0) break;
    const start = bytes.lastIndexOf(0x0a, at) + 1;
    const end = bytes.indexOf(0x0a, at);
    const stop = end < 0 ? bytes.length : end;
    lines.push(bytes.subarray(start, Math.min(stop, start + SAMPLE_LINE_BYTES)), Buffer.from('\n'));
    at = stop + 1;
  }
  return Buffer.concat(lines);
}

function nextHighByte(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) if ((bytes[at] ?? 0) >= 0x80) return at;
  return -1;
}

/** CRLF, or a row of Windows' netstat. */
function looksLikeWindows(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 16_384).toString('latin1');
  return head.includes('\r\n') || /^ {1,4}(?:TCP|UDP) /m.test(head);
}

function scoreText(text: string): number {
  let score = 0;
  for (const word of KNOWN_WORDS) if (text.includes(word)) score += WORD_SCORE;
  for (const character of text) {
    if (character < '\u0080') continue;
    if (ODD.test(character)) score -= 5;
    else score += LETTER.test(character) ? 1 : -1;
  }
  return score;
}
