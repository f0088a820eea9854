/** Finds names in any text: those that are known, and those that stand where tools write the name of a process. */
import type { HiddenKind, Pseudonyms } from './pseudonyms.ts';

/** Replaces parts of a text. */
export type Step = (text: string) => string;

/**
 * Replaces every known name, longest first, in any case. A name is found inside longer words where only its letters or
 * digits would go on ("node" in "node-exporter", not in "inode"); one that cannot be a word of a language, anywhere.
 */
export function hideNames(kind: HiddenKind, names: readonly string[], pseudonyms: Pseudonyms): Step {
  const distinct = [
    ...new Set(names.map((name) => name.trim()).filter((name) => /[\p{L}\p{N}]/u.test(name))),
  ];
  if (distinct.length === 0) return (text) => text;
  distinct.sort((a, b) => b.length - a.length);
  const pattern = new RegExp(distinct.map(patternOf).join('|'), 'giu');
  return (text) => text.replace(pattern, (found) => pseudonyms.of(kind, found.toLowerCase()));
}

function patternOf(name: string): string {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  if (name.length >= 6 && /[^\p{L}]/u.test(name)) return escaped;
  const classOf = (character: string) =>
    /\p{L}/u.test(character) ? '\\p{L}' : /\p{N}/u.test(character) ? '\\p{N}' : null;
  const characters = [...name];
  const before = classOf(characters[0] ?? '');
  const after = classOf(characters.at(-1) ?? '');
  return `${before ? `(?<!${before})` : ''}${escaped}${after ? `(?!${after})` : ''}`;
}

/** Names in the notations of ss, netstat, lsof, sockstat and Windows, and paths of control groups. */
export function hideHolders(pseudonyms: Pseudonyms): Step {
  const name = (kind: HiddenKind, found: string) => pseudonyms.of(kind, found.toLowerCase());
  return (text) =>
    text
      // ss -p: users:(("nginx",pid=1,fd=2),("nginx",pid=3,fd=4))
      .replace(
        /([(,]\(")([^\n]*?)(",pid=)/g,
        (_all, open: string, found: string, close: string) => open + name('process', found) + close,
      )
      // netstat -p: 4312/python3; a title may have spaces (sshd: alice).
      .replace(
        /(\s\d{1,10}\/)([^\s\d[][^\n]{0,60}?)(?=\s{2,}|\s*$|\s+(?:off|keepalive|on|timewait|probe)\b)/gm,
        (_all, pid: string, found: string) => pid + name('process', found),
      )
      // netstat -b of Windows.
      .replace(
        /^(\s*)\[([^\]\n]{1,80}\.(?:exe|dll|sys))\]/gim,
        (_all, space: string, found: string) => `${space}[${name('process', found)}]`,
      )
      // lsof: COMMAND PID [TID] USER FD TYPE
      .replace(
        /^(\S{1,64})(\s+\d+(?:\s+\d+)?\s+)(\S{1,64})(\s+\S{1,12}\s+(?:IPv[46]|sock|unix)\b)/gm,
        (_all, command: string, pid: string, user: string, rest: string) =>
          name('process', command) + pid + name('user', user) + rest,
      )
      // lsof -F: a field a line, p before c.
      .replace(
        /^(p\d+\r?\n(?:[gRu]\S*\r?\n)*c)([^\r\n]+)/gm,
        (_all, pid: string, found: string) => pid + name('process', found),
      )
      // sockstat: USER COMMAND PID FD PROTO
      .replace(
        /^(\S{1,64})([ \t]+)(\S[^\n]{0,40}?)([ \t]+(?:\d+|\?)[ \t]+(?:\d+|\?)[ \t]+(?:tcp|udp))/gm,
        (_all, user: string, space: string, command: string, rest: string) =>
          name('user', user) + space + name('process', command) + rest,
      )
      // ss -e and --cgroup; /proc/PID/cgroup.
      .replace(/(\bcgroup:)(\/[^\s,]+)/g, (_all, word: string, found: string) => word + name('unit', found))
      .replace(
        /^(\d+:[\w,=.-]*:)(\/\S+)/gm,
        (_all, word: string, found: string) => word + name('unit', found),
      )
      .replace(
        /(?<![\w@.-])[\w@:.\\-]{1,120}\.(?:service|scope|socket|timer|mount|slice)(?![\w-])/g,
        (found) => name('unit', found),
      )
      .replace(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/gi, (found) => name('container', found.slice(0, 12)));
}

/** Ends of names with dots that are settings, files or units, not hosts. */
const NO_DOMAIN =
  /\.(?:service|scope|slice|socket|target|timer|mount|exe|dll|sys|conf|txt|log|sh|py|js|mjs|ts|jar|so|rst|c|h|html|md|json|csv)$/i;
const SETTING = /^(?:net|fs|kernel|kern|vm|inet|hw|security|app|linux|windows|macos|freebsd)\./i;

/** Domain names, also of hosts that nobody told of. */
export function hideDomains(pseudonyms: Pseudonyms): Step {
  const domain = /(?<![\w./@-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?![\w-]|\.\w)/gi;
  return (text) =>
    text.replace(domain, (found) =>
      NO_DOMAIN.test(found) || SETTING.test(found) ? found : pseudonyms.of('host', found.toLowerCase()),
    );
}
