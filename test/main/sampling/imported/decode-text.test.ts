import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../../main/sampling/imported/decode-text.ts';
import { readFixtureText } from '../../../support/fixtures.ts';

const ROW = '  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1712\r\n';
const SPANISH = `\r\nConexiones activas\r\n\r\n  Proto  Dirección local          Dirección remota        Estado           PID\r\n${ROW}`;
const GERMAN = `\r\nAktive Verbindungen\r\n\r\n  Proto  Lokale Adresse         Remoteadresse          Status           PID\r\n${ROW.replace('LISTENING', 'ABHÖREN  ')}`;
const FRENCH = `\r\nConnexions actives\r\n\r\n  Proto  Adresse locale         Adresse distante       État\r\n${ROW}`;
const JAPANESE = `\r\nアクティブな接続\r\n\r\n  プロトコル  ローカル アドレス          外部アドレス        状態           PID\r\n${ROW}`;
const CHINESE = `\r\n活动连接\r\n\r\n  协议  本地地址          外部地址        状态           PID\r\n${ROW}`;
const RUSSIAN = `\r\nАктивные подключения\r\n\r\n  Имя    Локальный адрес        Внешний адрес          Состояние       PID\r\n${ROW}`;

const CASES = [
  { name: 'Spanish console', text: SPANISH, page: 'cp850', encoding: 'CP850' },
  { name: 'German console', text: GERMAN, page: 'cp850', encoding: 'CP850' },
  { name: 'German editor', text: GERMAN, page: 'cp1252', encoding: 'CP1252' },
  { name: 'French console', text: FRENCH, page: 'cp850', encoding: 'CP850' },
  { name: 'Japanese console', text: JAPANESE, page: 'cp932', encoding: 'CP932' },
  { name: 'Chinese console', text: CHINESE, page: 'cp936', encoding: 'CP936 (GBK)' },
  { name: 'Russian console', text: RUSSIAN, page: 'cp866', encoding: 'CP866' },
  { name: 'Russian editor', text: RUSSIAN, page: 'cp1251', encoding: 'CP1251' },
  { name: 'UTF-8', text: JAPANESE, page: 'utf8', encoding: 'UTF-8' },
  { name: 'UTF-16LE without a mark', text: SPANISH, page: 'utf-16le', encoding: 'UTF-16LE' },
  { name: 'UTF-16BE without a mark', text: SPANISH, page: 'utf-16be', encoding: 'UTF-16BE' },
];

describe('decoding a file', () => {
  it.each(CASES)('reads $name', ({ text, page, encoding }) => {
    expect(decodeText(iconv.encode(text, page))).toEqual({ text, encoding, isText: true });
  });

  it('reads UTF-16LE as PowerShell redirects it, mark first, and takes the mark away', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), iconv.encode(JAPANESE, 'utf-16le')]);
    expect(decodeText(bytes)).toEqual({ text: JAPANESE, encoding: 'UTF-16LE', isText: true });
    const marked = decodeText(Buffer.from(`\ufeff${SPANISH}`));
    expect(marked).toEqual({ text: SPANISH, encoding: 'UTF-8 with a byte order mark', isText: true });
  });

  it('reads UTF-8 that was cut in the middle of a character', () => {
    const bytes = Buffer.from(JAPANESE);
    for (let cut = 1; cut < 4; cut++) expect(decodeText(bytes.subarray(0, 9 - cut)).encoding).toBe('UTF-8');
  });

  it('tells a program from text, and takes escape sequences for text', () => {
    expect(decodeText(Uint8Array.from({ length: 4096 }, (_, i) => (i * 7) % 256)).isText).toBe(false);
    expect(decodeText(new Uint8Array(1000)).isText).toBe(false);
    expect(decodeText(Buffer.from(`\u001b[1m${ROW}\u001b[0m`)).isText).toBe(true);
    expect(decodeText(new Uint8Array())).toEqual({ text: '', encoding: 'UTF-8', isText: true });
  });

  it('leaves plain ASCII as it is', () => {
    const text = readFixtureText('linux/proc-net-tcp/6.18/stdout');
    expect(decodeText(Buffer.from(text))).toEqual({ text, encoding: 'UTF-8', isText: true });
  });

  it('never throws, and gives a text for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(typeof decodeText(bytes).text).toBe('string');
      }),
    );
  });
});
