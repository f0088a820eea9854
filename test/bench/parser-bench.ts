/** Rows a second of the socket parsers, and that ten times the lines take ten times as long. Asserts nothing. */
import type { OutputParser } from '../../main/core/readings.ts';
import { parseLsof } from '../../main/probes/lsof.ts';
import { parseNetstat } from '../../main/probes/linux/netstat.ts';
import { parseProcNetTcp } from '../../main/probes/linux/proc-net-tcp.ts';
import { parseSs } from '../../main/probes/linux/ss.ts';
import { readFixtureText } from '../support/fixtures.ts';

/** Name, parser, recording, lines of heading, characters kept of a line (a string of V8 has at most 2^29). */
const SUBJECTS: readonly (readonly [string, OutputParser, string, number, number])[] = [
  ['ss -tan', parseSs, 'linux/ss/tan-6.1', 1, 400],
  ['ss -tanpoie', parseSs, 'linux/ss/tanpoie-6.1', 1, 400],
  ['netstat -tanpo', parseNetstat, 'linux/netstat/tanpo-de', 2, 400],
  ['lsof -nP -iTCP', parseLsof, 'linux/lsof/nP-iTCP', 1, 400],
  ['/proc/net/tcp6', parseProcNetTcp, 'linux/proc-net-tcp6/6.18', 1, 400],
];
const SIZES = [100_000, 1_000_000] as const;

export function benchParsers(print: (line: string) => void): void {
  for (const [name, parser, path, headingLines, width] of SUBJECTS) {
    const lines = readFixtureText(`${path}/stdout`).trimEnd().split('\n');
    const body = lines.slice(headingLines).map((line) => line.trimEnd().slice(0, width) || '\t');
    const heading = `${lines.slice(0, headingLines).join('\n')}\n`;
    const figures = SIZES.map((size) => {
      const text = `${heading}${`${body.join('\n')}\n`.repeat(Math.ceil(size / body.length))}`;
      const began = performance.now();
      const { rows, problemCount } = parser(text, () => undefined);
      const tookMs = performance.now() - began;
      return { size, tookMs, rows, problemCount };
    });
    const [small, large] = figures;
    if (!small || !large) continue;
    const perSecond = (large.size / large.tookMs) * 1000;
    const ratio = large.tookMs / small.tookMs;
    print(
      `${name.padEnd(16)} ${Math.round(perSecond / 1000)} k lines/s, ${large.rows} rows of 1,000,000 lines in ` +
        `${Math.round(large.tookMs)} ms, ${ratio.toFixed(1)} × the time for ten times the lines, ` +
        `${large.problemCount} not understood`,
    );
  }
}
