/** Commands of the trade that mislead on macOS and FreeBSD: how they are run, and what their pipelines would print. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import { forEachLine } from '../lines.ts';
import type { Folklore, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { forEachWholeLine } from '../whole-lines.ts';

export interface MisleadingCommand extends Folklore {
  /** After "macos.folklore-". */
  id: string;
  title: string;
  tool: string;
  argv: readonly string[];
  goodExits?: readonly number[];
}

/** The probe that runs the tool of a misleading command; nothing of its output is a figure. */
export function misleadingProbe(
  platform: 'macos' | 'freebsd',
  { id, title, tool, argv, goodExits, ...folklore }: MisleadingCommand,
): Probe {
  return {
    id: `${platform}.folklore-${id}`,
    platform,
    group: 'misleading',
    title,
    tool,
    argv,
    parameters: [],
    proves: `Not ${folklore.takenFor}, for which it is taken.`,
    needs: null,
    figures: [],
    parse: countLines,
    folklore,
    ...(goodExits === undefined ? {} : { goodExits }),
  };
}

/** Only the lines are of interest; the sockets in them have a probe of their own. */
function countLines(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder('lines', null, take);
  let lines = 0;
  forEachWholeLine(text, reading, () => lines++);
  if (lines > 0) reading.fact({ kind: 'note', line: 1, name: 'lines', value: String(lines) });
  return reading.done();
}

/** `wc -l` of macOS and the BSDs: line ends, in a column of eight. */
export function wordCountLines(text: string): string {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return String(count).padStart(8);
}

/** `grep -c PART`. */
export function grepCount(text: string, part: string): string {
  let count = 0;
  forEachLine(text, (line) => {
    if (line.includes(part)) count++;
  });
  return String(count);
}

/** The output as it stands, without its last line end: nothing is piped. */
export function asPrinted(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** What is the same on both systems: `netstat -an | grep -c TIME_WAIT`, the MSL taken for the hold, the wrong range. */
export function sharedMisleading(holdWords: string): readonly MisleadingCommand[] {
  return [
    {
      id: 'netstat-time-wait',
      title: 'Counting TIME_WAIT with netstat and grep',
      tool: 'netstat',
      argv: ['-an'],
      command: 'netstat -an | grep -c TIME_WAIT',
      reduce: (text) => grepCount(text, 'TIME_WAIT'),
      takenFor: 'locked ephemeral ports',
      why: 'It counts connections that a server here closed first too: their local port is the server’s own and locks none of the range. It says nothing of open connections, which lock a port as well.',
      insteadFigure: 'pool-used',
    },
    {
      id: 'msl',
      title: 'net.inet.tcp.msl for TIME_WAIT',
      tool: 'sysctl',
      argv: ['-n', 'net.inet.tcp.msl'],
      command: 'sysctl -n net.inet.tcp.msl',
      reduce: asPrinted,
      takenFor: 'seconds a port stays in TIME_WAIT',
      why: `It is the maximum segment lifetime in milliseconds; TIME_WAIT lasts twice as long. ${holdWords}`,
      insteadFigure: 'hold',
    },
    {
      id: 'hi-range',
      title: 'portrange.hifirst and hilast for the range',
      tool: 'sysctl',
      argv: ['net.inet.ip.portrange.hifirst', 'net.inet.ip.portrange.hilast'],
      command: 'sysctl net.inet.ip.portrange.hifirst net.inet.ip.portrange.hilast',
      reduce: asPrinted,
      takenFor: 'the ephemeral port range',
      why: 'Only sockets that ask for IP_PORTRANGE_HIGH use it. Outgoing connections take their port from portrange.first to portrange.last.',
      insteadFigure: 'range',
    },
  ];
}
