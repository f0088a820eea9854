import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namespaceMissing, openNamespace, type TestNamespace } from '../support/namespace.ts';
import { BOUND_PORT, type SocketsHere } from '../support/sockets-here.ts';

const SCRIPT = resolve(import.meta.dirname, '../support/sockets-here.ts');

const missing = namespaceMissing() ?? (spawnSync('ss', ['-V']).error ? 'ss is not installed' : null);
if (missing !== null) console.info(`skipped: ${missing}`);

describe.skipIf(missing !== null)(
  `the Linux sources against the kernel${missing ? ` (${missing})` : ''}`,
  () => {
    let namespace: TestNamespace;
    let here: SocketsHere;

    beforeAll(async () => {
      namespace = await openNamespace({ twReuse: 0 });
      const run = namespace.run([process.execPath, SCRIPT]);
      if (run.status !== 0) throw new Error(run.stderr);
      here = JSON.parse(run.stdout) as SocketsHere;
    });
    afterAll(() => namespace?.close());

    const withoutBound = (lines: string[]) => lines.filter((line) => !line.startsWith('BOUND'));
    const withoutBoundPort = (lines: string[]) => lines.filter((line) => !line.includes(` ${BOUND_PORT} `));

    it('sock_diag gives line for line what ss gives', () => {
      expect([here.sources, here.degradations]).toEqual([['sock_diag', 'proc'], []]);
      expect(withoutBound(here.diag)).toEqual(withoutBoundPort(here.ss));
      expect(here.diag.length).toBeGreaterThan(900);
    });

    it('/proc gives line for line what ss gives', () => {
      expect(here.proc).toEqual(withoutBoundPort(here.ss));
    });

    it('sees a bound socket that neither listens nor connects, which ss -tan leaves out', ({ skip }) => {
      const release = Number(/^\d+\.\d+/.exec(namespace.run(['uname', '-r']).stdout)?.[0]);
      if (release < 6.8 && !here.diag.some((line) => line.startsWith('BOUND'))) skip('kernel before 6.8');
      expect(here.diag.filter((line) => line.startsWith('BOUND'))).toEqual([
        `BOUND 127.0.0.2 ${BOUND_PORT} 0.0.0.0 0`,
      ]);
    });

    it('the live dump leaves TIME_WAIT, listening and bound sockets out and nothing else', () => {
      const expected = here.diag.filter((line) => !/^(TIME_WAIT|LISTEN|BOUND) /.test(line));
      expect(here.live).toEqual(expected);
      expect(expected.length).toBe(6);
    });

    it('a TIME_WAIT timer starts at 60 s and both sources agree', () => {
      const { diag, proc } = here.timeWaitLeftMs;
      for (const [shortest, longest] of [diag, proc]) {
        expect(shortest).toBeGreaterThan(40_000);
        expect(longest).toBeGreaterThan(55_000);
        expect(longest).toBeLessThanOrEqual(60_100);
      }
      expect(Math.abs(diag[1] - proc[1])).toBeLessThan(2000);
    });

    it('shows the accepted side of a dual-stack listener as IPv4', () => {
      expect(here.mappedFamilies).toEqual([4]);
    });

    it('T1, T3: finds this process as the owner and shows its hostile name as escapes', () => {
      expect(here.owner?.pid).toBe(here.ownPid);
      expect(here.owner?.process).toMatch(/^\\x1b\[31m\\u202eevil/);
      expect(here.unresolved).toBe(0);
    });
  },
);
