/** How the command line behaves for scripts, monitoring and people: its status, its lines, its end. */
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startLoad } from '../support/load/load.ts';
import type { LoadPlan } from '../support/load/load.ts';
import { parseOpenMetrics } from '../support/open-metrics.ts';
import type { NamespaceSettings, TestNamespace } from '../support/namespace.ts';
import { checkJson, checkMissing, cliArgv, runIn, withNamespace } from './support-check.ts';
import type { Ran } from './support-check.ts';

const MASKED = fileURLToPath(new URL('./support-masked.mjs', import.meta.url));
const KOFFI = fileURLToPath(new URL('../../node_modules/koffi', import.meta.url));
const HUNDRED_PORTS: NamespaceSettings = { portRange: { first: 40000, last: 40099 }, twReuse: 0 };
const SERVER = { address: '127.0.0.1', port: 8080 };
/** monitoring-plugins.org/doc/guidelines.html, "Performance data": 'label'=value[UOM];[warn];[crit];[min];[max] */
const PERFDATA = /^[^=' ]+=-?[\d.]+(?:[a-zA-Z%]+)?(?:;[\d.:@~-]*){0,4}$/;

const OPTIONS = ['--json', '--pools', '--for', '--watch', '--every', '--prometheus', '--verbose', '--help'];
const missing = checkMissing();

describe.skipIf(missing !== null)(`the check command${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it('ends with 0 and one plugin line on a quiet machine', async () => {
    await withNamespace({}, async (namespace) => {
      const ran = await runIn(namespace, cliArgv('check'));
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      expectPluginLine(ran, 'OK');
    });
  });

  it('ends with 1 and a warning when more than half of a pool is held', async () => {
    await withNamespace(HUNDRED_PORTS, async (namespace) => {
      await hold(namespace, 60);
      const ran = await runIn(namespace, cliArgv('check'));
      expect(ran).toMatchObject({ code: 1, stderr: '' });
      expectPluginLine(ran, 'WARNING');
    });
  });

  it('prints the findings below that line with --verbose, and keeps the perfdata on it', async () => {
    await withNamespace(HUNDRED_PORTS, async (namespace) => {
      const quiet = await runIn(namespace, cliArgv('check', '--verbose'));
      expect(quiet.stdout).toMatch(/\n\nNOTICE: The port range is smaller than the default\n {2}\S/);
      await hold(namespace, 60);
      const ran = await runIn(namespace, cliArgv('check', '-v'));
      expect(ran).toMatchObject({ code: 1, stderr: '' });
      const [line = '', ...below] = ran.stdout.split('\n');
      expectPluginLine({ ...ran, stdout: `${line}\n` }, 'WARNING');
      expect(below.join('\n')).toMatch(/^\nWARNING: [^\n]+\n {2}\S[^]*\n {2}Evidence: [^]*\n {2}First: /);
      expect(below.join('\n')).not.toContain('|');
    });
  });

  it('ends with 2 and names the full pool when connect() fails', async () => {
    await withNamespace(HUNDRED_PORTS, async (namespace) => {
      await hold(namespace, 100);
      const ran = await runIn(namespace, cliArgv('check'));
      expect(ran).toMatchObject({ code: 2, stderr: '' });
      expectPluginLine(ran, 'CRITICAL');
      expect(ran.stdout).toContain('127.0.0.1:8080');
      expect(ran.stdout).toContain('pool_ports=100;80;90;0;100');
    });
  });

  it.each([
    { args: ['check', '--pols', '3'] },
    { args: ['check', '--pools', '0'] },
    { args: ['check', '--pools'] },
    { args: ['check', '--for', 'soon'] },
    { args: ['check', '--for', '-1'] },
    { args: ['check', 'everything'] },
    { args: ['chekc'] },
  ])('ends with 3 and one sentence on stderr when called as $args', async ({ args }) => {
    await withNamespace({}, async (namespace) => {
      const ran = await runIn(namespace, cliArgv(...args));
      expect(ran).toMatchObject({ code: 3, stdout: '' });
      expect(ran.stderr).toMatch(/^fourtuple[^\n]+\n$/);
      expect(ran.stderr).not.toMatch(/\bat .*:\d+:\d+/);
    });
  });

  it('explains every option with --help and ends with 0', async () => {
    await withNamespace({}, async (namespace) => {
      const ran = await runIn(namespace, cliArgv('check', '--help'));
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      for (const option of OPTIONS) {
        expect(ran.stdout).toContain(option);
      }
      const general = await runIn(namespace, cliArgv('--help'));
      expect(general).toMatchObject({ code: 0, stderr: '' });
      expect(general.stdout).toContain('check');
    });
  });

  it('prints exactly one JSON object with --json, fullest pools first, as many as asked for', async () => {
    await withNamespace({ portRange: { first: 40000, last: 40999 }, twReuse: 0 }, async (namespace) => {
      const ports = [8080, 8081, 8082, 8083];
      const clients = ports.map((port, index) => ({
        address: '127.0.0.1',
        port,
        count: 10 * (index + 1),
        holdMs: null,
      }));
      const servers = ports.map((port) => ({ address: '127.0.0.1', port }));
      await flooded(namespace, { servers, clients, seconds: 60 });
      const all = await checkJson(namespace, '--for', '0');
      expect(all.pools.map(({ remotePort, used }) => [remotePort, used])).toEqual([
        [8083, 40],
        [8082, 30],
        [8081, 20],
        [8080, 10],
      ]);
      const two = await checkJson(namespace, '--for', '0', '--pools', '2');
      expect(two.pools.map(({ remotePort }) => remotePort)).toEqual([8083, 8082]);
      // 100 connections, both ends of each, and the four listeners.
      expect(all.totals).toEqual({ sockets: 204, byState: { ESTABLISHED: 200, LISTEN: 4 } });
    });
  });

  it('ends quietly when its reader goes away', async () => {
    await withNamespace({}, async (namespace) => {
      const child = namespace.spawn(cliArgv('check', '--json', '--watch', '--every', '0.2'));
      child.stdin.end();
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.stdout.destroy();
      const code = await new Promise((resolve) => child.once('exit', resolve));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    });
  });

  it('prints a line at once and one a change with --watch, and ends on Ctrl-C with 130 and whole lines only', async () => {
    await withNamespace(HUNDRED_PORTS, async (namespace) => {
      const child = namespace.spawn(cliArgv('check', '--json', '--watch', '--every', '0.2'));
      child.stdin.end();
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const lines = () => stdout.split('\n').slice(0, -1);
      await expect.poll(() => lines().length, { timeout: 10_000 }).toBe(1);
      await hold(namespace, 100);
      await expect.poll(() => lines().at(-1), { timeout: 10_000 }).toContain('"level":"critical"');
      const said = lines().length;
      // Nothing changes, so nothing is said.
      await pause(2000);
      expect(lines()).toHaveLength(said);
      child.kill('SIGINT');
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect({ code, stderr, rest: stdout.endsWith('\n') }).toEqual({ code: 130, stderr: '', rest: true });
      const told = lines().map((line) => JSON.parse(line) as { schema: string; verdict: { level: string } });
      for (const { schema } of told) expect(schema).toBe('fourtuple.check/1');
      const levels = told.map(({ verdict }) => verdict.level);
      expect(['ok', 'notice']).toContain(levels[0]);
      expect(levels.at(-1)).toBe('critical');
    });
  });

  it('ends a watch of a given length with the worst it saw', async () => {
    await withNamespace(HUNDRED_PORTS, async (namespace) => {
      await hold(namespace, 60);
      const ran = await runIn(namespace, cliArgv('check', '--watch', '--for', '1'));
      expect(ran).toMatchObject({ code: 1, stderr: '' });
      expect(ran.stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d WARNING - [^\n]+\n/);
    });
  });

  it('prints the figures of the pools with --prometheus, and nothing where nothing can be read', async () => {
    await withNamespace(HUNDRED_PORTS, async (namespace) => {
      await hold(namespace, 60);
      const ran = await runIn(namespace, cliArgv('check', '--prometheus', '--for', '0'));
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      const used = parseOpenMetrics(ran.stdout).get('fourtuple_pool_used_ports');
      expect(used?.samples).toEqual([
        { labels: { source: '127.0.0.1', destination: '127.0.0.1:8080' }, value: 60 },
      ]);
      const blind = await runMasked(namespace, [KOFFI, '/proc'], ['check', '--prometheus']);
      expect(blind).toMatchObject({ code: 3, stdout: '' });
      expect(blind.stderr).toMatch(/^fourtuple check: [^\n]+\n$/);
    });
  });

  it('S8: reads /proc where netlink cannot be reached, with the same figures, and says so', async () => {
    await withNamespace(HUNDRED_PORTS, async (namespace) => {
      await hold(namespace, 60);
      const direct = await checkJson(namespace, '--for', '0');
      const ran = await runMasked(namespace, [KOFFI], ['check', '--json', '--for', '0']);
      expect(ran.stderr).toBe('');
      const fallen = JSON.parse(ran.stdout) as typeof direct;
      expect(direct.sampler.source).toBe('sock_diag');
      expect(fallen.sampler.source).toBe('proc');
      expect(fallen.totals).toEqual(direct.totals);
      expect(fallen.pools[0]).toMatchObject({ capacity: 100, used: 60, blocked: 0 });
      expect(fallen.degradations.map(({ code }) => code)).toContain('source-proc');
    });
  });

  it('S8: ends with 3 and the reason, not with zeros, where nothing can be read', async () => {
    await withNamespace({}, async (namespace) => {
      const ran = await runMasked(namespace, [KOFFI, '/proc'], ['check']);
      expect(ran).toMatchObject({ code: 3, stderr: '' });
      expect(ran.stdout).toMatch(/^FOURTUPLE UNKNOWN - [^\n]+\n$/);
      const json = await runMasked(namespace, [KOFFI, '/proc'], ['check', '--json']);
      expect(json.code).toBe(3);
      expect(JSON.parse(json.stdout)).toMatchObject({
        schema: 'fourtuple.check/1',
        verdict: { level: 'unknown' },
      });
    });
  });

  it('S8: says which settings it had to assume where only /proc is hidden', async () => {
    await withNamespace(HUNDRED_PORTS, async (namespace) => {
      const ran = await runMasked(namespace, ['/proc'], ['check', '--json', '--for', '0']);
      const result = JSON.parse(ran.stdout) as {
        degradations: { code: string }[];
        sampler: { source: string };
      };
      expect(result.sampler.source).toBe('sock_diag');
      expect(result.degradations.map(({ code }) => code)).toContain('setting-unreadable:ip_local_port_range');
    });
  });
});

function runMasked(
  namespace: TestNamespace,
  paths: readonly string[],
  args: readonly string[],
): Promise<Ran> {
  const masked = [process.execPath, MASKED, JSON.stringify(paths), ...cliArgv(...args)];
  return runIn(namespace, ['unshare', '--mount', '--', ...masked]);
}

/** Holds this many connections towards one destination open. */
async function hold(namespace: TestNamespace, count: number): Promise<void> {
  await flooded(namespace, { servers: [SERVER], clients: [{ ...SERVER, count, holdMs: null }], seconds: 60 });
}

async function flooded(namespace: TestNamespace, plan: LoadPlan): Promise<void> {
  await startLoad(plan, namespace).first('flooded', 20_000);
}

function expectPluginLine(ran: Ran, word: string): void {
  const line = /^FOURTUPLE ([A-Z]+) - ([^|\n]+) \| ([^|\n]+)\n$/.exec(ran.stdout);
  expect(line?.[1], ran.stdout).toBe(word);
  for (const item of (line?.[3] ?? '').split(' ')) expect(item).toMatch(PERFDATA);
  expect(ran.stdout).not.toContain('\u001b');
}
