/**
 * A whole workbench as a process of its own, so that it can live in a namespace: calls are lines of JSON on its standard
 * input, answers and events of fixes are lines on its standard output. Ends, in order, when its input does.
 * Arguments: the folder of the journal.
 */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { answerCall } from '../../main/hosts/serve-contract.ts';
import { startThread } from '../../main/hosts/start-thread.ts';
import { forkChild } from '../../main/hosts/web/fork-child.ts';
import { createWorkbench } from '../../main/workbench/workbench.ts';

const source = (path: string) => fileURLToPath(new URL(`../../main/${path}`, import.meta.url));
const say = (message: object) => void process.stdout.write(`${JSON.stringify(message)}\n`);
const log = (line: string) => void process.stderr.write(`${line}\n`);

const workbench = createWorkbench({
  forkSampler: () => forkChild(source('sampling/worker.ts')),
  forkTerminal: () => {
    const child = forkChild<never>(source('terminal/worker.ts'));
    say({ type: 'terminal', pid: child.pid });
    return child;
  },
  startParser: () => startThread(source('workbench/parse-worker.ts'), log),
  now: Date.now,
  jitter: () => 0,
  version: '0',
  host: 'web',
  platform: process.platform,
  stateFolder: { ok: true, value: process.argv[2] ?? '' },
  isElevated: process.geteuid?.() === 0,
  log,
});
workbench.subscribe(({ name, payload }) => {
  if (/^(change|wizard|summary)\./.test(name)) say({ type: 'event', name, payload });
});
workbench.start();

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { id, name, args } = JSON.parse(line) as { id: number; name: string; args: unknown };
  void answerCall(workbench, name, args).then((answer) => say({ type: 'answer', id, answer }));
});
lines.on('close', () => void workbench.stop().then(() => process.exit(0)));
