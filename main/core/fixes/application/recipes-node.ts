/** Recipes for Node.js. Facts: the clients' own documentation, as cited with each. */
import type { Recipe } from '../model.ts';

const UNREAD = 'An answer that is not read to its end keeps its connection busy.';

export const NODE_RECIPES: readonly Recipe[] = [
  {
    id: 'node-http',
    runtime: 'node',
    protocol: 'http',
    title: 'One agent with keep-alive for all requests',
    language: 'javascript',
    before: `// An agent made without keepAlive opens a connection for each request.
http.get({ host: 'api.internal', path: '/', agent: new http.Agent() }, onAnswer);`,
    after: `// Once, when the program starts:
const agent = new http.Agent({ keepAlive: true, maxSockets: 100 });

http.get({ host: 'api.internal', path: '/', agent }, (answer) => {
  answer.resume(); // or read it: only then is the connection free again
});`,
    pitfalls: [
      UNREAD,
      'The default agent keeps connections alive since Node 19; an agent of your own only with keepAlive: true.',
      'A server that closes idle connections after 5 s can meet a request in flight (ECONNRESET): send it again.',
    ],
    source: 'nodejs/node, doc/api/http.md, new Agent(options)',
  },
  {
    id: 'node-fetch',
    runtime: 'node',
    protocol: 'http',
    title: 'A limit for the connections of fetch()',
    language: 'javascript',
    before: `const answer = await fetch(url);
if (!answer.ok) throw new Error(\`status \${answer.status}\`); // the body is never read`,
    after: `import { Agent, setGlobalDispatcher } from 'undici';
setGlobalDispatcher(new Agent({ connections: 100 }));

const answer = await fetch(url);
if (!answer.ok) {
  await answer.body?.cancel(); // gives the connection back
  throw new Error(\`status \${answer.status}\`);
}`,
    pitfalls: [
      'A body that is neither read nor cancelled holds its connection until garbage is collected.',
      'Without a limit each request in flight has a connection of its own.',
    ],
    source: 'nodejs/undici, docs/api/Client.md and Pool.md',
  },
  {
    id: 'node-mysql',
    runtime: 'node',
    protocol: 'mysql',
    title: 'A pool of mysql2 instead of a connection for each query',
    language: 'javascript',
    before: `const connection = await mysql.createConnection(config);
const [rows] = await connection.query(sql);
await connection.end();`,
    after: `const pool = mysql.createPool({ ...config, connectionLimit: 10 }); // once

const [rows] = await pool.query(sql);`,
    pitfalls: [
      'A pool made within a request is as bad as a connection for each.',
      'A transaction needs one connection: pool.getConnection(), and release() in finally.',
    ],
    source: 'sidorares/node-mysql2, documentation of createPool',
  },
  {
    id: 'node-postgresql',
    runtime: 'node',
    protocol: 'postgresql',
    title: 'One pool of pg for the process',
    language: 'javascript',
    before: `const client = new Client(config);
await client.connect();
const { rows } = await client.query(sql);
await client.end();`,
    after: `const pool = new Pool({ ...config, max: 20 }); // once

const { rows } = await pool.query(sql);`,
    pitfalls: [
      'A client from pool.connect() has to be released in finally, or the pool runs dry.',
      'Pods times pool size must stay below max_connections of the server: PgBouncer stands between where it does not.',
    ],
    source: 'brianc/node-postgres, documentation of Pool',
  },
  {
    id: 'node-redis',
    runtime: 'node',
    protocol: 'redis',
    title: 'One Redis client for the life of the process',
    language: 'javascript',
    before: `const client = await createClient({ url }).connect();
const value = await client.get(key);
await client.close();`,
    after: `const client = await createClient({ url }).connect(); // once; commands share it

const value = await client.get(key);`,
    pitfalls: ['A subscriber needs a connection of its own: client.duplicate().'],
    source: 'redis/node-redis, README',
  },
  {
    id: 'node-grpc',
    runtime: 'node',
    protocol: 'grpc',
    title: 'One gRPC client for each service',
    language: 'javascript',
    before: `const client = new Orders(address, credentials);
client.find(request, (error, order) => client.close());`,
    after: `const client = new Orders(address, credentials); // once: calls share its HTTP/2 connection

client.find(request, onOrder);`,
    pitfalls: [
      'A balancer of TCP connections sends all calls of one channel to one server: balance calls instead.',
    ],
    source: 'grpc.io, performance best practices: re-use stubs and channels',
  },
];
