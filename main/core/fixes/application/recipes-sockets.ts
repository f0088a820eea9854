/** Recipes that are about sockets rather than about a client library. */
import type { Recipe } from '../model.ts';

export const CLOSE_RECIPES: readonly Recipe[] = [
  {
    id: 'close-python',
    runtime: 'python',
    protocol: 'tcp',
    title: 'Close when the other side has closed',
    language: 'python',
    before: `data = sock.recv(4096)  # b"" is the end, and is taken for no data
handle(data)`,
    after: `with sock:
    while data := sock.recv(4096):  # b"" ends the loop
        handle(data)`,
    pitfalls: ['An exception between open and close leaks the socket, unless with or finally closes it.'],
    source: 'recv(2); docs.python.org, socket',
  },
  {
    id: 'close-java',
    runtime: 'java',
    protocol: 'tcp',
    title: 'Close in try-with-resources',
    language: 'java',
    before: `Socket socket = new Socket(host, port);
read(socket.getInputStream()); // an exception leaves it open`,
    after: `try (Socket socket = new Socket(host, port)) {
    read(socket.getInputStream()); // read() of -1 is the end
}`,
    pitfalls: ['A pool that does not test its connections hands out those that the server closed.'],
    source: 'docs.oracle.com, java.net.Socket',
  },
  {
    id: 'close-node',
    runtime: 'node',
    protocol: 'tcp',
    title: 'End the socket when the other side ends',
    language: 'javascript',
    before: `const server = net.createServer({ allowHalfOpen: true }, (socket) => socket.on('data', handle));`,
    after: `const server = net.createServer((socket) => {
  socket.setTimeout(60_000, () => socket.destroy());
  socket.on('data', handle).on('error', () => socket.destroy());
});`,
    pitfalls: ['With allowHalfOpen the program has to call end() itself.'],
    source: 'nodejs/node, doc/api/net.md',
  },
  {
    id: 'close-go',
    runtime: 'go',
    protocol: 'tcp',
    title: 'defer Close on each connection',
    language: 'go',
    before: `conn, err := net.Dial("tcp", addr)
n, err := conn.Read(buf) // returns on an error without closing`,
    after: `conn, err := net.Dial("tcp", addr)
if err != nil {
	return err
}
defer conn.Close()`,
    pitfalls: ['A goroutine that waits for ever keeps its connection: SetReadDeadline.'],
    source: 'pkg.go.dev, net.Conn',
  },
];

export const TIMEOUT_RECIPES: readonly Recipe[] = [
  {
    id: 'timeout-python',
    runtime: 'python',
    protocol: 'http',
    title: 'A limit for the attempt, and one for the answer',
    language: 'python',
    before: `session.get(url)  # waits as long as the kernel tries: two minutes`,
    after: `session.get(url, timeout=(3, 30))  # seconds to connect, to read`,
    pitfalls: ['Tries that follow at once make the pile larger: wait longer after each.'],
    source: 'requests, timeouts',
  },
  {
    id: 'timeout-node',
    runtime: 'node',
    protocol: 'http',
    title: 'A limit for the request',
    language: 'javascript',
    before: `await fetch(url);`,
    after: `await fetch(url, { signal: AbortSignal.timeout(5000) });`,
    pitfalls: ['Tries that follow at once make the pile larger: wait longer after each.'],
    source: 'nodejs/node, AbortSignal.timeout',
  },
  {
    id: 'timeout-java',
    runtime: 'java',
    protocol: 'http',
    title: 'connectTimeout of HttpClient',
    language: 'java',
    before: `HttpClient.newHttpClient();`,
    after: `HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();`,
    pitfalls: ['A limit for the answer is one of the request: HttpRequest.Builder.timeout().'],
    source: 'openjdk, HttpClient.Builder',
  },
  {
    id: 'timeout-go',
    runtime: 'go',
    protocol: 'tcp',
    title: 'A dialer with a timeout',
    language: 'go',
    before: `net.Dial("tcp", addr)`,
    after: `(&net.Dialer{Timeout: 3 * time.Second}).DialContext(ctx, "tcp", addr)`,
    pitfalls: ['The zero value of Dialer.Timeout means the kernel’s own limit.'],
    source: 'pkg.go.dev, net.Dialer',
  },
  {
    id: 'timeout-dotnet',
    runtime: 'dotnet',
    protocol: 'http',
    title: 'ConnectTimeout of the handler',
    language: 'csharp',
    before: `new HttpClient();`,
    after: `new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(3) });`,
    pitfalls: ['HttpClient.Timeout is for the whole request, 100 s by default.'],
    source: 'Microsoft, SocketsHttpHandler.ConnectTimeout',
  },
];

export const LATE_BIND_RECIPES: readonly Recipe[] = [
  {
    id: 'late-bind-c',
    runtime: 'any',
    protocol: 'tcp',
    title: 'IP_BIND_ADDRESS_NO_PORT before bind()',
    language: 'c',
    before: `bind(fd, &source, sizeof source);   /* port 0: one port for all destinations */
connect(fd, &peer, sizeof peer);`,
    after: `int one = 1;
setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
bind(fd, &source, sizeof source);   /* the address only */
connect(fd, &peer, sizeof peer);    /* chooses the port for this destination */`,
    pitfalls: ['Linux 4.2 and later; where no address has to be chosen, leave bind() out.'],
    source: 'ip(7), IP_BIND_ADDRESS_NO_PORT; measured on 6.18',
  },
  {
    id: 'late-bind-python',
    runtime: 'python',
    protocol: 'tcp',
    title: 'The same in Python',
    language: 'python',
    before: `s = socket.create_connection(peer, source_address=("192.0.2.11", 0))`,
    after: `s = socket.socket()
s.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
s.bind(("192.0.2.11", 0))
s.connect(peer)`,
    pitfalls: ['source_address with port 0 takes the port at bind().'],
    source: 'ip(7), IP_BIND_ADDRESS_NO_PORT',
  },
  {
    id: 'late-bind-haproxy',
    runtime: 'haproxy',
    protocol: 'tcp',
    title: 'source without a range of ports',
    language: 'haproxy',
    before: `server s1 10.0.3.12:443 source 192.0.2.11:10000-60000`,
    after: `server s1 10.0.3.12:443 source 192.0.2.11`,
    pitfalls: ['With a range HAProxy chooses the ports itself, one for all servers.'],
    source: 'docs.haproxy.org, source',
  },
];
