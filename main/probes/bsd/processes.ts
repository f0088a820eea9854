/** `ps -axo pid=,comm=` of macOS and the BSDs: which process has which id. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import type { OutputFormat } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { forEachWholeLine } from '../whole-lines.ts';

const FORMAT = 'bsd-processes';
const ROW = /^\s*(\d{1,9})\s+(\S.*)$/;

/** A process fact for each line; macOS prints the path of the program, of which the last part is the name. */
export function parseBsdProcesses(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(FORMAT, null, take);
  forEachWholeLine(text, reading, (line, number) => {
    if (line.trim() === '' || /^\s*PID\s+COMM/i.test(line)) return;
    const row = ROW.exec(line);
    if (row === null) return reading.problem(number, line, 'no process id at its beginning');
    const program = (row[2] ?? '').trimEnd();
    const name = program.slice(program.lastIndexOf('/') + 1);
    reading.fact({
      kind: 'process',
      line: number,
      pid: Number(row[1]),
      name: sanitiseText(name === '' ? program : name),
      commandLine: program.startsWith('/') ? sanitiseText(program) : null,
    });
  });
  return reading.done();
}

export const bsdProcessesFormat: OutputFormat = {
  id: FORMAT,
  title: 'ps -o pid,comm',
  system: null,
  recognises: (head) => (/^\s*PID COMM/m.test(head) ? 0.8 : 0),
  parse: parseBsdProcesses,
};
