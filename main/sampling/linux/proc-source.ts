/**
 * Sockets from /proc/net/tcp and tcp6, for machines whose kernel refuses sock_diag. Slower, without bound sockets that
 * neither listen nor connect, and without cookies; everything else is the same table.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { TcpState, type Degradation, type Outcome } from '../../core/model.ts';
import type { SocketTable } from '../socket-table.ts';
import type { DumpFacts, SocketSource } from '../source.ts';
import { fileFailure } from './proc-file.ts';
import { parseProcNetTcp, type ProcTcpProblems } from './proc-net-tcp.ts';

const READ_BYTES = 256 * 1024;

/** Opens the two files once, so that a hidden /proc is found out here. */
export function openProcNetTcp(options: {
  procRoot: string;
  monotonicMs?: () => number;
}): Outcome<SocketSource> {
  const source = new ProcNetTcpSource(options.procRoot, options.monotonicMs ?? (() => performance.now()));
  const fd = openFile(`${options.procRoot}/net/tcp`);
  if (!fd.ok) return fd;
  closeSync(fd.value);
  return { ok: true, value: source };
}

class ProcNetTcpSource implements SocketSource {
  readonly name = 'proc';
  private readonly procRoot: string;
  private readonly monotonicMs: () => number;
  private buffer = new Uint8Array(READ_BYTES);

  constructor(procRoot: string, monotonicMs: () => number) {
    this.procRoot = procRoot;
    this.monotonicMs = monotonicMs;
  }

  dump(table: SocketTable): Outcome<DumpFacts> {
    const startedMs = this.monotonicMs();
    table.clear();
    const degradations: Degradation[] = [];
    const first = this.readFamily('tcp', 4, table, degradations);
    if (!first.ok) return first;
    const second = this.readFamily('tcp6', 6, table, degradations);
    if (!second.ok && second.failure.code !== 'unavailable') {
      degradations.push({ code: 'ipv6-unreadable', sentence: '/proc/net/tcp6 cannot be read: IPv4 only.' });
    }
    const dumpMs = this.monotonicMs() - startedMs;
    return { ok: true, value: { source: 'proc', dumpMs, approximate: false, degradations } };
  }

  /** The file has no filter: everything is read, then only live rows are kept. */
  dumpLive(table: SocketTable): Outcome<DumpFacts> {
    const dumped = this.dump(table);
    if (dumped.ok) keepLive(table);
    return dumped;
  }

  close(): void {
    this.buffer = new Uint8Array(0);
  }

  private readFamily(
    name: 'tcp' | 'tcp6',
    family: 4 | 6,
    table: SocketTable,
    degradations: Degradation[],
  ): Outcome<true> {
    const path = `${this.procRoot}/net/${name}`;
    const opened = openFile(path);
    if (!opened.ok) return opened;
    const problems: ProcTcpProblems = { count: 0, line: 0, text: '' };
    try {
      this.readLines(opened.value, family, table, problems);
    } catch (cause) {
      return { ok: false, failure: fileFailure('read', path, cause) };
    } finally {
      closeSync(opened.value);
    }
    if (problems.count > 0) {
      const lines = problems.count === 1 ? '1 line was' : `${problems.count} lines were`;
      degradations.push({
        code: 'proc-line-unreadable',
        sentence: `${lines} not understood in /proc/net/${name} and left out, the first is line ${problems.line}.`,
      });
    }
    return { ok: true, value: true };
  }

  private readLines(fd: number, family: 4 | 6, table: SocketTable, problems: ProcTcpProblems): void {
    let held = 0;
    let line = 1;
    for (;;) {
      const read = readSync(fd, this.buffer, held, this.buffer.length - held, null);
      const isLast = read === 0;
      const length = held + read;
      const at = { family, firstLine: line, isLast };
      const parsed = parseProcNetTcp(this.buffer, length, at, table, problems);
      if (isLast) return;
      line += parsed.lines;
      this.buffer.copyWithin(0, parsed.consumed, length);
      // A line as long as the whole buffer is none of the kernel's: it is dropped, so that reading goes on.
      held = length - parsed.consumed < this.buffer.length ? length - parsed.consumed : 0;
    }
  }
}

/** Moves the rows that are open connections to the front and forgets the others. */
function keepLive(table: SocketTable): void {
  let kept = 0;
  for (let row = 0; row < table.length; row++) {
    const state = table.state[row];
    if (state === TcpState.TIME_WAIT || state === TcpState.LISTEN) continue;
    if (kept !== row) moveRow(table, row, kept);
    kept++;
  }
  table.length = kept;
}

function moveRow(table: SocketTable, from: number, to: number): void {
  const single = [
    table.family,
    table.state,
    table.timer,
    table.retransmits,
    table.localPort,
    table.remotePort,
    table.scopeId,
    table.expiresMs,
    table.receiveQueue,
    table.sendQueue,
    table.uid,
    table.inode,
    table.cookieLow,
    table.cookieHigh,
  ];
  for (const column of single) column[to] = column[from] ?? 0;
  table.localAddress.copyWithin(to * 4, from * 4, from * 4 + 4);
  table.remoteAddress.copyWithin(to * 4, from * 4, from * 4 + 4);
}

function openFile(path: string): Outcome<number> {
  try {
    return { ok: true, value: openSync(path, 'r') };
  } catch (cause) {
    return { ok: false, failure: fileFailure('open', path, cause) };
  }
}
