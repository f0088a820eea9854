/** The text of `ip addr` (also with -o and -br) and `ip route`, for versions before -j and for dumps. */
import { parseAddress } from '../../core/address.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { forEachLine } from '../lines.ts';
import type { ReadingBuilder } from '../reading-builder.ts';
import { forEachFileLine, wordsOf } from './cat-file.ts';

/** "2: eth0@if5: <BROADCAST,…> mtu 1500 …". */
const INTERFACE = /^\d{1,9}: ([^\s:@]{1,40})(?:@[^\s:]{1,40})?: </;
/** "    inet 192.0.2.10/24 brd …", and with -o "2: eth0    inet 192.0.2.10/24 …". */
const ADDRESS =
  /^(?:\d{1,9}: ([^\s:@]{1,40})(?:@\S{1,40})?)?\s+inet6? ([0-9a-f.:]{2,45})(?: peer [0-9a-f.:]{2,45})?(?:\/(\d{1,3}))?(?:\s|$)/i;
/** "eth0@if5         UP             192.0.2.10/24 2001:db8::10/64". */
const BRIEF =
  /^([^\s:@]{1,40})(?:@\S{1,40})?\s+(?:UP|DOWN|UNKNOWN|LOWERLAYERDOWN|DORMANT|TESTING|NOTPRESENT)(?:\s|$)/;
const OTHER_DETAIL = /^\s+(?:link\/|valid_lft |altname |vf |RX:|TX:|inet6? )|^\s+\d/;
const ROUTE =
  /^(?:(?:unicast|local|broadcast|multicast|unreachable|prohibit|blackhole|throw|anycast|nat) )?(?:default|[0-9a-f.:]{2,45}(?:\/\d{1,3})?) ?(?:via|dev|proto|scope|src|metric|table|from|error|nhid|onlink|$)/i;

export function readAddressText(text: string, reading: ReadingBuilder): void {
  let current: string | null = null;
  forEachFileLine(text, reading, (line, number) => {
    const opened = INTERFACE.exec(line);
    if (opened !== null) {
      current = opened[1] ?? null;
      return;
    }
    const brief = BRIEF.exec(line);
    if (brief !== null) {
      for (const word of wordsOf(line).slice(2)) takeBrief(reading, brief[1] ?? '', word, number);
      return;
    }
    const row = ADDRESS.exec(line);
    const name = row?.[1] ?? current;
    if (row !== null && name !== null) return takeAddress(reading, name, row, { line, number });
    if (!OTHER_DETAIL.test(line)) reading.problem(number, line, 'neither an interface nor an address');
  });
}

interface TextLine {
  line: string;
  number: number;
}

function takeAddress(reading: ReadingBuilder, name: string, row: RegExpExecArray, at: TextLine): void {
  const address = row[2] ?? '';
  if (parseAddress(address) === null)
    return reading.problem(at.number, at.line, 'its address is not understood');
  const prefixLength = row[3] === undefined ? null : Number(row[3]);
  reading.fact({ kind: 'address', line: at.number, interface: sanitiseText(name), address, prefixLength });
}

function takeBrief(reading: ReadingBuilder, name: string, word: string, line: number): void {
  const [address = '', length] = word.split('/', 2);
  // Words after an address ("peer", "metric") are none.
  if (parseAddress(address) === null) return;
  const prefixLength = /^\d{1,3}$/.test(length ?? '') ? Number(length) : null;
  reading.fact({ kind: 'address', line, interface: sanitiseText(name), address, prefixLength });
}

export function readRouteText(text: string, reading: ReadingBuilder): void {
  let destination = '';
  forEachFileLine(text, reading, (line, number) => {
    const words = wordsOf(line);
    const isHop = /^\s/.test(line) && words[0] === 'nexthop' && destination !== '';
    if (isHop || ROUTE.test(line)) {
      const all = isHop ? [destination, ...words] : words;
      if (!isHop) destination = words[0] ?? '';
      reading.fact({ kind: 'note', line: number, name: 'route', value: sanitiseText(all.join(' ')) });
    } else if (/^\s/.test(line)) {
      // The cache line of `route get`.
      reading.skip('route detail');
    } else {
      reading.problem(number, line, 'no route');
    }
  });
}

export function isAddressText(head: string): boolean {
  return INTERFACE.test(head) || /^\d{1,9}: \S+\s+inet6? /.test(head) || BRIEF.test(head);
}

/** Every line but details is a route, and one of them names its device. */
export function isRouteText(head: string): boolean {
  const whole = head.slice(0, head.lastIndexOf('\n') + 1);
  let fits = / dev \S/.test(whole);
  forEachLine(whole, (line) => {
    if (line.trim() !== '' && !/^\s/.test(line) && !ROUTE.test(line)) fits = false;
  });
  return fits;
}
