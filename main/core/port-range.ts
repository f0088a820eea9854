/** Ranges of ports: counting, merging, clipping, and the checks the systems make before they accept one. */
import type { Failure, Outcome, PortRange } from './model.ts';

export const LAST_PORT = 65535;

/** Ports in an inclusive range; 32768–60999 is 28,232. */
export function countPorts(range: PortRange): number {
  return range.last - range.first + 1;
}

/** Overlapping and touching ranges become one; the result is sorted. */
export function mergeRanges(ranges: readonly PortRange[]): PortRange[] {
  const sorted = [...ranges].sort((a, b) => a.first - b.first);
  const merged: PortRange[] = [];
  for (const range of sorted) {
    const previous = merged.at(-1);
    if (previous && range.first <= previous.last + 1) previous.last = Math.max(previous.last, range.last);
    else merged.push({ ...range });
  }
  return merged;
}

/** How many ports of `range` lie in any of `others`, each counted once. */
export function countInside(range: PortRange, others: readonly PortRange[]): number {
  let inside = 0;
  for (const other of mergeRanges(others)) {
    inside += Math.max(0, Math.min(range.last, other.last) - Math.max(range.first, other.first) + 1);
  }
  return inside;
}

/** Whether `port` lies in any of the ranges. */
export function isInside(port: number, ranges: readonly PortRange[]): boolean {
  return ranges.some((range) => port >= range.first && port <= range.last);
}

/** A checked range: whole ports 0–65535 with first ≤ last; otherwise a failure that names the field. */
export function checkPortRange(first: number, last: number): Outcome<PortRange> {
  for (const [field, port] of [
    ['first', first],
    ['last', last],
  ] as const) {
    if (!Number.isInteger(port) || port < 0 || port > LAST_PORT) {
      return invalid(field, `${field} port must be a whole number from 0 to ${LAST_PORT}, not ${port}`);
    }
  }
  if (first > last) return invalid('first', `first port ${first} is above last port ${last}`);
  return { ok: true, value: { first, last } };
}

/**
 * A range as Linux accepts it for net.ipv4.ip_local_port_range: also not below ip_unprivileged_port_start
 * (1024 by default), which the kernel refuses with EINVAL (Documentation/networking/ip-sysctl.rst).
 */
export function checkLinuxPortRange(
  first: number,
  last: number,
  unprivilegedStart = 1024,
): Outcome<PortRange> {
  const checked = checkPortRange(first, last);
  if (!checked.ok) return checked;
  if (first < unprivilegedStart) {
    return invalid('first', `first port ${first} is below ip_unprivileged_port_start (${unprivilegedStart})`);
  }
  return checked;
}

/**
 * A range as `netsh int ipv4 set dynamicport` takes it: start at least 1025, at least 255 ports, ending by 65535
 * (Microsoft, TCP/IP port exhaustion troubleshooting).
 */
export function checkWindowsDynamicPorts(start: number, portCount: number): Outcome<PortRange> {
  if (!Number.isInteger(start) || start < 1025)
    return invalid('start', `start must be at least 1025, not ${start}`);
  if (!Number.isInteger(portCount) || portCount < 255) {
    return invalid('num', `num must be at least 255, not ${portCount}`);
  }
  return checkPortRange(start, start + portCount - 1);
}

/**
 * A list in the form of ip_local_reserved_ports, "8080,9148,40000-40002"; white space around entries is allowed and
 * an empty text is an empty list.
 */
export function parsePortList(text: string): Outcome<PortRange[]> {
  const ranges: PortRange[] = [];
  if (text.trim() === '') return { ok: true, value: ranges };
  for (const entry of text.split(',').map((part) => part.trim())) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(entry);
    if (!match) return invalid('ports', `"${entry}" is not a port or a range such as 40000-40002`);
    const first = Number(match[1]);
    const checked = checkPortRange(first, match[2] === undefined ? first : Number(match[2]));
    if (!checked.ok) return checked;
    ranges.push(checked.value);
  }
  return { ok: true, value: ranges };
}

function invalid(field: string, message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'invalid', field, message } };
}
