/** Where everything stands on the bar of all ports: the range now and as proposed, reserved ports ringed. Pure. */
import { formatCount, formatCountOf } from '../format/numbers.ts';

export interface RangeBarInput {
  width: number;
  present: { first: number; last: number };
  proposed: { first: number; last: number };
  presentPorts: number;
  proposedPorts: number;
  reserved: readonly { first: number; last: number; label: string | null }[];
}

interface Bar {
  x: number;
  width: number;
  words: string;
  /** Inside the bar where they fit, else beside it. */
  wordsX: number;
  anchor: 'middle' | 'start' | 'end';
  isInside: boolean;
}

export interface RangeBar {
  left: number;
  right: number;
  ticks: { x: number; words: string; anchor: 'start' | 'middle' | 'end' }[];
  present: Bar;
  proposed: Bar;
  /** Holes of reserved ports in the proposed bar. */
  holes: { x: number; width: number }[];
  rings: number[];
  /** What the rings are; null where there are none. */
  words: { x: number; text: string; anchor: 'start' | 'end' } | null;
}

const LEFT = 88;
const RIGHT = 18;
const PORTS = 65_536;
/** Rings that lie on each other are drawn once. */
const RING_PX = 7;
const CHARACTER_PX = 5.7;

/** The whole picture for a width in pixels. */
export function buildRangeBar(input: RangeBarInput): RangeBar {
  const left = LEFT;
  const right = input.width - RIGHT;
  const toX = (port: number) => left + (port / PORTS) * (right - left);
  const bar = (range: { first: number; last: number }, ports: number): Bar => {
    const x = toX(range.first);
    const width = Math.max(2, toX(range.last + 1) - x);
    const words = `${formatCount(ports)} ports`;
    const room = words.length * CHARACTER_PX + 12;
    if (width >= room) return { x, width, words, wordsX: x + width / 2, anchor: 'middle', isInside: true };
    return x + width + room <= right
      ? { x, width, words, wordsX: x + width + 7, anchor: 'start', isInside: false }
      : { x, width, words, wordsX: x - 7, anchor: 'end', isInside: false };
  };
  const rings = ringsOf(input.reserved, toX);
  return {
    left,
    right,
    ticks: ticksOf(toX, right - left),
    present: bar(input.present, input.presentPorts),
    proposed: bar(input.proposed, input.proposedPorts),
    holes: input.reserved.map(({ first, last }) => {
      const width = Math.max(3.2, toX(last + 1) - toX(first));
      return { x: (toX(first) + toX(last + 1)) / 2 - width / 2, width };
    }),
    rings,
    words: wordsOf(input.reserved, rings, { left, right }),
  };
}

function ticksOf(toX: (port: number) => number, room: number): RangeBar['ticks'] {
  const step = room > 420 ? 8192 : 16_384;
  return Array.from({ length: PORTS / step + 1 }, (_, index) => {
    const port = index * step;
    const anchor = port === 0 ? ('start' as const) : port === PORTS ? ('end' as const) : ('middle' as const);
    return { x: toX(port), words: String(Math.min(port, PORTS - 1)), anchor };
  });
}

function ringsOf(reserved: RangeBarInput['reserved'], toX: (port: number) => number): number[] {
  const rings: number[] = [];
  for (const { first, last } of [...reserved].sort((a, b) => a.first - b.first)) {
    const x = (toX(first) + toX(last + 1)) / 2;
    if (x - (rings.at(-1) ?? -Infinity) >= RING_PX) rings.push(x);
  }
  return rings;
}

function wordsOf(
  reserved: RangeBarInput['reserved'],
  rings: readonly number[],
  { left, right }: { left: number; right: number },
): RangeBar['words'] {
  const last = rings.at(-1);
  const first = rings[0];
  if (first === undefined || last === undefined) return null;
  const names = reserved.map(({ first: from, last: to, label }) =>
    [from === to ? String(from) : `${from}–${to}`, ...(label === null ? [] : [label])].join(' '),
  );
  const whole = `reserved: ${names.join(' · ')}`;
  const ports = reserved.reduce((sum, { first: from, last: to }) => sum + to - from + 1, 0);
  const short = `${formatCountOf(ports, 'port')} reserved`;
  for (const text of [whole, short]) {
    const width = text.length * CHARACTER_PX;
    if (last + 12 + width <= right) return { x: last + 12, text, anchor: 'start' };
    if (first - 12 - width >= left) return { x: first - 12, text, anchor: 'end' };
  }
  return null;
}
