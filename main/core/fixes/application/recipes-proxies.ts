/** Recipes for proxies and load generators: configuration and command lines. */
import type { Recipe } from '../model.ts';

const BLAMED = 'A load generator that runs out of ports reports errors that look like the server’s.';

export const PROXY_RECIPES: readonly Recipe[] = [
  {
    id: 'nginx-upstream',
    runtime: 'nginx',
    protocol: 'http',
    title: 'Keep connections to the upstream open',
    language: 'nginx',
    before: `location / {
    proxy_pass http://10.0.3.12:8080;
}`,
    after: `upstream orders {
    server 10.0.3.12:8080;
    keepalive 64;
}

location / {
    proxy_pass http://orders;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
}`,
    pitfalls: [
      'keepalive counts for each worker: in all it is workers times that number.',
      'Only an explicit upstream block keeps connections; since 1.29.7 keepalive 32 is its default.',
    ],
    source: 'nginx.org, ngx_http_upstream_module, keepalive',
  },
  {
    id: 'haproxy-reuse',
    runtime: 'haproxy',
    protocol: 'http',
    title: 'Share connections to the servers',
    language: 'haproxy',
    before: `backend orders
    http-reuse never
    option httpclose
    server s1 10.0.3.12:8080`,
    after: `backend orders
    http-reuse aggressive
    server s1 10.0.3.12:8080 pool-max-conn 200`,
    pitfalls: [
      'Connections that are private to a client (NTLM) are never shared.',
      'A source with a range of ports binds before it connects: the ports then count for all servers together.',
    ],
    source: 'docs.haproxy.org, http-reuse',
  },
  {
    id: 'ab-keep-alive',
    runtime: 'ab',
    protocol: 'http',
    title: 'ab with -k',
    language: 'sh',
    before: 'ab -n 100000 -c 50 http://10.0.3.12/',
    after: 'ab -k -n 100000 -c 50 http://10.0.3.12/',
    pitfalls: [BLAMED, 'Without -k each request is a connection.'],
    source: 'httpd.apache.org, ab, -k',
  },
  {
    id: 'wrk-keep-alive',
    runtime: 'wrk',
    protocol: 'http',
    title: 'wrk without Connection: close',
    language: 'sh',
    before: "wrk -t4 -c100 -d60s -H 'Connection: close' http://10.0.3.12/",
    after: 'wrk -t4 -c100 -d60s http://10.0.3.12/',
    pitfalls: [BLAMED, 'wrk keeps its connections; a server that closes them makes it open new ones.'],
    source: 'wg/wrk, README',
  },
  {
    id: 'k6-keep-alive',
    runtime: 'k6',
    protocol: 'http',
    title: 'k6 with connections that last over iterations',
    language: 'javascript',
    before: `export const options = { vus: 100, noConnectionReuse: true };`,
    after: `export const options = { vus: 100, noConnectionReuse: false, noVUConnectionReuse: false };`,
    pitfalls: [BLAMED, 'noVUConnectionReuse: true opens new connections in each iteration.'],
    source: 'grafana.com, k6 options',
  },
];
