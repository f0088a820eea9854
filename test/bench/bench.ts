/** `npm run bench`: printed figures on this machine. Asserts nothing; compares with peers in the same run. */
import { fileURLToPath } from 'node:url';
import { startLoad } from '../support/load/load.ts';
import { namespaceMissing, openNamespace } from '../support/namespace.ts';
import { benchHistory } from './history-bench.ts';
import { benchImports } from './import-bench.ts';
import { benchParsers } from './parser-bench.ts';
import { benchQueries } from './query-bench.ts';

const SOCKETS_EACH = 20_000;
const PORTS = [901, 902, 903, 904, 905];
const FLOOD_LIMIT_MS = 120_000;

const print = (line: string) => void process.stdout.write(`${line}\n`);

await benchSampling();
print('\nQueries over a synthetic table');
benchQueries(print);
print('\nParsers over recordings repeated to 1,000,000 lines');
benchParsers(print);
print('\nFiles from other machines');
await benchImports(print);
print('\nHistory');
benchHistory(print);

/** A namespace of our own with 100,000 sockets in TIME_WAIT, measured from inside. */
async function benchSampling(): Promise<void> {
  const missing = namespaceMissing();
  if (missing) return print(`Sampling: not measured, ${missing}`);
  const namespace = await openNamespace({
    portRange: { first: 1024, last: 65535 },
    twReuse: 0,
    twBuckets: 500_000,
  });
  const servers = PORTS.map((port) => ({ address: '127.0.0.1', port }));
  const load = startLoad(
    { servers, clients: servers.map((server) => ({ ...server, count: SOCKETS_EACH })), seconds: 170 },
    namespace,
  );
  try {
    await load.first('flooded', FLOOD_LIMIT_MS);
    const program = fileURLToPath(new URL('./sampling-bench.ts', import.meta.url));
    const { stdout, stderr, status } = namespace.run([process.execPath, program]);
    print(status === 0 ? stdout.trimEnd() : `Sampling: failed, ${stderr.trim()}`);
  } finally {
    await load.stop();
    await namespace.close();
  }
}
