/** Commands of the trade whose numbers are taken for something that they are not, run as they are. */
import { TcpState } from '../../core/model.ts';
import type { OutputParser } from '../../core/readings.ts';
import { parseLsof } from '../lsof.ts';
import type { Folklore, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { forEachFileLine, wordsOf } from './cat-file.ts';
import { parseNetstat } from './netstat.ts';
import { afterLastColon, columnOf, countEqual, countLineEnds, countLinesWith } from './pipeline.ts';
import { parseSsSummary } from './ss-summary.ts';
import { parserForSsState, parseSs } from './ss.ts';

/** The one line of a file below /proc/sys, as the setting of that name. */
function parserForSetting(name: string): OutputParser {
  return (text, take) => {
    const reading = new ReadingBuilder('setting', 'linux', take);
    forEachFileLine(text, reading, (line, number) => {
      const value = wordsOf(line).join(' ');
      if (!/^[\d ]{1,40}$/.test(value)) return reading.problem(number, line, 'not the numbers of a setting');
      reading.fact({ kind: 'setting', line: number, name, value });
    });
    return reading.done();
  };
}

interface MisleadingCommand extends Folklore {
  id: string;
  title: string;
  tool: string;
  argv: readonly string[];
  parse: OutputParser;
  goodExits?: readonly number[];
}

function misleading({ id, title, tool, argv, parse, goodExits, ...folklore }: MisleadingCommand): Probe {
  return {
    id: `linux.folklore-${id}`,
    platform: 'linux',
    group: 'misleading',
    title,
    tool,
    argv,
    parameters: [],
    proves: `Not what it is taken for, ${folklore.takenFor}: ${lowerFirst(folklore.why)}`,
    needs: null,
    figures: [],
    parse,
    folklore,
    ...(goodExits === undefined ? {} : { goodExits }),
  };
}

function lowerFirst(text: string): string {
  // Names of tools and states keep their capitals.
  return /^[A-Z][a-z]* /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

const TIME_WAIT = 'TIME_WAIT';

export const MISLEADING_LINUX_PROBES: readonly Probe[] = [
  misleading({
    id: 'ss-tulnp-wc',
    title: 'Counting lines of ss -tulnp',
    tool: 'ss',
    argv: ['-tulnp'],
    parse: parseSs,
    command: 'ss -tulnp | wc -l',
    reduce: (text) => String(countLineEnds(text)),
    takenFor: 'ports in use',
    why: 'It counts TCP listeners, all UDP sockets and the heading. No outgoing connection and no socket in TIME-WAIT is among them.',
    insteadFigure: 'pool-used',
  }),
  misleading({
    id: 'ss-tan-states',
    title: 'Counting states with ss, awk and uniq',
    tool: 'ss',
    argv: ['-tan'],
    parse: parseSs,
    command: "ss -tan | awk '{print $1}' | sort | uniq -c",
    reduce: (text) => countEqual(columnOf(text, 1), 'bytes'),
    takenFor: 'how many ephemeral ports are left',
    why: 'It counts sockets by state for all destinations together, those of this machine’s own servers too, and the heading as a state. A port is used up for each destination apart, so no sum of these numbers can be compared with the range.',
    insteadFigure: 'pool-used',
  }),
  misleading({
    id: 'ss-tan-ports',
    title: 'Counting local ports with ss, awk and uniq',
    tool: 'ss',
    argv: ['-tan'],
    parse: parseSs,
    command: "ss -tan | awk '{print $4}' | awk -F: '{print $NF}' | sort -n | uniq -c",
    reduce: (text) => countEqual(afterLastColon(columnOf(text, 4)), 'numbers'),
    takenFor: 'which ephemeral ports are in use',
    why: 'It counts local ports of every state, listeners and accepted connections too, and the word Local of the heading. The same port counts again for each destination, where it is free or taken for each apart.',
    insteadFigure: 'port-map',
  }),
  misleading({
    id: 'ss-time-wait-wc',
    title: 'Counting TIME-WAIT with ss and wc',
    tool: 'ss',
    argv: ['-tan', 'state', 'time-wait'],
    parse: parserForSsState(TcpState.TIME_WAIT),
    command: 'ss -tan state time-wait | wc -l',
    reduce: (text) => String(countLineEnds(text)),
    takenFor: 'ports locked in TIME-WAIT',
    why: 'It is one too many, the heading, and it holds the connections that a server here closed first: their local port is the server’s own and locks none of the range.',
    insteadFigure: 'time-wait',
  }),
  misleading({
    id: 'netstat-time-wait',
    title: 'Counting TIME_WAIT with netstat and grep',
    tool: 'netstat',
    argv: ['-an'],
    parse: parseNetstat,
    command: 'netstat -an | grep TIME_WAIT | wc -l',
    reduce: (text) => String(countLinesWith(text, TIME_WAIT)),
    takenFor: 'locked ephemeral ports',
    why: 'It counts all destinations together and the connections that a server here closed first. In a translated system netstat may print another word, and then it counts 0.',
    insteadFigure: 'time-wait',
  }),
  misleading({
    id: 'netstat-grep-443',
    title: 'Counting connections with grep :443',
    tool: 'netstat',
    argv: ['-an'],
    parse: parseNetstat,
    command: 'netstat -an | grep -c :443',
    reduce: (text) => String(countLinesWith(text, ':443')),
    takenFor: 'connections to port 443',
    why: 'It counts local and remote ports alike, 4430 to 4439 and 44300 to 44399 too (those are ephemeral ports on Linux), a server that listens on 443, and every state.',
    insteadFigure: 'pool-used',
  }),
  misleading({
    id: 'lsof-wc',
    title: 'Counting lines of lsof -i',
    tool: 'lsof',
    // Without -nP it looks up every name and service: the lines are as many, and the network is not asked.
    argv: ['-nP', '-i'],
    parse: parseLsof,
    goodExits: [0, 1],
    command: 'lsof -i | wc -l',
    reduce: (text) => String(countLineEnds(text)),
    takenFor: 'open connections',
    why: 'It counts a socket once for each process that holds it, UDP and the heading too. A socket in TIME-WAIT belongs to no process, so none is among them; nor are those of other users when it does not run as root.',
    insteadFigure: 'sockets',
  }),
  misleading({
    id: 'fin-timeout',
    title: 'tcp_fin_timeout for TIME-WAIT',
    tool: 'cat',
    argv: ['/proc/sys/net/ipv4/tcp_fin_timeout'],
    parse: parserForSetting('net.ipv4.tcp_fin_timeout'),
    command: 'cat /proc/sys/net/ipv4/tcp_fin_timeout',
    reduce: (text) => withoutLastLineEnd(text),
    takenFor: 'seconds a port stays in TIME-WAIT',
    why: 'It is how long an orphaned connection waits in FIN-WAIT-2 for the other side’s FIN. TIME-WAIT is a constant of 60 s on Linux; with tcp_fin_timeout at 5, 30, 60 and 120 it was measured at 60.8 s each time.',
    insteadFigure: 'hold',
  }),
  misleading({
    id: 'ss-summary',
    title: 'ss -s for a port count',
    tool: 'ss',
    argv: ['-s'],
    parse: parseSsSummary,
    command: 'ss -s',
    reduce: (text) => withoutLastLineEnd(text),
    takenFor: 'used ephemeral ports',
    why: 'It counts sockets of the whole machine in all states, accepted ones and listeners too. Two connections to two destinations may share one port, and one destination may be full while the total is small.',
    insteadFigure: 'pool-used',
  }),
  misleading({
    id: 'port-range',
    title: 'The port range for a limit of connections',
    tool: 'cat',
    argv: ['/proc/sys/net/ipv4/ip_local_port_range'],
    parse: parserForSetting('net.ipv4.ip_local_port_range'),
    command: 'cat /proc/sys/net/ipv4/ip_local_port_range',
    reduce: (text) => withoutLastLineEnd(text),
    takenFor: 'most outgoing connections of this machine',
    why: 'The range is there again for every destination address and port and every source address. It limits the connections to one destination, ports in TIME-WAIT included.',
    insteadFigure: 'range',
  }),
];

function withoutLastLineEnd(text: string): string {
  const lines: string[] = [];
  for (const line of text.split('\n')) lines.push(line.endsWith('\r') ? line.slice(0, -1) : line);
  if (lines.at(-1) === '') lines.pop();
  return lines.join('\n');
}
