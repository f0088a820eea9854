import { describe, expect, test } from 'vitest';
import { parseProbeOptions, PROBE_HELP } from '../../../main/commands/probe-options.ts';
import { runProbe, type ProbeMachine, type ProbeOutput } from '../../../main/commands/probe.ts';
import { probesOf } from '../../../main/probes/catalogue.ts';
import type { RunHooks, RunRequest, RunResult } from '../../../main/terminal/run.ts';

/** A machine on which every command prints the same. */
function machineThat(change: Partial<RunResult> & { stdoutText?: string; stderrText?: string } = {}) {
  const requests: RunRequest[] = [];
  const { stdoutText = '', stderrText = '', ...rest } = change;
  const machine: ProbeMachine = {
    probes: probesOf('linux'),
    findProgram: (tool) =>
      tool === 'conntrack'
        ? { ok: false, failure: { code: 'tool-missing', tool, hint: 'it is in the package conntrack' } }
        : { ok: true, value: `/usr/bin/${tool}` },
    run: async (request: RunRequest, hooks?: RunHooks) => {
      requests.push(request);
      const found = machine.findProgram(request.tool);
      if (!found.ok) return found;
      const end = hooks?.signal?.aborted ? 'cancelled' : 'exited';
      return {
        ok: true,
        value: {
          tool: request.tool,
          argv: request.argv,
          program: found.value,
          way: 'quiet',
          note: null,
          startedAtMs: 1_700_000_000_000,
          tookMs: 12.34,
          end,
          exitCode: 0,
          signal: null,
          stdout: Buffer.from(stdoutText),
          stderr: Buffer.from(stderrText),
          truncated: false,
          survivors: [],
          ...rest,
        },
      };
    },
  };
  return { machine, requests };
}

function collect() {
  const said = { out: '', err: '', raw: [] as string[] };
  const output: ProbeOutput = {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    raw: (stream, bytes) => void said.raw.push(`${stream}: ${Buffer.from(bytes).toString('latin1')}`),
  };
  return { said, output };
}

async function probe(argv: string[], setup = machineThat(), signal = new AbortController().signal) {
  const { said, output } = collect();
  const status = await runProbe(argv, output, signal, setup.machine);
  return { status, ...said, requests: setup.requests };
}

describe('fourtuple probe', () => {
  test('lists what can be asked and why some cannot be asked here', async () => {
    const { status, out } = await probe([]);
    expect(status).toBe(0);
    expect(out).toMatch(/^PROBE +GROUP +HERE +COMMAND\n/);
    expect(out).toMatch(/^linux\.file-nr +counters +yes +cat \/proc\/sys\/fs\/file-nr$/m);
    expect(out).toMatch(/^linux\.conntrack-list +path +no +conntrack -L -p tcp$/m);
    expect(out.match(/conntrack is not installed here\. It is in the package conntrack\./g)).toHaveLength(1);
  });

  test('lists the catalogue as one JSON object', async () => {
    const { status, out } = await probe(['--json']);
    const listed = JSON.parse(out) as {
      schema: string;
      probes: { id: string; unavailable: string | null }[];
    };
    expect([status, listed.schema]).toEqual([0, 'fourtuple.probes/1']);
    expect(listed.probes.find(({ id }) => id === 'linux.conntrack-list')?.unavailable).toMatch(/package/);
  });

  test('prints the transcript, how it ended and what was understood', async () => {
    const { status, out, requests } = await probe(
      ['linux.file-nr'],
      machineThat({ stdoutText: '764\t0\t2466170\n' }),
    );
    expect(requests).toEqual([{ tool: 'cat', argv: ['/proc/sys/fs/file-nr'], way: 'quiet' }]);
    expect(
      out.startsWith(
        '$ cat /proc/sys/fs/file-nr\n764\t0\t2466170\n\nEnded with exit status 0. It took 12 ms.\n3 facts.\n',
      ),
    ).toBe(true);
    expect(status).toBe(0);
  });

  test('gives all of it as one JSON object', async () => {
    const { out } = await probe(
      ['linux.file-nr', '--json'],
      machineThat({ stdoutText: '764\t0\t2466170\n' }),
    );
    expect(JSON.parse(out)).toMatchObject({
      schema: 'fourtuple.probe/1',
      probe: 'linux.file-nr',
      outcome: 'good',
      output: '764\t0\t2466170\n',
      understood: { summary: '3 facts.', facts: [{ line: 1, value: '764' }, {}, {}] },
      folklore: null,
    });
  });

  test('T1: shows hostile output as text; --raw hands it on byte for byte', async () => {
    const stdoutText = '\u001b]0;pwn\u0007\u001b[31m\n';
    const shown = await probe(['linux.file-nr'], machineThat({ stdoutText }));
    expect(shown.out).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    const raw = await probe(['linux.file-nr', '--raw'], machineThat({ stdoutText, stderrText: 'why\n' }));
    expect(raw.raw).toEqual([`out: ${stdoutText}`, 'err: why\n']);
    expect(raw.out).toBe('');
  });

  test('sets a misleading command beside what is so', async () => {
    const { out } = await probe(['linux.folklore-fin-timeout'], machineThat({ stdoutText: '60\n' }));
    expect(out).toContain('This is taken for');
    expect(out).toContain('What is so: fourtuple check.');
  });

  test('ends with 1 when the command failed', async () => {
    const setup = machineThat({ exitCode: 1, stderrText: 'cat: /proc/sys/fs/file-nr: Permission denied\n' });
    const { status, out } = await probe(['linux.file-nr'], setup);
    expect(status).toBe(1);
    expect(out).toContain('Ended with exit status 1.');
  });

  test('ends with 1 when it was stopped', async () => {
    const aborted = AbortSignal.abort();
    expect(await probe(['linux.file-nr'], machineThat(), aborted)).toMatchObject({ status: 1 });
  });

  test.each([
    ['an unknown probe', ['rm'], /there is no probe "rm" on this system/],
    ['a missing value', ['linux.process-limits'], /is needed/],
    ['a path as a pid', ['linux.process-limits', '--parameter', 'pid=../1'], /must be/],
    ['a parameter it does not have', ['linux.file-nr', '--parameter', 'x=1'], /no parameter/],
    ['a missing tool', ['linux.conntrack-list'], /conntrack is not installed here/],
    ['two probes', ['linux.file-nr', 'linux.nstat'], /one probe at a time/],
    ['both formats', ['linux.file-nr', '--json', '--raw'], /exclude each other/],
    ['a parameter without a value', ['linux.process-limits', '--parameter', 'pid'], /takes NAME=VALUE/],
    ['--raw without a probe', ['--raw'], /which probe/],
    ['an option it does not have', ['--shell'], /Unknown option/],
  ])('E9: refuses %s with status 3 and one line', async (_what, argv, why) => {
    const { status, out, err } = await probe(argv);
    expect([status, out]).toEqual([3, '']);
    expect(err).toMatch(why);
    expect(err.trimEnd()).not.toContain('\n');
  });

  test('explains itself', async () => {
    expect(await probe(['--help'])).toMatchObject({ status: 0, out: PROBE_HELP });
  });
});

test('a value may hold an equals sign', () => {
  expect(parseProbeOptions(['x', '--parameter', 'a=b=c'])).toMatchObject({
    value: { parameters: [{ name: 'a', value: 'b=c' }] },
  });
});
