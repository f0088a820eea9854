/** Recipes for Go. */
import type { Recipe } from '../model.ts';

const IDLE_DATABASE =
  'The default keeps 2 idle connections (SetMaxIdleConns): under load the others are closed after each use.';

export const GO_RECIPES: readonly Recipe[] = [
  {
    id: 'go-http',
    runtime: 'go',
    protocol: 'http',
    title: 'One client whose transport keeps enough idle connections',
    language: 'go',
    before: `client := &http.Client{Transport: &http.Transport{}} // made in each call
res, err := client.Get(url)
defer res.Body.Close() // closed without being read: the connection is closed, too`,
    after: `var client = &http.Client{Transport: &http.Transport{ // once
	MaxIdleConnsPerHost: 100, // 2 by default
	IdleConnTimeout:     90 * time.Second,
}}

res, err := client.Get(url)
if err != nil {
	return err
}
defer res.Body.Close()
_, err = io.Copy(io.Discard, res.Body) // or decode it to its end`,
    pitfalls: [
      'With more than MaxIdleConnsPerHost (2 by default) requests at a time, the others are closed after each answer.',
      'The body has to be read to its end and closed.',
    ],
    source: 'go src/net/http/transport.go, DefaultMaxIdleConnsPerHost',
  },
  {
    id: 'go-mysql',
    runtime: 'go',
    protocol: 'mysql',
    title: 'One sql.DB with room for idle connections',
    language: 'go',
    before: `db, err := sql.Open("mysql", dsn) // in each call
defer db.Close()`,
    after: `db, err := sql.Open("mysql", dsn) // once: it is a pool
db.SetMaxOpenConns(50)
db.SetMaxIdleConns(50)`,
    pitfalls: [IDLE_DATABASE, 'Rows that are not closed keep their connection.'],
    source: 'go.dev, database/sql: managing connections',
  },
  {
    id: 'go-postgresql',
    runtime: 'go',
    protocol: 'postgresql',
    title: 'One pgxpool',
    language: 'go',
    before: `conn, err := pgx.Connect(ctx, url) // in each call
defer conn.Close(ctx)`,
    after: `pool, err := pgxpool.New(ctx, url) // once; pool_max_conns=20 in the URL

rows, err := pool.Query(ctx, query)`,
    pitfalls: ['Rows that are not closed keep their connection.'],
    source: 'jackc/pgx, pgxpool',
  },
  {
    id: 'go-redis',
    runtime: 'go',
    protocol: 'redis',
    title: 'One go-redis client',
    language: 'go',
    before: `rdb := redis.NewClient(&redis.Options{Addr: addr}) // in each call
defer rdb.Close()`,
    after: `var rdb = redis.NewClient(&redis.Options{Addr: addr, PoolSize: 50}) // once`,
    pitfalls: ['MinIdleConns is 0 by default: set it where bursts are usual.'],
    source: 'redis/go-redis, options',
  },
  {
    id: 'go-grpc',
    runtime: 'go',
    protocol: 'grpc',
    title: 'One ClientConn for each service',
    language: 'go',
    before: `conn, err := grpc.NewClient(target, opts...) // in each call
defer conn.Close()`,
    after: `var conn, err = grpc.NewClient(target, opts...) // once: calls share it`,
    pitfalls: ['Balance calls with round_robin; a balancer of TCP connections balances nothing here.'],
    source: 'grpc.io, performance best practices: re-use stubs and channels',
  },
];
