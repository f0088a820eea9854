import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ipAddressFormat,
  ipRouteFormat,
  parseIpAddress,
  parseIpRoute,
} from '../../../../main/probes/linux/ip.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { factText, read } from '../../../support/probe-facts.ts';

const fixture = (path: string) => readFixtureText(`linux/${path}/stdout`);

const ADDRESSES = [
  'lo 127.0.0.1 8',
  'lo 198.51.100.7 32',
  'lo ::1 128',
  'v1 fe80::f058:74ff:fedb:6255 64',
  'v0 192.0.2.10 24',
  'v0 2001:db8::10 64',
  'v0 fe80::9cd2:ebff:fe40:933f 64',
];

describe('parseIpAddress', () => {
  it.each(['json', 'text', 'oneline', 'brief'])('reads the same addresses from the form %s', (form) => {
    const reading = read(parseIpAddress, fixture(`ip-address/${form}`));
    expect(reading).toMatchObject({
      format: 'ip-address',
      system: 'linux',
      problemCount: 0,
      truncated: false,
    });
    expect(reading.facts.map((fact) => factText(fact).replace(/^\d+: address /, ''))).toEqual(ADDRESSES);
  });

  it('tells the line of the text on which an address stands', () => {
    const facts = read(parseIpAddress, fixture('ip-address/text')).facts;
    expect(facts.map(({ line }) => line)).toEqual([3, 5, 7, 11, 15, 17, 19]);
  });

  it('names what it does not understand and keeps the rest', () => {
    const json =
      '[{"ifname":"eth0","addr_info":[{"local":"nonsense"},{"local":"192.0.2.1","prefixlen":24}]},{},{"x":1}]\n';
    const fromJson = read(parseIpAddress, json);
    expect(fromJson.facts.map(factText)).toEqual(['1: address eth0 192.0.2.1 24']);
    expect(fromJson.problems.map(({ why }) => why)).toEqual([
      'its address is not understood',
      'an interface without name or addresses',
    ]);
    const text =
      '2: eth0: <UP> mtu 1500\nwhat\n    inet 192.0.2.999/24 scope global\n    inet 192.0.2.1/24 scope global\n';
    const fromText = read(parseIpAddress, text);
    expect(fromText.facts.map(factText)).toEqual(['4: address eth0 192.0.2.1 24']);
    expect(fromText.problems.map(({ line }) => line)).toEqual([2, 3]);
  });

  it('C5: JSON that never closes was cut off', () => {
    const whole = fixture('ip-address/json');
    for (const length of [1, 40, whole.length >> 1, whole.length - 3]) {
      expect(read(parseIpAddress, whole.slice(0, length)).facts).toEqual([]);
    }
    expect(read(parseIpAddress, whole.slice(0, 40)).truncated).toBe(true);
    expect(read(parseIpAddress, '[oops]').problems).toHaveLength(1);
  });

  it('T1: the name of an interface cannot carry escapes', () => {
    const json = '[{"ifname":"eth\\u001b0","addr_info":[{"local":"192.0.2.1","prefixlen":24}]}]';
    expect(read(parseIpAddress, json).facts.map(factText)).toEqual(['1: address eth\\x1b0 192.0.2.1 24']);
  });

  it('says that an interface does not exist', () => {
    expect(read(parseIpAddress, 'Device "nope" does not exist.\n').facts).toEqual([
      { kind: 'absent', line: 1, name: 'nope', why: 'it does not exist here' },
    ]);
  });
});

describe('parseIpRoute', () => {
  const ROUTES = [
    'default via 192.0.2.1 dev v0',
    '192.0.2.0/24 dev v0 proto kernel scope link src 192.0.2.10',
    '203.0.113.0/24',
    '203.0.113.0/24 nexthop via 192.0.2.2 dev v0 weight 1',
    '203.0.113.0/24 nexthop via 192.0.2.3 dev v0 weight 1',
  ];

  it.each(['json', 'text'])('reads the same routes from the form %s', (form) => {
    const reading = read(parseIpRoute, fixture(`ip-route/${form}`));
    expect(reading.problemCount).toBe(0);
    expect(reading.facts.map((fact) => (fact.kind === 'note' ? fact.value : ''))).toEqual(ROUTES);
  });

  it('reads routes of IPv6 and the path to one destination', () => {
    expect(read(parseIpRoute, fixture('ip-route/json6')).facts).toHaveLength(3);
    expect(read(parseIpRoute, fixture('ip-route/get-json')).facts.map(factText)).toEqual([
      '1: note route 203.0.113.9 via 192.0.2.2 dev v0 src 192.0.2.10',
    ]);
    const text = read(parseIpRoute, fixture('ip-route/get-text'));
    expect(text.facts.map(factText)).toEqual([
      '1: note route 203.0.113.9 via 192.0.2.2 dev v0 src 192.0.2.10 uid 0',
    ]);
    expect(text.skipped).toEqual([{ what: 'route detail', count: 1 }]);
  });

  it('an empty table has no routes and no problem', () => {
    expect(read(parseIpRoute, '[]\n')).toMatchObject({ facts: [], problemCount: 0, truncated: false });
    expect(read(parseIpRoute, '')).toMatchObject({ facts: [], problemCount: 0, truncated: false });
  });
});

describe('the formats of ip', () => {
  it.each(['json', 'text', 'oneline', 'brief'])('addresses in the form %s are no routes', (form) => {
    const head = fixture(`ip-address/${form}`);
    expect(ipAddressFormat.recognises(head)).toBeGreaterThan(0.5);
    expect(ipRouteFormat.recognises(head)).toBe(0);
  });

  it.each(['json', 'text', 'json6', 'get-json', 'get-text'])(
    'routes in the form %s are no addresses',
    (form) => {
      const head = fixture(`ip-route/${form}`);
      expect(ipRouteFormat.recognises(head)).toBeGreaterThan(0.5);
      expect(ipAddressFormat.recognises(head)).toBe(0);
    },
  );

  it('never throw, nor do the parsers', () => {
    const json = fc.json().map((text) => (text.startsWith('[') ? text : `[${text}]`));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      json,
      fc.constantFrom('1: lo: <', '    inet ::/', 'default via\n'),
    );
    fc.assert(
      fc.property(text, (any) => {
        read(parseIpAddress, any);
        read(parseIpRoute, any);
        ipAddressFormat.recognises(any);
        ipRouteFormat.recognises(any);
      }),
    );
  });
});
