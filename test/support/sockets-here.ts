/**
 * Run inside a namespace: makes sockets in many states, then prints as one JSON object what sock_diag, /proc and ss see
 * of them at (nearly) the same moment.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { formatRowAddress } from '../../main/core/address.ts';
import { TCP_STATE_NAMES, TcpState } from '../../main/core/model.ts';
import { loadLibc } from '../../main/sampling/linux/libc.ts';
import { createLinuxPlatform } from '../../main/sampling/linux/platform.ts';
import { SocketTable } from '../../main/sampling/socket-table.ts';

export interface SocketsHere {
  /** "STATE address port address port" of each row, sorted. */
  diag: string[];
  proc: string[];
  live: string[];
  ss: string[];
  sources: string[];
  degradations: string[];
  /** Shortest and longest TIME_WAIT left, milliseconds, from sock_diag and from /proc. */
  timeWaitLeftMs: { diag: [number, number]; proc: [number, number] };
  /** Families of the rows on the port of the dual-stack listener whose both ends speak IPv4. */
  mappedFamilies: number[];
  /** Name and pid of the owner of the first row that has an inode. */
  owner: { process: string; pid: number } | null;
  unresolved: number;
  ownPid: number;
}

/** Closed connections: several datagrams full. */
const CLOSED_CONNECTIONS = 900;
export const BOUND_PORT = 7000;
export const HOSTILE_NAME = '\x1b[31m\u202eevil';

async function main(): Promise<void> {
  process.title = HOSTILE_NAME;
  const kept: Socket[] = [];
  const ipv4 = await listen('127.0.0.1', kept);
  const dual = await listen('::', kept);
  const ipv6 = await listen('::1', kept);
  await hold('127.0.0.1', portOf(ipv4), kept);
  await hold('127.0.0.1', portOf(dual), kept);
  await hold('::1', portOf(ipv6), kept);
  for (let i = 0; i < CLOSED_CONNECTIONS; i++)
    await openAndClose(i % 2 === 0 ? '127.0.0.1' : '::1', i % 2 === 0 ? ipv4 : ipv6);
  bindOnly(BOUND_PORT);
  await pause(100);
  process.stdout.write(JSON.stringify(look(portOf(dual))));
  process.exit(0);
}

async function listen(host: string, kept: Socket[]): Promise<Server> {
  const server = createServer({ allowHalfOpen: false }, (socket) =>
    kept.push(socket.on('error', () => undefined)),
  );
  server.listen({ host, port: 0, backlog: 100 });
  await once(server, 'listening');
  return server;
}

async function hold(host: string, port: number, kept: Socket[]): Promise<void> {
  const socket = connect({ host, port });
  await once(socket, 'connect');
  kept.push(socket);
}

async function openAndClose(host: string, server: Server): Promise<void> {
  const socket = connect({ host, port: portOf(server) });
  await once(socket, 'connect');
  socket.end();
  socket.resume();
  await once(socket, 'close');
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** A socket that is bound and neither listens nor connects; Node has none, so the C library makes it. */
function bindOnly(port: number): void {
  const libc = loadLibc();
  if (!libc.ok) throw new Error('no C library');
  const fd = libc.value.socket(2, 1, 0);
  const address = new Uint8Array(16);
  new Uint16Array(address.buffer)[0] = 2;
  address.set([port >> 8, port & 255, 127, 0, 0, 2], 2);
  if (libc.value.bind(fd, address, address.length) !== 0) throw new Error(`bind: ${libc.value.errno()}`);
}

function look(dualPort: number): SocketsHere {
  const best = openSource('best');
  const plain = openSource('proc');
  const diag = new SocketTable();
  const proc = new SocketTable();
  const live = new SocketTable();
  const ss = spawnSync('ss', ['-tanH'], { encoding: 'utf8', maxBuffer: 1 << 26 }).stdout;
  const dumps = [best.source.dump(diag), best.source.dumpLive(live), plain.source.dump(proc)];
  const codes = dumps.flatMap((dump) =>
    dump.ok ? dump.value.degradations.map(({ code }) => code) : [dump.failure.code],
  );
  const facts = best.owners.resolve(diag, 2000);
  const row = diag.inode.findIndex((inode) => inode !== 0);
  const owner = best.owners.owner(diag.owner[row] ?? -1);
  return {
    diag: lines(diag),
    proc: lines(proc),
    live: lines(live),
    ss: ss.trim().split('\n').map(ssLine).sort(),
    sources: [best.source.name, plain.source.name],
    degradations: codes,
    timeWaitLeftMs: { diag: timeWaitRange(diag), proc: timeWaitRange(proc) },
    mappedFamilies: [...Array(diag.length).keys()]
      .filter((i) => diag.localPort[i] === dualPort && diag.state[i] === TcpState.ESTABLISHED)
      .map((i) => diag.family[i] ?? 0),
    owner: owner && { process: owner.process ?? '', pid: owner.pid ?? -1 },
    unresolved: facts.unresolved,
    ownPid: process.pid,
  };
}

function openSource(which: 'best' | 'proc') {
  const platform = createLinuxPlatform(which === 'proc' ? { forceSource: 'proc' } : {});
  const opened = platform.openSource();
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
  return { source: opened.value.source, owners: platform.owners };
}

function lines(table: SocketTable): string[] {
  return Array.from({ length: table.length }, (_, row) => {
    const local = `${formatRowAddress(table, row, 'local')} ${table.localPort[row] ?? -1}`;
    const remote = `${formatRowAddress(table, row, 'remote')} ${table.remotePort[row] ?? -1}`;
    return `${TCP_STATE_NAMES[table.state[row] ?? 0] ?? '?'} ${local} ${remote}`;
  }).sort();
}

function timeWaitRange(table: SocketTable): [number, number] {
  const left = [...Array(table.length).keys()]
    .filter((row) => table.state[row] === TcpState.TIME_WAIT)
    .map((row) => table.expiresMs[row] ?? 0);
  return [Math.min(...left), Math.max(...left)];
}

/** "TIME-WAIT 0 0 [::ffff:127.0.0.1]:80 [::1]:40000" in the words of the table. */
function ssLine(line: string): string {
  const [state = '', , , local = '', remote = ''] = line.trim().split(/\s+/);
  const isIpv6 = local.startsWith('[') || local.startsWith('*');
  const end = (text: string) => {
    const colon = text.lastIndexOf(':');
    const address = text
      .slice(0, colon)
      .replace(/^\[(.*)\]$/, '$1')
      .replace(/^::ffff:(?=\d+\.)/, '');
    return `${address === '*' ? (isIpv6 ? '::' : '0.0.0.0') : address} ${text.slice(colon + 1).replace('*', '0')}`;
  };
  return `${SS_STATES.get(state) ?? state} ${end(local)} ${end(remote)}`;
}

const SS_STATES = new Map([
  ['ESTAB', 'ESTABLISHED'],
  ['SYN-SENT', 'SYN_SENT'],
  ['SYN-RECV', 'SYN_RECV'],
  ['FIN-WAIT-1', 'FIN_WAIT_1'],
  ['FIN-WAIT-2', 'FIN_WAIT_2'],
  ['TIME-WAIT', 'TIME_WAIT'],
  ['CLOSE-WAIT', 'CLOSE_WAIT'],
  ['LAST-ACK', 'LAST_ACK'],
]);

// Only when run, not when its types are imported.
if (process.argv[1] === import.meta.filename) await main();
