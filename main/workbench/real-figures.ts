/** The figures of the live view in a sentence each: what is so, beside what a command is taken to say. */
import type { Pool, Summary } from '../core/model.ts';
import { sayCount, sayDuration, sayPercent, sayRate } from '../core/words/figures.ts';
import type { FigureId } from '../probes/probe.ts';

const NOTHING_YET = 'The live view has no figure to compare it with yet.';

/** One sentence with the figure as the newest summary has it; without a summary it says so. */
export function sayFigure(figure: FigureId, summary: Summary | null): string {
  if (summary === null) return NOTHING_YET;
  const [pool] = summary.pools;
  switch (figure) {
    case 'verdict':
    case 'port-map':
      return summary.verdict.sentence;
    case 'pool-used':
      return pool ? sayPool(pool) : 'No port pool is in use.';
    case 'time-wait':
      return `${sayCount(summary.totals.byState.TIME_WAIT ?? 0)} sockets wait in TIME_WAIT, each for ${sayHold(summary)}.`;
    case 'new-connections':
      return sayOpens(summary);
    case 'time-to-exhaustion':
      return pool ? sayExhaustion(pool) : 'No port pool is in use, so none runs out.';
    case 'range':
      return sayRange(summary);
    case 'hold':
      return `A closed connection holds its port for ${sayHold(summary)} (${summary.settings.timeWaitBasis}).`;
    case 'reuse':
      return sayReuse(summary);
    case 'sockets':
      return `There are ${sayCount(summary.totals.sockets)} TCP sockets, ${sayCount(summary.totals.byState.ESTABLISHED ?? 0)} of them established.`;
    case 'consumers':
      return sayConsumer(summary);
    case 'listeners':
      return sayListeners(summary);
    case 'counters':
      return saidOrUnknown(
        summary.counters.activeOpens,
        (value) => `${sayCount(value)} connections were opened from here since boot.`,
      );
    case 'conntrack':
      return sayPart(
        'Connection tracking holds',
        summary.counters.conntrackCount,
        summary.counters.conntrackMax,
        'entries',
      );
    case 'descriptors':
      return sayPart(
        'Open files number',
        summary.counters.fileHandlesUsed,
        summary.counters.fileHandlesMax,
        'handles',
      );
  }
}

function sayPool({ remoteAddress, remotePort, used, capacity, usedRatio }: Pool): string {
  const where = remoteAddress.includes(':')
    ? `[${remoteAddress}]:${remotePort}`
    : `${remoteAddress}:${remotePort}`;
  return `The fullest port pool, to ${where}, has ${sayCount(used)} of ${sayCount(capacity)} ports in use (${sayPercent(usedRatio)}).`;
}

function sayExhaustion(pool: Pool): string {
  const { expected, inSeconds } = pool.exhaustion;
  if (!expected || inSeconds === null) return 'No port pool is expected to run out.';
  return inSeconds === 0
    ? 'The fullest port pool is full now.'
    : `The fullest port pool runs out in about ${sayDuration(inSeconds)}.`;
}

function sayHold({ settings }: Summary): string {
  return `${Number(settings.timeWaitSeconds.toFixed(1))} s`;
}

function sayOpens({ rates }: Summary): string {
  return saidOrUnknown(
    rates.opensPerSecond,
    (value) => `${sayRate(value)} connections a second are opened from here.`,
  );
}

function sayRange({ settings: { range }, reservedCount }: Summary): string {
  const ports = range.last - range.first + 1 - reservedCount;
  const reserved = reservedCount > 0 ? `, ${sayCount(reservedCount)} of the range reserved` : '';
  return `Outgoing connections get their port from ${range.first}–${range.last}: ${sayCount(ports)} ports${reserved}.`;
}

function sayReuse({ settings: { reuse } }: Summary): string {
  if (reuse.mode === 'off') return 'Ports in TIME_WAIT are not reused.';
  if (!reuse.timestamps) return 'Ports in TIME_WAIT are not reused, because TCP timestamps are off.';
  const where = reuse.mode === 'loopback' ? 'on loopback only' : 'for any destination';
  return `Ports in TIME_WAIT are reused ${where}, after ${reuse.delayMs / 1000} s.`;
}

function sayConsumer({ consumers: [first] }: Summary): string {
  if (!first) return 'No process holds ports of a pool.';
  const who = first.process ?? 'an unknown process';
  const pid = first.pid === null ? '' : ` (pid ${first.pid})`;
  return `Most ports are held by ${who}${pid}: ${sayCount(first.sockets)} sockets to ${first.destination}.`;
}

function sayListeners({ totals, listeners }: Summary): string {
  const inside = listeners.filter(({ insideRange }) => insideRange).length;
  const count = totals.byState.LISTEN ?? 0;
  return `${sayCount(count)} sockets listen; ${sayCount(inside)} ports among them lie inside the ephemeral range.`;
}

function sayPart(introduction: string, used: number | null, most: number | null, noun: string): string {
  return saidOrUnknown(used, (value) => {
    const limit = most === null ? '' : ` of ${sayCount(most)}`;
    return `${introduction} ${sayCount(value)}${limit} ${noun}.`;
  });
}

function saidOrUnknown(value: number | null, say: (value: number) => string): string {
  return value === null ? 'The live view cannot tell this figure here.' : say(value);
}
