/** Recipes for the JVM. */
import type { Recipe } from '../model.ts';

const LIFETIME = 'maxLifetime must be shorter than what the server or a balancer allows a connection.';

export const JAVA_RECIPES: readonly Recipe[] = [
  {
    id: 'java-http',
    runtime: 'java',
    protocol: 'http',
    title: 'One HttpClient for the process',
    language: 'java',
    before: `HttpResponse<String> answer = HttpClient.newHttpClient() // a client and its connections each
    .send(request, BodyHandlers.ofString());`,
    after: `private static final HttpClient CLIENT = HttpClient.newHttpClient();

HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());`,
    pitfalls: [
      'A body that is not read to its end keeps its connection.',
      'Idle connections are closed after 30 s (jdk.httpclient.keepalive.timeout).',
    ],
    source: 'openjdk, module java.net.http',
  },
  {
    id: 'java-apache-http',
    runtime: 'java',
    protocol: 'http',
    title: 'Apache HttpClient with enough pooled connections',
    language: 'java',
    before: `try (CloseableHttpClient client = HttpClients.createDefault()) { // closed after one request
    client.execute(request, handler);
}`,
    after: `var connections = new PoolingHttpClientConnectionManager();
connections.setMaxTotal(200);
connections.setDefaultMaxPerRoute(100);
CloseableHttpClient client = HttpClients.custom().setConnectionManager(connections).build(); // once

client.execute(request, handler);`,
    pitfalls: [
      'Version 4 allows 2 connections a route and 20 in all by default: too few look like a slow network.',
      'An entity that is not consumed keeps its connection leased.',
    ],
    source: 'Apache HttpClient, PoolingHttpClientConnectionManager',
  },
  {
    id: 'java-mysql',
    runtime: 'java',
    protocol: 'mysql',
    title: 'One HikariCP data source',
    language: 'java',
    before: `try (Connection connection = DriverManager.getConnection(url)) { … }`,
    after: `HikariConfig config = new HikariConfig();
config.setJdbcUrl(url);
config.setMaximumPoolSize(10);
HikariDataSource source = new HikariDataSource(config); // once

try (Connection connection = source.getConnection()) { … }`,
    pitfalls: [LIFETIME, 'A data source for each request is worse than none.'],
    source: 'brettwooldridge/HikariCP, README',
  },
  {
    id: 'java-postgresql',
    runtime: 'java',
    protocol: 'postgresql',
    title: 'One HikariCP data source',
    language: 'java',
    before: `try (Connection connection = DriverManager.getConnection(url)) { … }`,
    after: `HikariConfig config = new HikariConfig();
config.setJdbcUrl("jdbc:postgresql://db.internal/orders");
config.setMaximumPoolSize(10);
HikariDataSource source = new HikariDataSource(config); // once

try (Connection connection = source.getConnection()) { … }`,
    pitfalls: [LIFETIME, 'With PgBouncer in transaction mode set prepareThreshold=0.'],
    source: 'brettwooldridge/HikariCP, README; pgbouncer.org, features',
  },
  {
    id: 'java-redis',
    runtime: 'java',
    protocol: 'redis',
    title: 'One pool of Jedis, or one Lettuce connection',
    language: 'java',
    before: `try (Jedis jedis = new Jedis("cache.internal")) { jedis.get(key); }`,
    after: `JedisPooled jedis = new JedisPooled("cache.internal", 6379); // once

jedis.get(key);`,
    pitfalls: ['The pool has 8 connections by default: more threads wait for one.'],
    source: 'redis/jedis, README',
  },
  {
    id: 'java-grpc',
    runtime: 'java',
    protocol: 'grpc',
    title: 'One ManagedChannel for each service',
    language: 'java',
    before: `ManagedChannel channel = ManagedChannelBuilder.forTarget(target).build();
OrdersGrpc.newBlockingStub(channel).find(request);
channel.shutdown();`,
    after: `private final ManagedChannel channel = ManagedChannelBuilder.forTarget(target).build(); // once

OrdersGrpc.newBlockingStub(channel).find(request);`,
    pitfalls: ['A balancer of TCP connections sends all calls of one channel to one server.'],
    source: 'grpc.io, performance best practices: re-use stubs and channels',
  },
];
