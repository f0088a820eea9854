/**
 * Starts a program that cannot see some paths: node support-masked.mjs '["/proc"]' program argument…
 * Must run in a mount namespace of its own; each path is covered by an empty folder or an empty file.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

const [masked = '[]', program = '', ...rest] = process.argv.slice(2);
for (const path of JSON.parse(masked)) {
  const argv = statSync(path).isDirectory()
    ? ['-t', 'tmpfs', '-o', 'size=4k,mode=0555', 'none', path]
    : ['--bind', '/dev/null', path];
  const mounted = spawnSync('mount', argv, { encoding: 'utf8' });
  if (mounted.status !== 0) {
    process.stderr.write(`cannot cover ${path}: ${mounted.stderr}`);
    process.exit(70);
  }
}
const ran = spawnSync(program, rest, { stdio: 'inherit' });
process.exit(ran.status ?? 71);
