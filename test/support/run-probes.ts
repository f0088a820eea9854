/** Runs every Linux probe where it is started, as whoever started it, and prints what came of each as JSON. */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import type { SocketReading } from '../../main/core/readings.ts';
import { fillArguments } from '../../main/probes/arguments.ts';
import { LINUX_PROBES } from '../../main/probes/linux/catalogue.ts';
import type { Probe } from '../../main/probes/probe.ts';
import { judgeRun, type RunOutcome } from '../../main/probes/verdict-of-run.ts';
import { choosePrograms } from '../../main/terminal/programs.ts';
import type { RunWay } from '../../main/terminal/run.ts';
import { createRunner } from '../../main/terminal/runner.ts';
import { valuesOf } from './probe-facts.ts';
import { countStates } from './probes.ts';

/** What came of one probe. */
export type ProbeTrial =
  | { id: string; isMissing: true; tool: string }
  | {
      id: string;
      isMissing: false;
      outcome: RunOutcome;
      sentence: string;
      states: Record<string, number>;
      /** Distinct processes named beside sockets. */
      pids: number[];
      values: Record<string, number | string>;
      notes: string[];
      problems: string[];
      /** What the reduced output says, and what the real pipeline prints. */
      folklore: { reduced: string; real: string } | null;
    };

const decoder = new TextDecoder();
const [way = 'quiet', pid = '1', address = '127.0.0.1'] = process.argv.slice(2);
const runner = createRunner({
  programs: choosePrograms('linux'),
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
});
const trials: ProbeTrial[] = [];
for (const probe of LINUX_PROBES) trials.push(await tryProbe(probe));
await runner.end();
process.stdout.write(JSON.stringify(trials));

async function tryProbe(probe: Probe): Promise<ProbeTrial> {
  const values = { pid, address, port: '443' };
  const argv = fillArguments(
    probe,
    probe.parameters.map(({ name, type }) => ({ name, value: values[type] })),
  );
  if (!argv.ok) throw new Error(`${probe.id}: ${JSON.stringify(argv.failure)}`);
  const run = await runner.run({ tool: probe.tool, argv: argv.value, way: way as RunWay });
  if (!run.ok && run.failure.code === 'tool-missing')
    return { id: probe.id, isMissing: true, tool: probe.tool };
  if (!run.ok) throw new Error(`${probe.id}: ${JSON.stringify(run.failure)}`);
  const text = decoder.decode(run.value.stdout);
  const sockets: SocketReading[] = [];
  const reading = probe.parse(text, (socket) => sockets.push(socket));
  const verdict = judgeRun(probe, { ...run.value, text, stderr: decoder.decode(run.value.stderr), reading });
  return {
    id: probe.id,
    isMissing: false,
    ...verdict,
    states: countStates(sockets),
    pids: [...new Set(sockets.flatMap(({ holders }) => holders.flatMap((holder) => holder.pid ?? [])))],
    values: valuesOf(reading),
    notes: reading.facts.flatMap((fact) => {
      if (fact.kind === 'note') return [`${fact.name} ${fact.value}`];
      return fact.kind === 'address' ? [`${fact.interface} ${fact.address}`] : [];
    }),
    problems: reading.problems.map(({ line, text: shown, why }) => `${line}: ${why}: ${shown}`),
    folklore: probe.folklore ? { reduced: probe.folklore.reduce(text), real: realPipeline(probe) } : null,
  };
}

/** The command as people type it, but without look-ups of names, which need a network. */
function realPipeline(probe: Probe): string {
  const command = (probe.folklore?.command ?? '').replace(/^lsof -i/, 'lsof -nP -i');
  const environment = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' };
  return spawnSync('sh', ['-c', command], { encoding: 'utf8', env: environment }).stdout.replace(/\n$/, '');
}
