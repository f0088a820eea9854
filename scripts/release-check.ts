/**
 * `npm run release:check` (hardening P2): Electron's major must be one of the three newest on the registry, which are
 * those that get fixes. Status 1 when it is not, 75 (EX_TEMPFAIL) when the registry could not be asked.
 */
import { spawn } from 'node:child_process';
import packageJson from '../package.json' with { type: 'json' };

/** https://www.electronjs.org/docs/latest/tutorial/electron-timelines: the latest three stable majors are supported. */
const SUPPORTED_MAJORS = 3;
const ASK_LIMIT_MS = 60_000;

if (import.meta.main) process.exitCode = await releaseCheck();

async function releaseCheck(): Promise<number> {
  const answer = await askRegistry('electron');
  const used = packageJson.devDependencies.electron;
  const judged = answer === null ? null : judgeElectron(used, answer);
  if (judged === null) {
    process.stderr.write('release:check was not made: the registry gave no list of versions of Electron.\n');
    return 75;
  }
  process.stdout.write(`${judged.sentence}\n`);
  return judged.isSupported ? 0 : 1;
}

export interface Judgement {
  isSupported: boolean;
  sentence: string;
}

/** `answer` is what `npm view electron versions --json` printed; null when it is no list of versions. */
export function judgeElectron(used: string, answer: string): Judgement | null {
  const stable = stableVersions(answer);
  const majors = [...new Set(stable.map(majorOf))].sort((a, b) => b - a);
  const oldest = majors[SUPPORTED_MAJORS - 1];
  if (oldest === undefined) return null;
  const isSupported = majorOf(used) >= oldest;
  const same = stable.filter((version) => majorOf(version) === majorOf(used));
  const newest = same.reduce((a, b) => (isNewer(b, a) ? b : a), used);
  const patch = newest === used ? 'it is the newest of its major' : `the newest of its major is ${newest}`;
  const supported = majors.slice(0, SUPPORTED_MAJORS).join(', ');
  return {
    isSupported,
    sentence: `Electron ${used} ${isSupported ? 'is supported' : 'gets no fixes any more'}: the supported majors are ${supported}; ${patch}.`,
  };
}

function stableVersions(answer: string): string[] {
  try {
    const list: unknown = JSON.parse(answer);
    return Array.isArray(list)
      ? list.filter((one): one is string => typeof one === 'string' && /^\d+\.\d+\.\d+$/.test(one))
      : [];
  } catch {
    return [];
  }
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

function isNewer(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Through npm, so that whatever registry and proxy it is set to use are used. */
function askRegistry(name: string): Promise<string | null> {
  const argv = ['view', name, 'versions', '--json'];
  // npm says where it is; asked directly, Node needs no shell on Windows.
  const script = process.env['npm_execpath'];
  const child = script?.endsWith('.js')
    ? spawn(process.execPath, [script, ...argv], {
        stdio: ['ignore', 'pipe', 'inherit'],
        timeout: ASK_LIMIT_MS,
      })
    : spawn('npm', argv, { stdio: ['ignore', 'pipe', 'inherit'], timeout: ASK_LIMIT_MS });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  return new Promise((settle) => {
    child.once('error', () => settle(null));
    child.once('close', (code) => settle(code === 0 ? out : null));
  });
}
