/** Recipes for .NET. */
import type { Recipe } from '../model.ts';

const DRIVER_POOLS =
  'The driver pools by connection string: strings that differ in one letter have pools of their own.';

export const DOTNET_RECIPES: readonly Recipe[] = [
  {
    id: 'dotnet-http',
    runtime: 'dotnet',
    protocol: 'http',
    title: 'One HttpClient, or IHttpClientFactory',
    language: 'csharp',
    before: `using var client = new HttpClient(); // its connections go to TIME_WAIT with it
var answer = await client.GetAsync(url);`,
    after: `private static readonly HttpClient Client = new(new SocketsHttpHandler
{
    PooledConnectionLifetime = TimeSpan.FromMinutes(15),
});

using var answer = await Client.GetAsync(url);`,
    pitfalls: [
      'Without PooledConnectionLifetime a change of DNS is never noticed.',
      'An answer has to be disposed or read to its end.',
    ],
    source: 'Microsoft, guidelines for using HttpClient',
  },
  {
    id: 'dotnet-mysql',
    runtime: 'dotnet',
    protocol: 'mysql',
    title: 'Let MySqlConnector pool',
    language: 'csharp',
    before: `await using var connection = new MySqlConnection("Server=db;Pooling=false;…");`,
    after: `await using var connection = new MySqlConnection("Server=db;Maximum Pool Size=50;…");
await connection.OpenAsync(); // from the pool; disposing gives it back`,
    pitfalls: [DRIVER_POOLS],
    source: 'mysqlconnector.net, connection options',
  },
  {
    id: 'dotnet-postgresql',
    runtime: 'dotnet',
    protocol: 'postgresql',
    title: 'One NpgsqlDataSource',
    language: 'csharp',
    before: `await using var connection = new NpgsqlConnection("Host=db;Pooling=false;…");`,
    after: `var source = NpgsqlDataSource.Create("Host=db;Maximum Pool Size=50;…"); // once

await using var connection = await source.OpenConnectionAsync();`,
    pitfalls: [DRIVER_POOLS],
    source: 'npgsql.org, basic usage and connection string parameters',
  },
  {
    id: 'dotnet-redis',
    runtime: 'dotnet',
    protocol: 'redis',
    title: 'One ConnectionMultiplexer',
    language: 'csharp',
    before: `using var redis = ConnectionMultiplexer.Connect("cache.internal");
return redis.GetDatabase().StringGet(key);`,
    after: `private static readonly ConnectionMultiplexer Redis = ConnectionMultiplexer.Connect("cache.internal");

return Redis.GetDatabase().StringGet(key);`,
    pitfalls: ['It is made to be shared by all threads: a pool of multiplexers is seldom needed.'],
    source: 'StackExchange.Redis, basic usage',
  },
  {
    id: 'dotnet-grpc',
    runtime: 'dotnet',
    protocol: 'grpc',
    title: 'One GrpcChannel',
    language: 'csharp',
    before: `using var channel = GrpcChannel.ForAddress(address);
return await new Orders.OrdersClient(channel).FindAsync(request);`,
    after: `private static readonly GrpcChannel Channel = GrpcChannel.ForAddress(address);

return await new Orders.OrdersClient(Channel).FindAsync(request);`,
    pitfalls: ['More than 100 calls at a time wait, unless EnableMultipleHttp2Connections is set.'],
    source: 'Microsoft, performance best practices with gRPC',
  },
];
