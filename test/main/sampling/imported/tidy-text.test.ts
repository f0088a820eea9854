import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { readFiles } from '../../../../main/sampling/imported/read-files.ts';
import { fromQuotedPrintable, tidyText } from '../../../../main/sampling/imported/tidy-text.ts';
import {
  NO_SLICES,
  fileOf,
  linuxSs,
  macosNetstat,
  openFiles,
  windowsNetstat,
} from '../../../support/dumps.ts';

/** What may stand around or in an output on its way here. */
const WAYS: readonly [string, (text: string) => string][] = [
  ['carriage returns alone', (text) => text.replace(/\r?\n/g, '\r')],
  ['two carriage returns a line', (text) => text.replace(/\r?\n/g, '\r\r\n')],
  ['no-break spaces', (text) => text.replaceAll(' ', '\u00a0')],
  ['every second space a no-break one', (text) => text.replaceAll('  ', ' \u00a0')],
  ['a quoted mail', (text) => text.replace(/^/gm, '> ')],
  ['a mail quoted twice', (text) => text.replace(/^/gm, '>> ')],
  ['colours of grep', (text) => text.replace(/TIME.WAIT/g, '\u001b[01;31m\u001b[K$&\u001b[m\u001b[K')],
  ['a coloured prompt', (text) => `\u001b]0;u@web-3: ~\u0007\u001b[01;32mu@web-3\u001b[00m:~$ ss\n${text}`],
  ['a prompt below', (text) => `${text}\u001b[01;32mu@web-3\u001b[00m:\u001b[01;34m~\u001b[00m$ `],
  ['a zero-width space first', (text) => `\u200b${text}`],
  ['quoted-printable', quotedPrintable],
];
const DUMPS: readonly [string, string][] = [
  ['ss', linuxSs(50)],
  ['netstat of Windows', windowsNetstat(50, 5)],
  ['netstat of macOS', macosNetstat(50_000, 50)],
];

/** RFC 2045, 6.7: "=" before a line that goes on, after at most 75 characters; a space before a line's end is "=20". */
function quotedPrintable(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.replaceAll('=', '=3D').replace(/ $/, '=20'))
    .map((line) => line.replace(/.{75}(?=.)/g, '$&=\n'))
    .join('\n');
}

describe('an output that came by mail, by a web page or from a terminal', () => {
  it.each(DUMPS)('%s reads as if it had come straight', async (_name, text) => {
    const straight = await readFiles([fileOf('a', text)], NO_SLICES);
    if (!straight.ok) throw new Error('unread');
    const { sockets, problemCount } = straight.value.files[0] ?? {};
    for (const [way, change] of WAYS) {
      const reading = await readFiles([fileOf('a', change(text))], NO_SLICES);
      if (!reading.ok) throw new Error('unread');
      expect([way, reading.value.files[0]]).toMatchObject([way, { sockets, problemCount }]);
      expect([...reading.value.table.state.subarray(0, 50)]).toEqual([
        ...straight.value.table.state.subarray(0, 50),
      ]);
    }
  });

  it('keeps lines, columns, and what only looks like an escape', () => {
    expect(tidyText('a\u00a0b\r\nc  d\u001b[1mX\u001b[0m\n')).toBe('a b\r\nc  dX\n');
    expect(tidyText('users:(("\u001b[",pid=7,fd=3))\n')).toBe('users:(("\u001b[",pid=7,fd=3))\n');
    expect(tidyText('one\nname with\ra return\ntwo\n')).toBe('one\nname with\ra return\ntwo\n');
  });

  it('takes no "=" of settings for quoted-printable', () => {
    const text = 'net.ipv4.ip_local_reserved_ports =\n'.repeat(10);
    expect(fromQuotedPrintable(Buffer.from(text))).toBeNull();
  });

  it('is linear in what never ends', () => {
    for (const piece of [
      '\u001b]',
      '\u001b[1;',
      '\u001b',
      '>',
      ' >',
      '\r',
      '\u200b',
      '=3',
      '\u001b]0;x\u001b[',
    ]) {
      const started = performance.now();
      tidyText(piece.repeat(300_000));
      fromQuotedPrintable(Buffer.from(piece.repeat(300_000)));
      expect(performance.now() - started, JSON.stringify(piece)).toBeLessThan(3000);
    }
  });
});

describe('a list that is not the whole one', () => {
  it('says so where the heading was filtered away', async () => {
    const filtered = windowsNetstat(50, 5).replace(/^[^\n]*(?:Active|Proto)[^\n]*\n/gm, '');
    const { sampler } = await openFiles([fileOf('findstr.txt', filtered.trimStart())]);
    const summary = sampler?.last?.summary;
    expect(summary?.degradations.map(({ code }) => code)).toContain('import:no-heading');
    expect(summary?.verdict).toMatchObject({ level: 'ok', confidence: 'low' });
    const whole = await openFiles([fileOf('netstat.txt', windowsNetstat(50, 5))]);
    expect(whole.sampler?.last?.summary.degradations.map(({ code }) => code)).not.toContain(
      'import:no-heading',
    );
  });

  it('gives no verdict for a heading without a socket', async () => {
    const { sampler } = await openFiles([
      fileOf('ss.txt', linuxSs(0).split('\n').slice(0, 1).join('\n') + '\n'),
    ]);
    expect(sampler?.last?.summary.verdict).toMatchObject({ level: 'unknown' });
    expect(sampler?.last?.summary.verdict.sentence).toContain('no socket is in the files');
  });
});
