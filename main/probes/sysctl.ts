/** `sysctl` of Linux (`name = value`), of macOS and the BSDs (`name: value`), and files in the same form. */
import type { OutputReading, SocketReading, SystemId } from '../core/readings.ts';
import { sanitiseText } from '../core/sanitise.ts';
import { absentFromError } from './errors.ts';
import type { OutputFormat } from './probe.ts';
import { ReadingBuilder } from './reading-builder.ts';
import { firstLines, forEachWholeLine } from './whole-lines.ts';

const FORMAT = 'sysctl';
/** Names have dots, and of Linux interfaces also "/", "-" and ":". A dot at least: "TCP: inuse 3" is no setting. */
const LINUX_SETTING = /^([a-z][\w/@:-]{0,80}(?:\.[\w/@:-]{1,80}){1,20}) ?= ?(.*)$/i;
const BSD_SETTING = /^([a-z][\w%-]{0,80}(?:\.[\w%-]{1,80}){1,20}): ?(.*)$/i;
/** A list of reserved ports may be long; no value of the kernel is longer than its 64 KiB buffer. */
const MAX_VALUE_CHARACTERS = 65_536;
const PROC_SYS = '/proc/sys/';

/**
 * Understands what `sysctl` prints. Numbers of one value are parted by one space (Linux prints a tab). A setting that
 * does not exist or may not be read becomes an 'absent' fact by its name with dots.
 */
export function parseSysctl(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(FORMAT, systemOf(text), take);
  forEachWholeLine(text, reading, (line, number) => {
    if (line.trim() === '') return;
    if (/^\s*[#;]/.test(line)) return reading.skip('comment');
    const setting = LINUX_SETTING.exec(line) ?? BSD_SETTING.exec(line);
    if (setting !== null) {
      const value = (setting[2] ?? '').replace(/[\t ]+/g, ' ').trim();
      if (value.length > MAX_VALUE_CHARACTERS) return reading.problem(number, line, 'the value is too long');
      const name = setting[1] ?? '';
      return reading.fact({
        kind: 'setting',
        line: number,
        name,
        value: sanitiseText(value, MAX_VALUE_CHARACTERS),
      });
    }
    const absent = absentFromError(line);
    if (absent !== null) {
      return reading.fact({ kind: 'absent', line: number, name: settingName(absent.name), why: absent.why });
    }
    // kern.version of the BSDs has more than one line.
    if (/^\s/.test(line)) return reading.skip('continuation');
    reading.problem(number, line, 'neither a setting nor a message of sysctl');
  });
  return reading.done();
}

export const sysctlFormat: OutputFormat = {
  id: FORMAT,
  title: 'sysctl',
  system: null,
  recognises(head) {
    const lines = firstLines(head, 200).filter((line) => !/^\s*[#;]/.test(line));
    const fitting = lines.filter((line) => isSetting(line) || absentFromError(line) !== null).length;
    if (lines.length === 0 || !lines.some(isSetting)) return 0;
    return fitting / lines.length;
  },
  parse: parseSysctl,
};

function isSetting(line: string): boolean {
  const match = LINUX_SETTING.exec(line) ?? BSD_SETTING.exec(line);
  return (
    match !== null &&
    /^(net|kern|fs|vm|kernel|hw|user|dev|debug|machdep|abi|sunrpc|crypto|security)\./.test(match[1] ?? '')
  );
}

/** "net.ipv4.conf.eth0/1.arp_filter" from "/proc/sys/net/ipv4/conf/eth0.1/arp_filter" (sysctl(8) swaps "/" and "."). */
function settingName(subject: string): string {
  if (!subject.startsWith(PROC_SYS)) return subject;
  return subject.slice(PROC_SYS.length).replace(/[/.]/g, (mark) => (mark === '/' ? '.' : '/'));
}

/** Names that only one of the systems has; where none of them is there, it stays open. */
function systemOf(text: string): SystemId | null {
  // 64 KiB hold every name that tells, where the output is not a selection of them.
  const head = text.slice(0, 65_536);
  if (/^net\.(?:ipv4|core|netfilter|ipv6)\.[\w.]+ ?=/m.test(head) || /^sysctl: .*\/proc\/sys\//m.test(head))
    return 'linux';
  if (
    /^(?:kern\.osproductversion|net\.inet\.tcp\.(?:ecn_|rexmt_slop|clear_tfocache)\w*):|^kern\.ostype: Darwin/m.test(
      head,
    )
  ) {
    return 'macos';
  }
  if (
    /^(?:kern\.ipc\.soacceptqueue|net\.inet\.tcp\.(?:maxtcptw|nolocaltimewait|fast_finwait2_recycle)|net\.inet\.ip\.portrange\.random\w*):|^kern\.ostype: FreeBSD/m.test(
      head,
    )
  ) {
    return 'freebsd';
  }
  return null;
}
