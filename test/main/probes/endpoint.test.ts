import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  familyOfEndpoint,
  isWildcard,
  parseColonEndpoint,
  parseDotEndpoint,
} from '../../../main/probes/endpoint.ts';
import { endpointText } from '../../support/probes.ts';

describe('parseColonEndpoint', () => {
  it.each([
    ['10.0.0.1:443', '10.0.0.1:443'],
    ['[::1]:443', '[::1]:443'],
    ['::1:443', '[::1]:443'],
    [':::80', '[::]:80'],
    [':::*', '[::]:0'],
    ['*:80', '0.0.0.0:80'],
    ['*:*', '0.0.0.0:0'],
    ['127.0.0.1%lo:9001', '127.0.0.1:9001'],
    ['*%lo:80', '0.0.0.0:80'],
    ['[fe80::1%eth0]:22', '[fe80::1]:22'],
    ['[fe80::1%12]:22', '[fe80::1%12]:22'],
    ['[fe80::5eff:fe00:5301]%vethA:9100', '[fe80::5eff:fe00:5301]:9100'],
    ['[::ffff:192.0.2.10]:8443', '192.0.2.10:8443'],
    ['view-localhost:59654', '"view-localhost:59654":59654'],
    ['ec2-203-0-113-7.example:https', '"ec2-203-0-113-7.example:https":443'],
    ['192.0.2.1:some-service', '192.0.2.1:?'],
    ['2001:db8:1111:2222:33:*', '"2001:db8:1111:2222:33:*":0'],
  ])('reads %s', (text, expected) => {
    const endpoint = parseColonEndpoint(text);
    expect(endpoint && endpointText(endpoint)).toBe(expected);
  });

  it.each([
    '',
    ':',
    'a',
    '10.0.0.1',
    '10.0.0.300:80',
    '10.0.0.1:70000',
    '10.0.0.1:',
    '12:30',
    '[::1:80',
    'a b:80',
  ])('refuses %j', (text) => {
    expect(parseColonEndpoint(text)).toBeNull();
  });

  it('gives a lone star the family it is told', () => {
    expect(familyOfEndpoint(parseColonEndpoint('*:80', 6) ?? fail())).toBe(6);
    expect(familyOfEndpoint(parseColonEndpoint('*:80') ?? fail())).toBe(4);
    expect(isWildcard(parseColonEndpoint('*:80', 6) ?? fail())).toBe(true);
  });

  it('T1: refuses hidden characters where an address stands', () => {
    expect(parseColonEndpoint('fe80:::\u202e%x:80')).toBeNull();
  });
});

describe('parseDotEndpoint', () => {
  it.each([
    ['10.0.0.1.443', '10.0.0.1:443'],
    ['*.80', '[::]:80'],
    ['*.*', '[::]:0'],
    ['fe80::1%lo0.22', '[fe80::1]:22'],
    ['fe80::1%vlan0.5.22', '[fe80::1]:22'],
    ['::1.58090', '[::1]:58090'],
    ['localhost.https', '"localhost.https":443'],
    ['fe80::aede:48ff:.5', '"fe80::aede:48ff:.5":5'],
    ['2001:db8:aaaa:bbbb', '"2001:db8:aaaa:bbbb":?'],
  ])('reads %s', (text, expected) => {
    const endpoint = parseDotEndpoint(text, 6);
    expect(endpoint && endpointText(endpoint)).toBe(expected);
  });

  it.each(['', '.', '10.0.0.1', 'x', '10.0.0.1.70000'])('refuses %j', (text) => {
    expect(parseDotEndpoint(text, 4)).toBeNull();
  });
});

describe('endpoints', () => {
  it('never throw, and tell the text wherever address or port is unknown', () => {
    const piece = fc.constantFrom(
      '::',
      '1',
      '.',
      ':',
      '*',
      '%',
      '[',
      ']',
      'fe80',
      '10.0.0.1',
      'a',
      '443',
      '\u202e',
      ' ',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (value) => {
        for (const endpoint of [parseColonEndpoint(value), parseDotEndpoint(value, 6)]) {
          if (endpoint === null) continue;
          expect(endpoint.text !== null).toBe(endpoint.address === null || endpoint.port === null);
        }
      }),
    );
  });

  it.each([
    ['0.0.0.0:1', true],
    ['[::]:1', true],
    ['[::ffff:0.0.0.0]:1', true],
    ['127.0.0.1:1', false],
    ['[::1]:1', false],
    ['host:1', false],
  ])('tells whether %s is a wildcard', (text, expected) => {
    expect(isWildcard(parseColonEndpoint(text) ?? fail())).toBe(expected);
  });
});

function fail(): never {
  throw new Error('no endpoint');
}
