/** A /proc made of objects, for the owner search. */
import type { ProcFiles } from '../../main/sampling/linux/proc-file.ts';

export interface FakeProcess {
  comm?: string | Uint8Array;
  startTicks?: number;
  cmdline?: string;
  cgroup?: string;
  uid?: number;
  parentPid?: number;
  /** Where /proc/PID/exe points; unreadable when absent. */
  exe?: string;
  /** Descriptors: where each points. */
  fds: string[];
  /** True when its descriptors may not be read. */
  hidden?: boolean;
}

/** ProcFiles over `processes`, rooted at "/proc"; counts what it is asked. */
export function fakeProc(processes: Map<number, FakeProcess>) {
  const asked = { lists: 0, links: 0, reads: 0 };
  const find = (path: string) => {
    const parts = /^\/proc\/(\d+)(?:\/([^/]+)(?:\/(\d+))?)?$/.exec(path);
    return { process: processes.get(Number(parts?.[1])), file: parts?.[2], fd: Number(parts?.[3]) };
  };
  const gone = (path: string) => ({ ok: false as const, failure: { code: 'gone' as const, what: path } });
  const files: ProcFiles = {
    list(path) {
      asked.lists++;
      if (path === '/proc') return { ok: true, value: ['self', 'net', ...[...processes.keys()].map(String)] };
      const { process } = find(path);
      if (!process) return gone(path);
      if (process.hidden) return { ok: false, failure: { code: 'not-permitted', what: path, needs: 'root' } };
      return { ok: true, value: process.fds.map((_, fd) => String(fd)) };
    },
    readLink(path) {
      if (path.endsWith('/ns/net')) return null;
      const { process, file, fd } = find(path);
      if (file === 'exe') return process?.exe ?? null;
      asked.links++;
      return process?.fds[fd] ?? null;
    },
    readBytes(path, maxBytes) {
      asked.reads++;
      const { process, file } = find(path);
      if (!process) return gone(path);
      const bytes = contentOf(process, file ?? '');
      return { ok: true, value: bytes.subarray(0, maxBytes) };
    },
    ownerUid: (path) => find(path).process?.uid ?? null,
  };
  return { files, asked };
}

function contentOf(process: FakeProcess, file: string): Uint8Array {
  const text = (value: string) => new TextEncoder().encode(value);
  if (file === 'cmdline') return text(process.cmdline ?? '');
  if (file === 'cgroup') return text(process.cgroup ?? '0::/\n');
  const comm = typeof process.comm === 'object' ? process.comm : text(process.comm ?? 'app');
  const before = text('1 (');
  const after = text(`) S ${process.parentPid ?? 0}${' 0'.repeat(17)} ${process.startTicks ?? 100} 0 0\n`);
  const stat = new Uint8Array(before.length + comm.length + after.length);
  stat.set(before);
  stat.set(comm, before.length);
  stat.set(after, before.length + comm.length);
  return stat;
}
