/**
 * What runs a program, so that the remedy can name the right switch: recognised from what the process is called, its
 * executable and its command line. Pure; knows names, not contents.
 */
import type { SocketOwner } from './model.ts';

export type RuntimeId =
  | 'node'
  | 'bun'
  | 'deno'
  | 'python'
  | 'java'
  | 'dotnet'
  | 'php'
  | 'ruby'
  | 'perl'
  | 'go'
  | 'nginx'
  | 'haproxy'
  | 'envoy'
  | 'apache'
  | 'traefik'
  | 'caddy'
  | 'varnish'
  | 'squid'
  | 'pgbouncer'
  | 'curl'
  | 'wget'
  | 'ab'
  | 'wrk'
  | 'hey'
  | 'k6'
  | 'vegeta'
  | 'jmeter'
  | 'gatling'
  | 'locust'
  | 'siege'
  | 'netcat'
  | 'mysql'
  | 'psql'
  | 'redis-cli'
  | 'ssh'
  | 'shell';

/** File names, without folder, version and ".exe", in lower case. */
const BY_NAME: Readonly<Record<RuntimeId, readonly string[]>> = {
  node: ['node', 'nodejs', 'npm', 'npx', 'electron'],
  bun: ['bun'],
  deno: ['deno'],
  python: ['python', 'pypy', 'gunicorn', 'uwsgi', 'uvicorn', 'celery'],
  java: ['java', 'javaw', 'jsvc'],
  dotnet: ['dotnet', 'w3wp', 'mono'],
  php: ['php', 'php-fpm', 'php-cgi'],
  ruby: ['ruby', 'puma', 'unicorn', 'sidekiq'],
  perl: ['perl'],
  go: ['go'],
  nginx: ['nginx', 'openresty'],
  haproxy: ['haproxy'],
  envoy: ['envoy'],
  apache: ['httpd', 'apache2'],
  traefik: ['traefik'],
  caddy: ['caddy'],
  varnish: ['varnishd'],
  squid: ['squid'],
  pgbouncer: ['pgbouncer'],
  curl: ['curl'],
  wget: ['wget'],
  ab: ['ab'],
  wrk: ['wrk', 'wrk2'],
  hey: ['hey'],
  k6: ['k6'],
  vegeta: ['vegeta'],
  jmeter: ['jmeter'],
  gatling: ['gatling'],
  locust: ['locust'],
  siege: ['siege'],
  netcat: ['nc', 'ncat', 'netcat', 'socat'],
  mysql: ['mysql', 'mysqladmin', 'mysqldump', 'mariadb'],
  psql: ['psql', 'pg_dump', 'pgbench'],
  'redis-cli': ['redis-cli', 'redis-benchmark'],
  ssh: ['ssh', 'scp', 'sftp'],
  shell: ['bash', 'sh', 'dash', 'zsh', 'ash', 'ksh', 'busybox'],
};

/**
 * Programs that run inside another and matter more than it: a load generator on the JVM is the load generator. A word of
 * the command line has to match whole.
 */
const BY_ARGUMENT: readonly { within: readonly RuntimeId[]; words: RegExp; runtime: RuntimeId }[] = [
  { within: ['java'], words: /^(?:org\.apache\.jmeter\.\S+|\S*ApacheJMeter\.jar)$/, runtime: 'jmeter' },
  { within: ['java'], words: /^io\.gatling\.\S+$/, runtime: 'gatling' },
  { within: ['python'], words: /^(?:\S*\/)?locust$/, runtime: 'locust' },
];

const RUNTIME_OF = new Map(
  Object.entries(BY_NAME).flatMap(([runtime, names]) => names.map((name) => [name, runtime as RuntimeId])),
);

/** Words of a command line that are looked at; what follows are the program's own data. */
const WORDS_READ = 64;

/** The runtime or well-known program of a process, or null when it is none of those known. */
export function recogniseRuntime(
  owner: Pick<SocketOwner, 'process' | 'commandLine' | 'executable'>,
): RuntimeId | null {
  const words = (owner.commandLine ?? '').split(' ', WORDS_READ);
  // The executable cannot be chosen by the process; its name and command line can, so they speak only after it.
  const runtime = byFile(owner.executable) ?? byFile(owner.process) ?? byFile(words[0]) ?? byTitle(words[0]);
  const inside = BY_ARGUMENT.find(
    ({ within, words: word }) =>
      runtime !== null && within.includes(runtime) && words.some((each) => word.test(each)),
  );
  return inside?.runtime ?? runtime;
}

/** "/usr/bin/python3.11" → python; "php-fpm8.2" → php; "C:\\nginx\\nginx.exe" → nginx. */
function byFile(path: string | null | undefined): RuntimeId | null {
  if (!path) return null;
  const name = path
    .slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
    .toLowerCase()
    .replace(/ \(deleted\)$/, '')
    .replace(/\.exe$/, '');
  return RUNTIME_OF.get(name) ?? RUNTIME_OF.get(name.replace(/[-_]?\d+(?:\.\d+)*$/, '')) ?? null;
}

/** "nginx: worker process", "php-fpm: pool www": daemons that write a title where the command line was. */
function byTitle(word: string | undefined): RuntimeId | null {
  return word?.endsWith(':') ? byFile(word.slice(0, -1)) : null;
}
