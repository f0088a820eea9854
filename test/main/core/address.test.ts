import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress, networkMasks, parseAddress, parseNetwork } from '../../../main/core/address.ts';

describe('parseAddress', () => {
  test.each([
    ['10.0.2.7', 4, [0, 0, 0xffff, 0x0a000207], 0],
    ['255.255.255.255', 4, [0, 0, 0xffff, 0xffffffff], 0],
    ['::', 6, [0, 0, 0, 0], 0],
    ['::1', 6, [0, 0, 0, 1], 0],
    ['2001:DB8::7', 6, [0x20010db8, 0, 0, 7], 0],
    ['fe80::1%2', 6, [0xfe800000, 0, 0, 1], 2],
    ['::ffff:10.0.2.7', 4, [0, 0, 0xffff, 0x0a000207], 0],
    ['64:ff9b::192.0.2.1', 6, [0x0064ff9b, 0, 0, 0xc0000201], 0],
    ['1:2:3:4:5:6:7:8', 6, [0x10002, 0x30004, 0x50006, 0x70008], 0],
    ['1:2:3:4:5:6:7::', 6, [0x10002, 0x30004, 0x50006, 0x70000], 0],
  ])('reads %s', (text, family, words, scopeId) => {
    expect(parseAddress(text)).toEqual({ family, words, scopeId });
  });

  test.each([
    '',
    '10.0.2',
    '10.0.2.256',
    '010.0.2.7',
    '10.0.2.7 ',
    '0x7f.0.0.1',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    '::1%',
    '::1%eth0',
    '::1%0',
    'fe80::1%2%3',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '10.0.2.7%1',
    '::ffff:1.2.3.4%1',
    'fe80::1%99999999999',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  test('reads back every address it prints', () => {
    const word = fc.oneof(fc.constantFrom(0, 1, 0xffff, 0xffffffff), fc.nat(0xffffffff));
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.nat(3), (words, scopeId) => {
        const mapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
        const address = { family: mapped ? 4 : 6, words, scopeId: mapped ? 0 : scopeId } as const;
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });

  test('never throws on any string', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseNetwork(text)));
  });
});

describe('parseNetwork', () => {
  test.each([
    ['10.1.2.3/8', [0, 0, 0xffff, 0x0a000000], 8],
    ['0.0.0.0/0', [0, 0, 0xffff, 0], 0],
    ['10.0.0.1', [0, 0, 0xffff, 0x0a000001], 32],
    ['2001:db8:1::/32', [0x20010db8, 0, 0, 0], 32],
    ['::/0', [0, 0, 0, 0], 0],
    ['fe80::1/128', [0xfe800000, 0, 0, 1], 128],
    ['::ffff:10.9.9.9/104', [0, 0, 0xffff, 0x0a000000], 8],
  ])('reads %s and clears the bits after the prefix', (text, words, prefixLength) => {
    const network = parseNetwork(text);
    expect([network?.address.words, network?.prefixLength]).toEqual([words, prefixLength]);
  });

  test.each(['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/8/8', '/8', '::ffff:1.2.3.4/90'])(
    'refuses %s',
    (text) => {
      expect(parseNetwork(text)).toBeNull();
    },
  );

  test('makes masks of every length', () => {
    expect(networkMasks(4, 8)).toEqual([0xffffffff, 0xffffffff, 0xffffffff, 0xff000000]);
    expect(networkMasks(6, 33)).toEqual([0xffffffff, 0x80000000, 0, 0]);
    expect(networkMasks(6, 0)).toEqual([0, 0, 0, 0]);
  });
});
