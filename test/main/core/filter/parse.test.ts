import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatFilter } from '../../../../main/core/filter/format.ts';
import { FILTER_KEYS } from '../../../../main/core/filter/keys.ts';
import { parseFilter } from '../../../../main/core/filter/parse.ts';

/** What a text means, in canonical form, or the messages of its problems. */
function reading(text: string): string {
  const { terms, problems } = parseFilter(text);
  return [formatFilter(terms), ...problems.map((problem) => `! ${problem.message}`)]
    .filter(Boolean)
    .join(' ');
}

describe('parseFilter', () => {
  test.each([
    ['', ''],
    ['  state:tw   -uid:0 ', 'state:time-wait -uid:0'],
    ['state:TIME_WAIT,est', 'state:established,time-wait'],
    ['state:fin-wait', 'state:fin-wait-1,fin-wait-2'],
    ['STATE:estab', 'state:established'],
    ['state:listening,close-wait,syn-sent', 'state:syn-sent,close-wait,listen'],
    ['dst:10.0.3.12:443', 'dst:10.0.3.12:443'],
    ['src:10.1.2.3/8', 'src:10.0.0.0/8'],
    ['dst:[2001:db8::1]:443', 'dst:[2001:db8::1]:443'],
    ['dst:[::1]', 'dst:::1'],
    ['dst:::1,10.0.0.1', 'dst:::1,10.0.0.1'],
    ['dst::443', 'dst::443'],
    ['dst:*:443', 'dst::443'],
    ['dst:10.0.0.0/8:443', 'dst:10.0.0.0/8:443'],
    ['dst:[2001:db8::/32]:32768-40000', 'dst:[2001:db8::/32]:32768-40000'],
    ['port:32768-40000', 'port:32768-40000'],
    ['lport:80,443', 'port:80,443'],
    ['rport:443', 'rport:443'],
    ['pid:4312', 'pid:4312'],
    ['process:Python', 'process:Python'],
    ['process:"my app",b', 'process:"my app",b'],
    ['process:"a,b"', 'process:"a,b"'],
    ['process:"say \\"hi\\" \\\\"', 'process:"say \\"hi\\" \\\\"'],
    ['user:998', 'uid:998'],
    ['age:>30s', 'age:>30s'],
    ['age:>=90s', 'age:>=90s'],
    ['age:>120s', 'age:>2m'],
    ['age:<1.5H', 'age:<90m'],
    ['timer:<10s', 'timer:<10s'],
    ['timer:<0.5s', 'timer:<500ms'],
    ['attr:seen,inferred', 'attr:observed,inferred'],
    ['owner:unknown', 'attr:unknown'],
    ['family:ipv6,4', 'family:6,4'],
    ['queue:>0', 'queue:>0'],
    ['queue:5', 'queue:=5'],
    ['inode:123', 'inode:123'],
    ['side:client', 'side:client'],
    ['python', 'python'],
    ['-443', '-443'],
    ['10.0.0.1:443', '"10.0.0.1:443"'],
    ['abcd::1', '"abcd::1"'],
    ['"state:tw"', '"state:tw"'],
    ['"-x"', '"-x"'],
    ['--x', '-"-x"'],
  ])('reads %j as %j', (text, expected) => {
    expect(reading(text)).toBe(expected);
  });

  test.each([
    ['age:>30', 'age needs a unit, for example age:>30s'],
    ['age:30s', 'age needs < or >, for example age:>30s'],
    ['age:>30d', 'age knows the units ms, s, m and h, for example age:>30s'],
    ['age:soon', 'age takes one comparison, for example age:>30s'],
    ['age:>1s,<5s', 'age takes one comparison, for example age:>30s'],
    ['timer:<10', 'timer needs a unit, for example timer:<10s'],
    [
      'timer:>999999999999h',
      '">999999999999h" is longer than any socket lives; write for example timer:<10s',
    ],
    ['queue:>1k', 'queue takes a whole number of bytes, for example queue:>0'],
    ['state:waiting', '"waiting" is no TCP state; write for example state:time-wait or state:established'],
    ['state:', 'state needs a value, for example state:time-wait'],
    ['pid:1,,2', 'pid has a comma too many; write for example pid:4312'],
    ['pid:x', 'pid takes a number, for example pid:4312'],
    ['inode:4294967296', 'inode takes a number, for example inode:123456'],
    ['port:70000', 'port takes a port from 0 to 65535 or a rising range, for example port:32768-40000'],
    ['port:50-40', 'port takes a port from 0 to 65535 or a rising range, for example port:32768-40000'],
    ['dst:host', 'dst takes an address, address:port, network or :port, for example dst:10.0.3.12:443'],
    ['dst:::1:', 'dst takes an address, address:port, network or :port, for example dst:10.0.3.12:443'],
    ['attr:maybe', 'attr is observed, inferred, unknown or hidden, for example attr:inferred'],
    ['family:5', 'family is 4 or 6, for example family:6'],
    ['side:left', 'side is client or server, for example side:client'],
    ['-', '"-" excludes what follows it, for example -state:time-wait'],
    ['""', 'the quotes are empty; write text between them'],
    ['process:"web', 'a quote is open; end it with "'],
  ])('says of %j: %s', (text, message) => {
    expect(reading(text)).toBe(`! ${message}`);
  });

  test('names the keys when one is not known', () => {
    const [problem] = parseFilter('prot:tcp').problems;
    expect(problem?.message).toMatch(/^there is no key "prot"; use state, dst, .* or quote it/);
  });

  test('points at the bad token and keeps the good ones', () => {
    const { terms, problems } = parseFilter('pid:1  -age:>30 tw');
    expect(formatFilter(terms)).toBe('pid:1 tw');
    expect(problems).toEqual([
      { start: 7, end: 15, token: '-age:>30', message: 'age needs a unit, for example age:>30s' },
    ]);
  });

  test('understands the example of every key', () => {
    for (const { key, example } of FILTER_KEYS) {
      expect(parseFilter(example)).toMatchObject({
        terms: [{ negated: false, test: { key } }],
        problems: [],
      });
    }
  });

  test('W11: never throws, and every token is a term or a problem inside the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), filterLikeText), (text) => {
        const { problems } = parseFilter(text);
        for (const { start, end, token, message } of problems) {
          expect(text.slice(start, end)).toBe(token);
          expect(token.length).toBeGreaterThan(0);
          expect(message.length).toBeLessThan(300);
        }
      }),
    );
  });

  test('reads its own canonical form back to the same terms', () => {
    fc.assert(
      fc.property(filterLikeText, (text) => {
        const { terms } = parseFilter(text);
        expect(parseFilter(formatFilter(terms))).toEqual({ terms, problems: [] });
      }),
      { numRuns: 1000 },
    );
  });

  test('reads a word or process name of any characters back from its canonical form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.boolean(), (text, negated) => {
        const terms = [
          { negated, test: { key: 'word' as const, text } },
          { negated, test: { key: 'process' as const, texts: [text, 'x'] } },
        ];
        expect(parseFilter(formatFilter(terms))).toEqual({ terms, problems: [] });
      }),
    );
  });

  test('T1: reads 100,000 hostile characters', () => {
    const text = '-'.repeat(50_000) + '"'.repeat(25_000) + 'a:'.repeat(12_500);
    expect(parseFilter(text).terms).toHaveLength(1);
  });
});

/** Texts made of the language's own pieces, right and wrong. */
const filterLikeText = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '-', '--'),
      fc.constantFrom(
        '',
        ...FILTER_KEYS.flatMap(({ key, aliases }) => [key, ...aliases]).map((name) => `${name}:`),
      ),
      fc.array(
        fc.oneof(
          fc.constantFrom(
            'tw',
            'established',
            'fin-wait',
            '10.0.0.0/8',
            '[::1]:443',
            '::1',
            'fe80::1%2',
            ':443',
            '80-90',
          ),
          fc.constantFrom(
            '>30s',
            '<=1.5h',
            '0',
            '=0',
            '4312',
            'seen',
            'hidden',
            'ipv6',
            'client',
            '"a b"',
            '"x\\"y"',
            '',
          ),
          fc.string({ maxLength: 4 }),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    { maxLength: 4 },
  )
  .map((tokens) => tokens.map(([sign, key, values]) => `${sign}${key}${values.join(',')}`).join(' '));
