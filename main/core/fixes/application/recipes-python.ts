/** Recipes for Python. */
import type { Recipe } from '../model.ts';

export const PYTHON_RECIPES: readonly Recipe[] = [
  {
    id: 'python-requests',
    runtime: 'python',
    protocol: 'http',
    title: 'One requests.Session for all requests',
    language: 'python',
    before: `for item in items:
    answer = requests.get(f"https://api.internal/{item}")  # a connection each`,
    after: `session = requests.Session()  # once
session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=50))

for item in items:
    answer = session.get(f"https://api.internal/{item}")`,
    pitfalls: [
      'More threads than pool_maxsize (10 by default) open connections that are closed after one answer: the log says “Connection pool is full, discarding connection”.',
      'With stream=True an answer has to be read to its end or closed.',
    ],
    source: 'requests, advanced usage: session objects; urllib3, HTTPConnectionPool',
  },
  {
    id: 'python-httpx',
    runtime: 'python',
    protocol: 'http',
    title: 'One httpx client',
    language: 'python',
    before: `answer = httpx.get(url)  # a client and a connection each`,
    after: `client = httpx.Client(limits=httpx.Limits(max_keepalive_connections=50, keepalive_expiry=60))  # once

answer = client.get(url)`,
    pitfalls: ['20 connections stay open by default, for 5 s: less than the work needs means new ones.'],
    source: 'python-httpx.org, resource limits',
  },
  {
    id: 'python-mysql',
    runtime: 'python',
    protocol: 'mysql',
    title: 'An engine with a pool',
    language: 'python',
    before: `connection = pymysql.connect(**config)
with connection.cursor() as cursor:
    cursor.execute(sql)
connection.close()`,
    after: `engine = sqlalchemy.create_engine(url, pool_size=10, max_overflow=0, pool_pre_ping=True)  # once

with engine.connect() as connection:
    rows = connection.execute(sqlalchemy.text(sql)).all()`,
    pitfalls: [
      'Connections above pool_size (max_overflow, 10 by default) are closed after use.',
      'After fork() each process needs an engine of its own.',
    ],
    source: 'docs.sqlalchemy.org, connection pooling',
  },
  {
    id: 'python-postgresql',
    runtime: 'python',
    protocol: 'postgresql',
    title: 'A pool of psycopg',
    language: 'python',
    before: `with psycopg.connect(conninfo) as connection:  # a connection each
    rows = connection.execute(sql).fetchall()`,
    after: `pool = psycopg_pool.ConnectionPool(conninfo, min_size=4, max_size=20)  # once

with pool.connection() as connection:
    rows = connection.execute(sql).fetchall()`,
    pitfalls: ['Workers times max_size must stay below max_connections of the server.'],
    source: 'psycopg.org, psycopg_pool',
  },
  {
    id: 'python-redis',
    runtime: 'python',
    protocol: 'redis',
    title: 'One Redis client with its pool',
    language: 'python',
    before: `def read(key):
    return redis.Redis(host="cache.internal").get(key)  # a pool for each call`,
    after: `client = redis.Redis(host="cache.internal", max_connections=50)  # once

def read(key):
    return client.get(key)`,
    pitfalls: ['Each client has a pool of its own: one made within a function never gets a second use.'],
    source: 'redis-py documentation, connections',
  },
  {
    id: 'python-grpc',
    runtime: 'python',
    protocol: 'grpc',
    title: 'One gRPC channel',
    language: 'python',
    before: `with grpc.insecure_channel(address) as channel:  # a connection for each call
    order = OrdersStub(channel).Find(request)`,
    after: `channel = grpc.insecure_channel(address)  # once
orders = OrdersStub(channel)

order = orders.Find(request)`,
    pitfalls: ['Make the channel after fork(), not before it.'],
    source: 'grpc.io, performance best practices: re-use stubs and channels',
  },
];
