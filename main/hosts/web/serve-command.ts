/** `serve` from its arguments to its end: what the entries serve, cli and start have in common. */
import { performance } from 'node:perf_hooks';
import { createWorkbench } from '../../workbench/workbench.ts';
import type { Outcome } from '../../core/model.ts';
import { failureSentence } from '../../core/words/failure.ts';
import { isElevated, ownAuthority } from '../elevated.ts';
import { entryPathsIn } from '../entry-paths.ts';
import { startThread } from '../start-thread.ts';
import { isForegroundTerminal } from './foreground.ts';
import { forkChild } from './fork-child.ts';
import { readMetricsToken } from './metrics-token.ts';
import { openBrowser } from './open-browser.ts';
import { parseServeArguments, SERVE_HELP, type ServeArguments } from './serve-arguments.ts';
import { startWebHost } from './server.ts';

export interface ServeCommand {
  /** Arguments after the program's or command's name. */
  argv: readonly string[];
  /** The folder of the built entries: sampler.js, terminal.js, parse.js. */
  entryFolder: string;
  /** The folder of the built page. */
  rendererRoot: string;
  version: string;
  /** Where Fourtuple remembers what it changed, or why there is no such place. */
  stateFolder?: Outcome<string>;
  /** Said on standard error just before the address, once there is one. */
  introduction?: string;
}

/** Reads the arguments; answers wrong usage and --help itself, giving the exit status: 3 or 0. */
export function readServeArguments(argv: readonly string[]): ServeArguments | number {
  tolerateClosedPipes();
  const parsed = parseServeArguments(argv);
  if (!parsed.ok) return complain(failureSentence(parsed.failure), 3);
  if (!parsed.value.isHelp) return parsed.value;
  print(SERVE_HELP);
  return 0;
}

/**
 * Serves the workbench on 127.0.0.1 until SIGINT or SIGTERM, printing one line with the address and one saying how to
 * stop. Answers the exit status: 0 after a stop or --help, 3 after wrong usage, 1 when it could not serve.
 */
export async function runServe(command: ServeCommand): Promise<number> {
  const wanted = readServeArguments(command.argv);
  if (typeof wanted === 'number') return wanted;
  const token = wanted.metricsTokenFile === null ? null : readMetricsToken(wanted.metricsTokenFile);
  if (token !== null && !token.ok) return complain(failureSentence(token.failure), 3);
  const log = (line: string) => void process.stderr.write(`${line}\n`);
  const paths = entryPathsIn(command.entryFolder);
  const workbench = createWorkbench({
    forkSampler: () => forkChild(paths.sampler),
    forkTerminal: () => forkChild(paths.terminal),
    startParser: () => startThread(paths.parse, log),
    startHistory: () => startThread(paths.history, log),
    now: Date.now,
    jitter: Math.random,
    version: command.version,
    host: 'web',
    platform: process.platform,
    stateFolder: command.stateFolder,
    isElevated: isElevated(ownAuthority()),
    log,
  });
  const { rendererRoot } = command;
  // Setting the system's clock back must not lock anybody out.
  const now = () => performance.now();
  const metrics = token ? { tokenDigest: token.value, version: command.version } : undefined;
  const started = await startWebHost({ workbench, rendererRoot, port: wanted.port, now, metrics });
  if (!started.ok) return complain(failureSentence(started.failure), 1);
  const host = started.value;
  workbench.start();
  const url = host.newUrl();
  if (command.introduction !== undefined) process.stderr.write(`${command.introduction}\n`);
  print(url);
  const canAsk = isForegroundTerminal(process.stdin.isTTY === true);
  print(
    canAsk ? 'Ctrl+C stops; Enter prints a new address for another browser.' : 'Stop with Ctrl+C or SIGTERM.',
  );
  const forget = wanted.isOpening ? openPage(url) : () => {};
  if (canAsk) process.stdin.on('data', () => print(host.newUrl()));
  await stopSignal();
  process.stdin.pause();
  forget();
  await Promise.all([workbench.stop(), host.close()]);
  return 0;
}

function openPage(url: string): () => void {
  return openBrowser(url, process.platform, (reason) =>
    complain(`No browser could be opened: ${reason}. Open the address above yourself.`, 0),
  );
}

/** A second signal while stopping ends the process the hard way, as Node does by default. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

/** A reader that goes away (`serve | head -1`) does not end the server; other errors of the streams are bugs. */
function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners('error').includes(throwUnlessClosed)) stream.on('error', throwUnlessClosed);
  }
}

function throwUnlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(sentence: string, status: number): number {
  process.stderr.write(`fourtuple: ${sentence}\n`);
  return status;
}
