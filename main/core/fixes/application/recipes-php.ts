/** Recipes for PHP. A worker of php-fpm keeps what is persistent; nothing is shared between workers. */
import type { Recipe } from '../model.ts';

const WORKERS =
  'Each worker of php-fpm keeps connections of its own: workers times connections have to fit on the server.';

export const PHP_RECIPES: readonly Recipe[] = [
  {
    id: 'php-http',
    runtime: 'php',
    protocol: 'http',
    title: 'One curl handle for all requests of a worker',
    language: 'php',
    before: `function read(string $url): string {
    $curl = curl_init($url); // a connection each
    curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
    return curl_exec($curl);
}`,
    after: `function read(string $url): string {
    static $curl = null;
    $curl ??= curl_init();
    curl_setopt_array($curl, [CURLOPT_URL => $url, CURLOPT_RETURNTRANSFER => true]);
    return curl_exec($curl);
}`,
    pitfalls: [
      'Under php-fpm a handle ends with its request; PHP 8.5 has curl_share_init_persistent(), else put a local proxy between.',
      'A connection that was idle for 118 s is not used again.',
    ],
    source: 'php.net, curl; curl.se, CURLOPT_MAXAGE_CONN',
  },
  {
    id: 'php-mysql',
    runtime: 'php',
    protocol: 'mysql',
    title: 'Persistent PDO connections',
    language: 'php',
    before: `$db = new PDO($dsn, $user, $password);`,
    after: `$db = new PDO($dsn, $user, $password, [PDO::ATTR_PERSISTENT => true]);`,
    pitfalls: [WORKERS, 'A transaction or a lock that is left open goes on to the next request.'],
    source: 'php.net, PDO: connections and connection management',
  },
  {
    id: 'php-postgresql',
    runtime: 'php',
    protocol: 'postgresql',
    title: 'Persistent connections, or PgBouncer on the same machine',
    language: 'php',
    before: `$db = pg_connect($conninfo);`,
    after: `$db = pg_pconnect($conninfo); // or host=/run/postgresql with PgBouncer: a Unix socket needs no port`,
    pitfalls: [WORKERS],
    source: 'php.net, pg_pconnect; pgbouncer.org',
  },
  {
    id: 'php-redis',
    runtime: 'php',
    protocol: 'redis',
    title: 'pconnect of phpredis',
    language: 'php',
    before: `$redis->connect('cache.internal');`,
    after: `$redis->pconnect('cache.internal');`,
    pitfalls: [WORKERS, 'The chosen database stays chosen: select() at the beginning.'],
    source: 'phpredis/phpredis, README',
  },
  {
    id: 'php-grpc',
    runtime: 'php',
    protocol: 'grpc',
    title: 'The channel that the extension keeps',
    language: 'php',
    before: `$client = new OrdersClient($address, $options + ['force_new' => true]);`,
    after: `$client = new OrdersClient($address, $options); // the extension keeps the channel of a worker`,
    pitfalls: [WORKERS],
    source: 'grpc/grpc, src/php: persistent channels',
  },
];
