/**
 * Carries a script out in the terminal it is run in, as the command line does (main/terminal/foreground.ts): goes with
 * each step, prints what it hears in square brackets, and then waits. Arguments: the script, the way of the rights.
 */
import { readFileSync } from 'node:fs';
import { HelperLines } from '../../main/fixes/helper-lines.ts';
import { helperCommand } from '../../main/fixes/helper-command.ts';
import { startForeground } from '../../main/terminal/foreground.ts';
import { wordsOf } from './helper-run.ts';

const [path = '', way = ''] = process.argv.slice(2);
const isSudo = way === 'sudo';
const command = helperCommand(isSudo ? 'sudo' : 'none', readFileSync(path, 'utf8'), {
  kind: 'hold',
  seconds: 60,
});
if (!command.ok) throw new Error(JSON.stringify(command.failure));

const lines = new HelperLines({
  message(message) {
    console.log(`[${wordsOf(message)}]`);
    if (message.kind === 'begin') run.write(Buffer.from(`go ${message.step}\n`));
    if (message.kind === 'holding') process.stdin.on('data', (text: Buffer) => run.write(text));
  },
  printed: (bytes) => process.stdout.write(bytes),
});
const started = startForeground(command.value, { onOutput: (bytes) => lines.write(bytes) });
if (!started.ok) throw new Error(JSON.stringify(started.failure));
const run = started.value;
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => run.cancel());
const result = await run.result;
console.log(`[ended ${JSON.stringify(result)}]`);
process.exit(0);
