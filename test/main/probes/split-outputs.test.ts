import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS, detectFormat } from '../../../main/probes/formats.ts';
import { splitOutputs } from '../../../main/probes/split-outputs.ts';
import {
  LINUX_SYSCTL,
  MACOS_SYSCTL,
  WINDOWS_DYNAMIC_PORTS,
  WINDOWS_EXCLUDED_PORTS,
  linuxSs,
  macosNetstat,
  windowsNetstat,
} from '../../support/dumps.ts';
import { readSharedFixture } from '../../support/fixtures.ts';

const PROBES = resolve(import.meta.dirname, '../../../main/probes');
const PROC =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n' +
  '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0\n';

const sections = (text: string) =>
  splitOutputs(text).map(({ firstLine, format }) => `${firstLine} ${format?.id ?? '-'}`);

describe('the formats', () => {
  it('are all that any parser exports', () => {
    const files = readdirSync(PROBES, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const listing = readFileSync(resolve(PROBES, 'formats.ts'), 'utf8');
    const exported = files.flatMap((name) =>
      [...readFileSync(resolve(PROBES, name), 'utf8').matchAll(/^export const (\w+): OutputFormat\b/gm)].map(
        (match) => match[1] ?? '',
      ),
    );
    expect(exported.filter((name) => !listing.includes(`  ${name},`))).toEqual([]);
    expect(FORMATS).toHaveLength(exported.length);
  });

  it('take nothing that is none of them', () => {
    for (const text of ['', '\n', 'hello', '{}', '<html>', '1 2 3', 'a: b\n', '\0\0'])
      expect(detectFormat(text)).toBeNull();
  });

  it('never throw, and score between 0 and 1', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (head) => {
        for (const format of FORMATS) {
          const score = format.recognises(head);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('parting a text into outputs', () => {
  it.each([
    { name: 'a list alone', text: linuxSs(2), found: ['1 ss'] },
    {
      name: 'a list and settings, no line between',
      text: linuxSs(2) + LINUX_SYSCTL,
      found: ['1 ss', '5 sysctl'],
    },
    { name: 'settings first', text: LINUX_SYSCTL + linuxSs(2), found: ['1 sysctl', '7 ss'] },
    {
      name: 'kernel files one after the other',
      text: PROC + PROC + linuxSs(1),
      found: ['1 proc-net-tcp', '5 ss'],
    },
    { name: 'macOS', text: macosNetstat(50_000, 2) + MACOS_SYSCTL, found: ['1 bsd-netstat', '6 sysctl'] },
    {
      name: 'Windows, parted by blank lines',
      text: windowsNetstat(1, 0) + WINDOWS_DYNAMIC_PORTS + WINDOWS_EXCLUDED_PORTS,
      // The blank line above each belongs to what stands above it.
      found: ['2 windows-netstat', '11 windows-dynamic-ports', '17 windows-excluded-ports'],
    },
    {
      name: 'prompts of Unix',
      text: `$ ss -tan\n${linuxSs(1)}[root@db ~]# sysctl -a\n${LINUX_SYSCTL}user@web:/tmp$ ss -tan\n${linuxSs(1)}`,
      found: ['1 ss', '5 sysctl', '12 ss'],
    },
    {
      name: 'prompts of Windows and the banner above the first',
      text:
        `Microsoft Windows [Version 10.0.19044.1766]\r\n(c) Microsoft\r\n\r\nC:\\Users\\a>netstat -ano\r\n${windowsNetstat(0, 1)}` +
        `\r\nPS C:\\> netsh int ipv4 show dynamicport tcp\r\n${WINDOWS_DYNAMIC_PORTS}`,
      found: ['1 windows-netstat', '15 windows-dynamic-ports'],
    },
    { name: 'words around it', text: `Hello,\n\n${linuxSs(1)}\nBye\n`, found: ['1 ss'] },
    { name: 'nothing', text: 'Hello\n', found: ['1 -'] },
    { name: 'no text', text: '\n\n', found: [] },
  ])('finds $name', ({ text, found }) => {
    expect(sections(text)).toEqual(found);
  });

  it('loses no line of what it finds, in order', () => {
    const parts = [linuxSs(2), LINUX_SYSCTL, windowsNetstat(1, 1), PROC, 'words\n', '$ ss -tan\n', '\n'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts)), (list) => {
        const text = list.join('');
        const lines = text.split('\n').filter((line) => line.trim() !== '');
        const kept = splitOutputs(text)
          .flatMap((section) => section.text.split('\n'))
          .filter((line) => line.trim() !== '');
        expect(kept).toEqual(lines);
        const all = text.split('\n');
        for (const section of splitOutputs(text)) {
          expect(all[section.firstLine - 1]).toBe(section.text.split('\n')[0]);
        }
      }),
    );
  });

  it('stays quick where every line stands between blank ones', () => {
    const text = 'no output at all\n\n'.repeat(200_000);
    expect(splitOutputs(text)).toHaveLength(1);
  });
});

/** What each shared recording is, by its name; those left out hold several things or nothing that can be read. */
const RECORDED = [
  ['freebsd-netstat-an-10.1.txt', 'bsd-netstat'],
  ['freebsd-sockstat-4l.txt', 'sockstat'],
  ['freebsd-sysctl-12.txt', 'sysctl'],
  ['linux-lsof-F.txt', 'lsof-fields'],
  ['linux-lsof-nP-iTCP.txt', 'lsof'],
  ['linux-netstat-nao-zh-CN.txt', 'netstat'],
  ['linux-netstat-nonroot-en-de-fr.txt', 'netstat'],
  ['linux-netstat-tanpo-pt_BR.txt', 'netstat'],
  ['linux-netstat-tunlp-busybox-alpine312.txt', 'netstat'],
  ['linux-proc-net-snmp-old.txt', 'proc-snmp'],
  ['linux-proc-net-tcp-5x.txt', 'proc-net-tcp'],
  ['linux-proc-net-tcp6-6.18.txt', 'proc-net-tcp'],
  ['linux-ss-s-old-kernel-leak.txt', 'ss-summary'],
  ['linux-ss-tanpoie-6.1.txt', 'ss'],
  ['linux-ss-tno-state-timewait-6.1.txt', 'ss'],
  ['linux-ss-tulpen-cgroup-debian.txt', 'ss'],
  ['linux-sysctl-6.18-with-errors.txt', 'sysctl'],
  ['macos-lsof-i-n-P.txt', 'lsof'],
  ['macos-netstat-Abn-osx1014.txt', 'bsd-netstat'],
  ['macos-netstat-anv-tcp-26.4.txt', 'bsd-netstat'],
  ['macos-sysctl-osx1014.txt', 'sysctl'],
  ['win-netsh-dynamicport-en.txt', 'windows-dynamic-ports'],
  ['win-netsh-dynamicport-fr.txt', 'windows-dynamic-ports'],
  ['win-netsh-excluded-es.txt', 'windows-excluded-ports'],
  ['win-netsh-excluded-zh-CN.txt', 'windows-excluded-ports'],
  ['win-netstat-anb-en-winxp.txt', 'windows-netstat'],
  ['win-netstat-ano-ja.txt', 'windows-netstat'],
  ['win-netstat-anob-en-win10.txt', 'windows-netstat'],
  ['win-netstat-nabo-es-cp850.txt', 'windows-netstat'],
  ['win-netstat-ru.txt', 'windows-netstat'],
  ['win-ps-gettcp-json-ps51.txt', 'powershell-connections'],
  ['win-ps-gettcp-list.txt', 'powershell-connections'],
  ['win-ps-gettcp-table-wrapped.txt', 'powershell-connections'],
] as const;
describe('shared recordings (read in place) are one output each', () => {
  for (const [name, id] of RECORDED) {
    const fixture = readSharedFixture(name);
    it.skipIf(!fixture.found)(`${name}${fixture.found ? '' : ` (skipped: ${fixture.why})`}`, () => {
      const text = fixture.found ? new TextDecoder().decode(fixture.bytes) : '';
      expect(splitOutputs(text).map(({ format }) => format?.id)).toEqual([id]);
    });
  }
});
