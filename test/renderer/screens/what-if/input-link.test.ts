import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultInput } from '../../../../main/core/what-if/catalogue.ts';
import type { WhatIfInput } from '../../../../preload/contract-what-if.ts';
import { parseLink, printLink } from '../../../../renderer/screens/what-if/input-link.ts';
import { patched } from '../../../../renderer/stores/what-if.ts';
import { answerWhatIf } from '../../../support/what-if.ts';

const amount = fc.oneof(
  fc.integer({ min: 0, max: 1_000_000 }),
  fc.double({ min: 0.001, max: 1e6, noNaN: true }),
);
const rounded = amount.map((value) => Number(value.toPrecision(8)));
const maybe = fc.option(rounded);
const port = fc.integer({ min: 1, max: 65_535 });
const inputs: fc.Arbitrary<WhatIfInput> = fc.record({
  profileId: fc.constantFrom('linux', 'macos', 'custom', 'aws-nat'),
  ratePerSecond: rounded,
  requestsPerConnection: rounded,
  holdSeconds: rounded,
  activeCloseShare: fc.constantFrom(0, 0.25, 1),
  destinations: rounded,
  sourceAddresses: rounded,
  inUse: rounded,
  range: fc.option(fc.record({ first: port, last: port })),
  portCount: maybe,
  reservedPorts: fc.option(fc.constantFrom('8080', '8080,40000-40002', 'ä&=?#')),
  timeWaitSeconds: maybe,
  scope: fc.constantFrom(null, 'destination', 'address', 'host'),
  reuseMode: fc.constantFrom(null, 'off', 'all', 'loopback'),
  reuseDelayMs: maybe,
  timestamps: fc.constantFrom(null, true, false),
  toLoopback: fc.boolean(),
  limits: fc.record({
    timeWaitSockets: maybe,
    fileDescriptors: maybe,
    conntrackEntries: maybe,
    snatPorts: maybe,
    connectionPool: maybe,
  }),
});

describe('the link', () => {
  it('says nothing but What-if for the defaults', () => {
    expect(printLink(defaultInput(), defaultInput(), null)).toBe('#what-if');
    expect(parseLink('#what-if')).toEqual({ patch: {}, ignored: [] });
  });

  it('restores every input it was made of', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const read = parseLink(printLink(input, defaultInput(), null));
        expect(read?.ignored).toEqual([]);
        expect(patched(defaultInput(), read?.patch ?? {})).toEqual(input);
      }),
      { numRuns: 300 },
    );
  });

  it('writes this machine’s settings out, for elsewhere they are others', () => {
    const input = { ...defaultInput(), profileId: 'this-machine' };
    const link = printLink(input, defaultInput(), answerWhatIf({ input }));
    expect(link).toContain('range=32768-60999');
    expect(link).toContain('wait=60');
  });

  it('takes nothing that is not a value, and names it', () => {
    const read = parseLink(
      '#what-if?rate=fast&wait=60&scope=world&range=1-2-3&__proto__=1&timestamps=yes&profile=',
    );
    expect(read).toEqual({
      patch: { timeWaitSeconds: 60 },
      ignored: ['rate', 'scope', 'range', '__proto__', 'timestamps', 'profile'],
    });
  });

  it('W4: leaves the one-time code and every other fragment alone', () => {
    for (const hash of ['', '#code=abc', '#what-iffy', '#whatever']) expect(parseLink(hash)).toBeNull();
  });

  it('never throws, whatever the fragment is', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseLink(`#what-if?${text}`)));
  });
});
