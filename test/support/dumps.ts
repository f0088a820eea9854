/** Dumps of machines that are not here, synthetic: what a customer mails in. */
import type { ImportFile, Slices } from '../../main/sampling/imported/read-files.ts';
import { readFiles } from '../../main/sampling/imported/read-files.ts';
import { openImport, type OpenedImport } from '../../main/sampling/imported/open-import.ts';

/** 2026-11-20 14:32:07 UTC. */
export const DUMPED_AT_MS = Date.UTC(2026, 10, 20, 14, 32, 7);
export const NO_SLICES: Slices = { pause: async () => undefined, alive: () => undefined };

const WINDOWS_TITLES = '  Proto  Local Address          Foreign Address        State           PID';

/** `netstat -ano`: `timeWait` closed and `open` open connections from port 50100 on, and what listens. */
export function windowsNetstat(
  timeWait: number,
  open: number,
  { titles = WINDOWS_TITLES, listening = 'LISTENING' } = {},
): string {
  const row = (local: string, remote: string, state: string, pid: number) =>
    `  TCP    ${local.padEnd(22)} ${remote.padEnd(22)} ${state.padEnd(15)} ${pid}`;
  const port = (index: number) => `192.0.2.15:${50_100 + index}`;
  const lines = ['', 'Active Connections', '', titles];
  lines.push(
    row('0.0.0.0:135', '0.0.0.0:0', listening, 1712),
    row('0.0.0.0:49664', '0.0.0.0:0', listening, 988),
  );
  for (let i = 0; i < timeWait; i++) lines.push(row(port(i), '203.0.113.9:443', 'TIME_WAIT', 0));
  for (let i = 0; i < open; i++) lines.push(row(port(timeWait + i), '203.0.113.9:443', 'ESTABLISHED', 4312));
  lines.push(
    row('[::]:49664', '[::]:0', listening, 988),
    '  UDP    0.0.0.0:5353           *:*                                    1204',
  );
  return `${lines.join('\r\n')}\r\n`;
}

export const WINDOWS_DYNAMIC_PORTS =
  '\r\nProtocol tcp Dynamic Port Range\r\n---------------------------------\r\nStart Port      : 49152\r\nNumber of Ports : 16384\r\n\r\n';
/** 60 ports inside the dynamic range, 100 below it. */
export const WINDOWS_EXCLUDED_PORTS =
  '\r\nProtocol tcp Port Exclusion Ranges\r\n\r\nStart Port    End Port\r\n----------    --------\r\n      1898        1997\r\n     50000       50059     *\r\n\r\n* - Administered port exclusions.\r\n\r\n';

/** `netstat -an` of macOS: `count` connections in TIME_WAIT from `firstPort` on. */
export function macosNetstat(firstPort: number, count: number): string {
  const row = (local: string, remote: string, state: string) =>
    `tcp4       0      0  ${local.padEnd(22)} ${remote.padEnd(22)} ${state}`;
  const lines = [
    'Active Internet connections (including servers)',
    'Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)    ',
    row('*.22', '*.*', 'LISTEN     '),
  ];
  for (let i = 0; i < count; i++)
    lines.push(row(`198.51.100.4.${firstPort + i}`, '203.0.113.9.443', 'TIME_WAIT  '));
  return `${lines.join('\n')}\n`;
}

export const MACOS_SYSCTL =
  'net.inet.ip.portrange.first: 60000\nnet.inet.ip.portrange.last: 60999\nnet.inet.tcp.msl: 15000\nkern.osproductversion: 14.5\n';

/** `ss -tano`: `count` connections in TIME_WAIT, closed evenly over the last minute. */
export function linuxSs(count: number): string {
  const lines = ['State     Recv-Q Send-Q Local Address:Port   Peer Address:Port Process'];
  lines.push('LISTEN    0      511          0.0.0.0:8080        0.0.0.0:*');
  for (let i = 0; i < count; i++) {
    const left = 0.1 + (59.9 * i) / count;
    const timer = left < 10 ? `${Math.floor(left * 1000)}ms` : `${Math.floor(left)}sec`;
    lines.push(
      `TIME-WAIT 0      0         10.0.2.7:${33_000 + i}     10.0.3.12:443   timer:(timewait,${timer},0)`,
    );
  }
  return `${lines.join('\n')}\n`;
}

export const LINUX_SYSCTL =
  'net.ipv4.ip_local_port_range = 32768\t60999\nnet.ipv4.ip_local_reserved_ports = 40000-40031\nnet.ipv4.tcp_tw_reuse = 0\nnet.ipv4.tcp_timestamps = 1\nkernel.hostname = web-3\nkernel.osrelease = 6.8.0-45-generic\n';

export function fileOf(
  name: string,
  content: string | Uint8Array,
  modifiedAtMs: number | null = DUMPED_AT_MS,
): ImportFile {
  return {
    name,
    modifiedAtMs,
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
  };
}

/** Reads and opens files; fails the test where that fails. */
export async function openFiles(files: ImportFile[], profileId: string | null = null): Promise<OpenedImport> {
  const reading = await readFiles(files, NO_SLICES);
  if (!reading.ok) throw new Error(JSON.stringify(reading.failure));
  const opened = openImport(reading.value, { profileId, poolLimit: 20, nowMs: DUMPED_AT_MS });
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
  return opened.value;
}
