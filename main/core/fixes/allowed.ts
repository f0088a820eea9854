/**
 * The settings that fixes may write and what each may be set to (hardening F2). Kernels take −1, 0, reversed pairs and
 * trailing text in places; nothing is written that does not pass here, and whoever writes with privileges checks again.
 */
import type { Failure, Outcome } from '../model.ts';
import { checkPortRange, parsePortList } from '../port-range.ts';
import { normalised } from './known.ts';

type Check = (text: string) => Outcome<string>;

/** Bounds: documented where the kernel has them, else what makes sense; see each source in domain terms. */
const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['net.ipv4.ip_local_port_range', checkRange],
  ['net.ipv4.ip_local_reserved_ports', checkList],
  ['net.ipv4.tcp_tw_reuse', whole('tcp_tw_reuse', 0, 2)],
  // The kernel takes 1 to 60000 (measured on 6.18).
  ['net.ipv4.tcp_tw_reuse_delay', whole('tcp_tw_reuse_delay', 1, 60_000)],
  ['net.ipv4.tcp_timestamps', whole('tcp_timestamps', 0, 2)],
  // Each costs some 250 bytes: 4 Mi are a gigabyte.
  ['net.ipv4.tcp_max_tw_buckets', whole('tcp_max_tw_buckets', 4096, 4_194_304)],
  // Above 60 s the value is not the lifetime any more (measured on 6.18).
  ['net.ipv4.tcp_fin_timeout', whole('tcp_fin_timeout', 5, 120)],
  ['net.core.somaxconn', whole('somaxconn', 128, 65_535)],
  ['net.ipv4.tcp_max_syn_backlog', whole('tcp_max_syn_backlog', 128, 262_144)],
  ['net.netfilter.nf_conntrack_max', whole('nf_conntrack_max', 4096, 8_388_608)],
  ['net.netfilter.nf_conntrack_tcp_timeout_time_wait', whole('nf_conntrack_tcp_timeout_time_wait', 30, 600)],
  ['fs.file-max', whole('file-max', 65_536, 1_000_000_000)],
  ['net.inet.ip.portrange.first', whole('portrange.first', 1024, 65_535)],
  ['net.inet.ip.portrange.hifirst', whole('portrange.hifirst', 1024, 65_535)],
  // Twice this is TIME_WAIT: 2 to 60 s.
  ['net.inet.tcp.msl', whole('msl', 1000, 30_000)],
]);

/** Names of all settings that may be written. */
export const WRITABLE_KEYS: readonly string[] = [...CHECKS.keys()];

/** The value in the form in which it is written, or why it may not be. */
export function checkValue(key: string, text: string): Outcome<string> {
  const check = CHECKS.get(key);
  if (!check) return invalid(key, `${key} is not a setting that is changed here`);
  if (/[^\x20-\x7e]/.test(text))
    return invalid(key, `the value for ${key} has characters that do not belong in it`);
  return check(text);
}

function whole(name: string, least: number, most: number): Check {
  return (text) => {
    if (!/^\d{1,10}$/.test(text))
      return invalid(name, `${name} takes a whole number, not "${text.slice(0, 40)}"`);
    const number = Number(text);
    if (number < least || number > most) {
      return invalid(name, `${name} takes ${least} to ${most} here, not ${number}`);
    }
    return { ok: true, value: String(number) };
  };
}

function checkRange(text: string): Outcome<string> {
  const parts = /^(\d{1,5}) (\d{1,5})$/.exec(normalised(text));
  if (!parts) return invalid('range', `the range takes two ports, not "${text.slice(0, 40)}"`);
  const range = checkPortRange(Number(parts[1]), Number(parts[2]));
  if (!range.ok) return range;
  return { ok: true, value: `${range.value.first} ${range.value.last}` };
}

/** One write of a bitmap setting is cut at a page less one byte (kernel/sysctl.c, proc_do_large_bitmap). */
const LIST_CHARACTERS = 4000;

function checkList(text: string): Outcome<string> {
  if (text.length > LIST_CHARACTERS) return invalid('ports', 'the list of reserved ports is too long');
  const list = parsePortList(text);
  return list.ok ? { ok: true, value: text.replaceAll(' ', '') } : list;
}

function invalid(field: string, message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'invalid', field, message } };
}
