import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINUX_PROBES } from '../../../../main/probes/linux/catalogue.ts';
import { MISLEADING_LINUX_PROBES } from '../../../../main/probes/linux/misleading.ts';
import { countEqual } from '../../../../main/probes/linux/pipeline.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

function reduce(id: string, text: string): string {
  const probe = MISLEADING_LINUX_PROBES.find((candidate) => candidate.id === `linux.folklore-${id}`);
  if (probe?.folklore === undefined) throw new Error(`no misleading command ${id}`);
  return probe.folklore.reduce(text);
}

const CASES: readonly (readonly [id: string, recording: string, rest: string])[] = [
  ['ss-tulnp-wc', 'tulnp', 'wc -l'],
  ['ss-tan-states', 'tan', "awk '{print $1}' | sort | uniq -c"],
  ['ss-tan-ports', 'tan', "awk '{print $4}' | awk -F: '{print $NF}' | sort -n | uniq -c"],
  ['ss-time-wait-wc', 'time-wait', 'wc -l'],
  ['netstat-time-wait', 'netstat-an', 'grep TIME_WAIT | wc -l'],
  ['netstat-grep-443', 'netstat-an', 'grep -c :443'],
  ['lsof-wc', 'lsof-i', 'wc -l'],
  ['ss-summary', 'summary', 'cat'],
];

/** What the rest of the pipeline prints, in the C locale of our runs. Only ever in this test. */
function realPipeline(rest: string, text: string): string {
  const run = spawnSync('sh', ['-c', rest], {
    input: text,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
  });
  return run.stdout.replace(/\n$/, '');
}

const missing =
  process.platform === 'win32' ||
  spawnSync('sh', ['-c', 'printf x | awk 1 | sort -n | uniq -c | wc -l']).status !== 0
    ? ' (no sh with awk, sort, uniq and wc here)'
    : '';

describe('misleading commands', () => {
  it.skipIf(missing !== '')(`print what the real pipeline prints${missing}`, () => {
    for (const [id, recording, rest] of CASES) {
      const text = readFixtureText(`linux/pipelines/${recording}/stdout`);
      expect([id, reduce(id, text)]).toEqual([id, realPipeline(rest, text)]);
      expect([id, reduce(id, '')]).toEqual([id, realPipeline(rest, '')]);
      expect([id, reduce(id, text.slice(0, -3))]).toEqual([id, realPipeline(rest, text.slice(0, -3))]);
    }
  });

  it.skipIf(missing !== '')(`count and sort odd words as sort and uniq do${missing}`, () => {
    const odd = 'b\n-3 x\n10\n\n9\n09\n1.5\né\n𐀀\n￿\nB\n*\n9\n';
    for (const [options, order] of [
      ['', 'bytes'],
      ['-n', 'numbers'],
    ] as const) {
      const counted = countEqual(odd.slice(0, -1).split('\n'), order);
      expect(counted).toBe(realPipeline(`sort ${options} | uniq -c`, odd));
    }
  });

  it('say on the recorded machine what is so: 3 lines, while 17 sockets exist', () => {
    expect(reduce('ss-tulnp-wc', readFixtureText('linux/pipelines/tulnp/stdout'))).toBe('3');
    expect(reduce('ss-tan-states', readFixtureText('linux/pipelines/tan/stdout'))).toBe(
      ['     14 ESTAB', '      1 LISTEN', '      1 SYN-SENT', '      1 State', '      1 TIME-WAIT'].join(
        '\n',
      ),
    );
    expect(reduce('ss-time-wait-wc', readFixtureText('linux/pipelines/time-wait/stdout'))).toBe('2');
  });

  it('count the same in what a terminal printed, with CR LF', () => {
    for (const [id, recording] of CASES) {
      const text = readFixtureText(`linux/pipelines/${recording}/stdout`);
      expect([id, reduce(id, text.replaceAll('\n', '\r\n'))]).toEqual([id, reduce(id, text)]);
    }
  });

  it('read the sockets of the same output rightly', () => {
    const states = MISLEADING_LINUX_PROBES.find(({ id }) => id === 'linux.folklore-ss-tan-states');
    const text = readFixtureText('linux/pipelines/tan/stdout');
    expect(listSockets(states?.parse ?? expect.fail('no such probe'), text).reading).toMatchObject({
      rows: 17,
      problemCount: 0,
    });
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const { folklore } of MISLEADING_LINUX_PROBES) folklore?.reduce(text);
      }),
    );
  });

  it('show the command whose tool and arguments they run', () => {
    for (const { folklore, tool } of MISLEADING_LINUX_PROBES)
      expect(folklore?.command.startsWith(tool)).toBe(true);
  });
});

/** Arguments with which these tools change something; the others of the catalogue cannot. */
const CHANGING: ReadonlyMap<string, RegExp> = new Map([
  ['ss', /^-[a-zA-Z]*[KD]|^--(?:kill|diag)/],
  ['sysctl', /^-|=/],
  ['conntrack', /^-[DFUIE]|^--(?:delete|flush|update|create|event)/],
  ['ip', /^(?:a|add|append|chg|change|d|del|delete|f|flush|repl|replace|restore|set|up|down)$/],
]);

describe('LINUX_PROBES', () => {
  it('have ids of their own, only safe arguments, and words that end where a sentence ends', () => {
    expect(new Set(LINUX_PROBES.map(({ id }) => id)).size).toBe(LINUX_PROBES.length);
    for (const probe of LINUX_PROBES) {
      expect(probe).toMatchObject({ platform: 'linux', id: expect.stringMatching(/^linux\.[a-z0-9-]+$/) });
      expect([probe.id, probe.proves]).toEqual([probe.id, expect.stringMatching(/\.$/)]);
      expect([probe.id, probe.title]).toEqual([probe.id, expect.not.stringMatching(/\.$/)]);
      expect(`${probe.title} ${probe.proves}`).not.toMatch(/[!—]|please|oops/i);
      const changing = CHANGING.get(probe.tool);
      if (changing !== undefined) for (const argument of probe.argv) expect(argument).not.toMatch(changing);
      const places = probe.argv.flatMap((argument) =>
        [...argument.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
      );
      expect(new Set(places)).toEqual(new Set(probe.parameters.map(({ name }) => name)));
    }
  });

  it('answer for every figure of the workbench', () => {
    const figures = new Set(LINUX_PROBES.flatMap((probe) => probe.figures));
    expect([...figures].sort()).toEqual([
      'conntrack',
      'consumers',
      'counters',
      'descriptors',
      'hold',
      'listeners',
      'new-connections',
      'pool-used',
      'port-map',
      'range',
      'reuse',
      'sockets',
      'time-to-exhaustion',
      'time-wait',
      'verdict',
    ]);
  });
});
