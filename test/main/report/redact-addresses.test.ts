import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../../main/core/address.ts';
import { Pseudonyms } from '../../../main/report/pseudonyms.ts';
import { findAddresses, replaceAddresses } from '../../../main/report/redact-addresses.ts';

/** As a report does it: what stands anywhere in `knownFrom` is known. */
function redact(text: string, knownFrom = text): string {
  const known = new Set<string>();
  findAddresses(knownFrom, known);
  const pseudonyms = new Pseudonyms();
  const marked = replaceAddresses(text, known, (kind, identity) => pseudonyms.of(kind, identity));
  return pseudonyms.reveal(marked);
}

describe('addresses in the notations of tools', () => {
  test.each([
    ['ss', 'ESTAB 0 0 10.0.2.7:50314 10.0.3.12:443', 'ESTAB 0 0 [address-1]:50314 [address-2]:443'],
    ['ss, IPv6', '[2001:db8::1]:40112 [2001:DB8:0:0::1]:443', '[[address-1]]:40112 [[address-1]]:443'],
    ['a scope', '[fe80::1%eth0]:546 fe80::1%2', '[[address-1]%eth0]:546 [address-1]%2'],
    ['ss, a scope behind brackets', '[fe80::1]%eth0:546', '[[address-1]]%eth0:546'],
    ['mapped', '::ffff:10.0.2.7 ::FFFF:a00:207 10.0.2.7', '[address-1] [address-1] [address-1]'],
    ['BSD', '10.0.2.7.50314 2001:db8::1.443', '[address-1].50314 [address-2].443'],
    ['net-tools', 'tcp6 0 0 fe80::aaaa:1:443 :::*', 'tcp6 0 0 [address-1] :::*'],
    [
      '/proc/net/tcp',
      '0: 0702000A:C48A 0C03000A:01BB 06 00000000:00000000',
      '0: [address-1]:C48A [address-2]:01BB 06 00000000:00000000',
    ],
    ['/proc/net/tcp and decimal', '0702000A:C48A is 10.0.2.7', '[address-1]:C48A is [address-1]'],
    ['/proc/net/tcp6', 'B80D0120000000000000000001000000:9CB0 2001:db8::1', '[address-1]:9CB0 [address-1]'],
    [
      'mapped in /proc/net/tcp6',
      '0000000000000000FFFF00000702000A:9CB0 10.0.2.7',
      '[address-1]:9CB0 [address-1]',
    ],
    ['/proc/net/route', 'eth0 0702000A 10.0.2.7', 'eth0 [address-1] [address-1]'],
    ['network order', '0x0a000207 10.0.2.7', '0x[address-1] [address-1]'],
    ['if_inet6', '20010db8000000000000000000000001 02 40 00 80', '[address-1] 02 40 00 80'],
    ['reverse lookup', '7.2.0.10.in-addr.arpa 10.0.2.7', '[address-1].in-addr.arpa [address-1]'],
    [
      'reverse lookup, IPv6',
      '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa 2001:db8::1',
      '[address-1].ip6.arpa [address-1]',
    ],
    ['a cloud’s host name', 'ip-10-0-2-7.ec2.internal 10.0.2.7', 'ip-[address-1].ec2.internal [address-1]'],
    ['a prefix', '10.0.2.0/24 via 10.0.2.1', '[address-1]/24 via [address-2]'],
    ['a word before', 'addr:2001:db8::1 src=10.0.2.7', 'addr:[address-1] src=[address-2]'],
    [
      'the end of a sentence',
      'It goes to 2001:db8::1. And to 10.0.2.7.',
      'It goes to [address-1]. And to [address-2].',
    ],
    ['cut off by a tool', '2001:db8:aaaa:bbbb:cc', '[address-1]'],
    ['link layer', '02:42:ac:11:00:02 00-15-5D-01-02-03', '[link-1] [link-2]'],
    ['a pool key', '10.0.2.7>[2001:db8::1]:443', '[address-1]>[[address-2]]:443'],
    ['more numbers before', '1.10.0.2.7 10.0.2.7', '[address-1] [address-2]'],
    ['leading zeros', '010.000.002.007 10.0.2.7', '[address-1] [address-1]'],
  ])('are hidden: %s', (_name, text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  test.each([
    'ESTAB 127.0.0.1:8080 [::1]:8080 0.0.0.0:22 [::]:22 *:* 255.255.255.255',
    '0: 0100007F:1F90 00000000:0000 0A timer 03:000017F8',
    '00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000',
    '::ffff:127.0.0.1',
    'Linux 6.18.5, Windows 10.0.26100.4652, OpenSSL 3.0.13',
    '2026-11-20 14:32:07.123 +0100, 00:00:00, 12:34:56:78',
    'timer:(timewait,59sec,0) ino:88120 sk:2a uid:1000',
    'net.ipv4.ip_local_port_range = 32768 60999',
    'eth0 Link 00:00:00:00:00:00 ff:ff:ff:ff:ff:ff',
    'deadbeef 12345678 a 1.5.2 ratio',
  ])('stay where they are nobody’s, or no addresses: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('a port behind an IPv6 address without brackets stays where the address is known', () => {
    expect(redact('2001:db8::2:443 ESTABLISHED', '2001:db8::2 ')).toBe('[address-1]:443 ESTABLISHED');
  });
});

const octet = fc.integer({ min: 0, max: 255 });
const ipv4 = fc
  .tuple(fc.integer({ min: 1, max: 223 }), octet, octet, fc.integer({ min: 1, max: 254 }))
  .filter(([a]) => a !== 127);
const groups = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 7, maxLength: 7 })
  .map((rest) => [0x2001, ...rest]);
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/** Every way in which tools write the address. */
function spellingsOfIpv4(octets: readonly number[]): string[] {
  const dotted = octets.join('.');
  const network = octets.map((value) => hex(value, 2)).join('');
  const host = [...octets]
    .reverse()
    .map((value) => hex(value, 2))
    .join('');
  const mapped = `::ffff:${network.slice(0, 4)}:${network.slice(4)}`;
  return [
    dotted,
    `${dotted}:443`,
    `${dotted}.443`,
    `::ffff:${dotted}`,
    `[::ffff:${dotted}]:443`,
    mapped,
    mapped.toUpperCase(),
    `${host.toUpperCase()}:01BB`,
    `0000000000000000FFFF0000${host.toUpperCase()}:01BB`,
    host,
    network,
    octets.join('-'),
    `${[...octets].reverse().join('.')}.in-addr.arpa`,
  ];
}

function spellingsOfIpv6(parts: readonly number[]): string[] {
  const long = parts.map((part) => hex(part, 4)).join(':');
  const plain = parts.map((part) => part.toString(16)).join(':');
  const raw = parts.map((part) => hex(part, 4)).join('');
  const words = (raw.match(/.{8}/g) ?? [])
    .map((word) => (word.match(/../g) ?? []).reverse().join(''))
    .join('');
  const lastZero = parts.lastIndexOf(0);
  const short =
    lastZero < 0
      ? plain
      : `${parts
          .slice(0, lastZero)
          .map((part) => part.toString(16))
          .join(':')}::${parts
          .slice(lastZero + 1)
          .map((part) => part.toString(16))
          .join(':')}`;
  const nibbles = [...raw].reverse().join('.');
  return [
    long,
    long.toUpperCase(),
    plain,
    short,
    `[${plain}]:443`,
    `${plain}.443`,
    `${short}%eth0`,
    words.toUpperCase() + ':01BB',
    raw,
    `${nibbles}.ip6.arpa`,
  ];
}

/** The digits of any spelling that could be searched for, without what stands around them. */
function needles(octets: readonly number[]): RegExp[] {
  const network = octets.map((value) => hex(value, 2)).join('');
  const host = (network.match(/../g) ?? []).reverse().join('');
  const dotted = octets.join('\\.');
  return [
    new RegExp(`(?<!\\d)${dotted}(?!\\d)`),
    new RegExp(`(?<!\\d)${octets.join('-')}(?!\\d)`),
    new RegExp(`(?<!\\d)${[...octets].reverse().join('\\.')}(?!\\d)`),
    new RegExp(network, 'i'),
    new RegExp(host, 'i'),
    new RegExp(`${network.slice(0, 4)}:${network.slice(4)}`, 'i'),
  ];
}

describe('every address', () => {
  test('is hidden in every notation, each under the same name', () => {
    fc.assert(
      fc.property(ipv4, fc.constantFrom(' ', '\n', '\t', ' > ', '"', ', '), (octets, between) => {
        const shown = redact(spellingsOfIpv4(octets).join(between));
        for (const needle of needles(octets)) expect(shown).not.toMatch(needle);
        expect(new Set(shown.match(/\[address-\d+\]/g))).toEqual(new Set(['[address-1]']));
      }),
      { numRuns: 300 },
    );
  });

  test('of IPv6 is hidden in every notation', () => {
    fc.assert(
      fc.property(groups, fc.constantFrom(' ', '\n', ' > ', '"'), (parts, between) => {
        const spellings = spellingsOfIpv6(parts);
        for (const spelling of spellings.slice(0, 4)) expect(parseAddress(spelling)).not.toBeNull();
        const shown = redact(spellings.join(between));
        const rest = shown.replace(/\[address-\d+\]|443|:01BB|%eth0|ip6\.arpa/g, '');
        expect(rest).not.toMatch(/[0-9]/);
        expect(new Set(shown.match(/\[address-\d+\]/g))).toEqual(new Set(['[address-1]']));
      }),
      { numRuns: 300 },
    );
  });

  test('any text is taken, and what is hidden once stays as it is', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABF.:-[]%/ \nxz'), maxLength: 200 });
    fc.assert(
      fc.property(text, (given) => {
        const shown = redact(given);
        expect(redact(shown)).toBe(shown);
      }),
      { numRuns: 500 },
    );
  });

  test('hostile text is read in linear time', () => {
    const began = performance.now();
    for (const piece of ['a', ':', '1.', '::', 'a:', '1-', 'ff:', '0.', '00000000'])
      redact(piece.repeat(65_536 / piece.length));
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
