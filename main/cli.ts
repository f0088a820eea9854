#!/usr/bin/env node
/** Entry of the command line: finds the command, runs it, turns signals and closed pipes into what users expect. */
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { runBudget } from './commands/budget.ts';
import { runCheck } from './commands/check.ts';
import { mentionInterrupted } from './commands/interrupted.ts';

const HELP = `fourtuple: will this machine run out of TCP ports, because of whom, and what do I do about it?

Usage: fourtuple <command> [options]

Commands
  check     one verdict on this machine's ports, for people, scripts and monitoring
  probe     ask the system's own tools, and read what they say
  report    all of it as a document to hand on: HTML, Markdown, JSON or a CSV of sockets
  fix       what helps, and exactly how: plans, predictions, scripts; carries one out with --apply
  undo      take back what was changed
  journal   what was changed, and what is so now
  budget    how many connections per second a setup will carry, and what would make it more
  serve     the workbench in a browser, on 127.0.0.1

Options
  --help, --version

Each command explains itself with --help.
`;

const OUTPUT = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};

/** As a shell names them: 128 and the signal's number. */
const STATUS_OF_SIGNAL: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
];

/** Ends `check --watch` when nobody reads it any more. */
const unread = new AbortController();

async function main(): Promise<number> {
  const [command, ...rest] = process.argv.slice(2);
  if (command === 'serve') {
    // Lives on without readers, so it deals with them itself.
    const { runServe } = await import('./hosts/web/serve-command.ts');
    const { ownStateFolder } = await import('./storage/state-folder.ts');
    return runServe({
      argv: rest,
      entryFolder: fileURLToPath(new URL('.', import.meta.url)),
      rendererRoot: fileURLToPath(new URL('../renderer', import.meta.url)),
      version: packageJson.version,
      stateFolder: ownStateFolder(),
    });
  }
  explainErrors();
  if (command === undefined) {
    process.stderr.write(HELP);
    return 3;
  }
  if (command === '--help' || command === '-h' || command === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (command === '--version') {
    process.stdout.write(`fourtuple ${packageJson.version}\n`);
    return 0;
  }
  if (command === 'check') return check(rest);
  if (command === 'probe') return probe(rest);
  if (command === 'report') return report(rest);
  if (command === 'fix') return fix(rest);
  if (command === 'undo') return undo(rest);
  if (command === 'journal') return journal(rest);
  if (command === 'budget') return runBudget(rest, OUTPUT);
  process.stderr.write(`fourtuple: "${command.slice(0, 40)}" is not a command; see fourtuple --help\n`);
  return 3;
}

async function check(argv: readonly string[]): Promise<number> {
  await mentionInterrupted(OUTPUT);
  if (readsFiles(argv)) return runCheck(argv, OUTPUT, unread.signal, packageJson);
  return interruptible((signal) => runCheck(argv, OUTPUT, signal, packageJson));
}

/**
 * A named pipe is waited for in a call that nothing but a signal's own effect ends. Who reads files has started nothing
 * that would have to be cleared up, so the signal keeps that effect.
 */
function readsFiles(argv: readonly string[]): boolean {
  return argv.some((word) => word === '--from' || word.startsWith('--from='));
}

async function probe(argv: readonly string[]): Promise<number> {
  // Terminal and parsers are not needed by `check`, which has to be quick.
  const { runProbe, thisMachine } = await import('./commands/probe.ts');
  const raw = (stream: 'out' | 'err', bytes: Uint8Array) =>
    void (stream === 'out' ? process.stdout : process.stderr).write(bytes);
  const machine = thisMachine(process.platform);
  return interruptible((signal) => runProbe(argv, { ...OUTPUT, raw }, signal, machine));
}

async function report(argv: readonly string[]): Promise<number> {
  const { reportMachine, runReport } = await import('./commands/report.ts');
  const machine = reportMachine(process.platform, packageJson.version);
  if (readsFiles(argv)) return runReport(argv, OUTPUT, unread.signal, machine);
  return interruptible((signal) => runReport(argv, OUTPUT, signal, machine));
}

async function fix(argv: readonly string[]): Promise<number> {
  const { runFix } = await import('./commands/fix.ts');
  await mentionInterrupted(OUTPUT);
  return interruptible((signal) => runFix(argv, OUTPUT, signal));
}

async function undo(argv: readonly string[]): Promise<number> {
  const { runUndo } = await import('./commands/undo.ts');
  await mentionInterrupted(OUTPUT);
  return interruptible((signal) => runUndo(argv, OUTPUT, signal));
}

async function journal(argv: readonly string[]): Promise<number> {
  const { runJournal } = await import('./commands/journal.ts');
  await mentionInterrupted(OUTPUT);
  return interruptible((signal) => runJournal(argv, OUTPUT, signal));
}

/** Runs a command that ends by itself once its signal aborts: on Ctrl-C, SIGTERM, or when nobody reads any more. */
async function interruptible(run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const interrupted = new AbortController();
  let statusOfSignal = 0;
  for (const [signal, status] of STATUS_OF_SIGNAL) {
    process.once(signal, () => {
      statusOfSignal = process.exitCode = status;
      interrupted.abort();
    });
  }
  const status = await run(AbortSignal.any([interrupted.signal, unread.signal]));
  return interrupted.signal.aborted ? statusOfSignal : status;
}

/** A reader that went away (`| head`) is no error and changes no status; all else is one sentence and status 3. */
function explainErrors(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') unread.abort();
    else giveUp(`the output could not be written: ${error.message}`);
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    // There is nowhere left to say it.
    if (error.code !== 'EPIPE') process.exit(3);
  });
  process.on('uncaughtException', (error) => giveUp(`ended by an error of its own: ${error.message}`));
}

function giveUp(sentence: string): void {
  process.stderr.write(`fourtuple: ${sentence.split('\n')[0]}.\n`);
  process.exit(3);
}

process.exitCode = await main();
