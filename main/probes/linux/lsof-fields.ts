/** `lsof -F`: one field a line (with -F0 a NUL after each), a letter first. Sets begin with "p" and "f". */
import type { OutputParser, OutputReading, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { forEachLine } from '../lines.ts';
import { putState, readDevice, readLsofName, unescapeLsof } from '../lsof.ts';
import type { OutputFormat } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { commandOnLine } from '../shell-lines.ts';

/** Fields of lsof 4.x ("OUTPUT FOR OTHER PROGRAMS" in lsof(8)); those not listed in `field` are of no use here. */
const FIELD = /^[acCdDfFgGiklKLmMnNopPrRsStTuzZ]/;

export const parseLsofFields: OutputParser = (text, take) => new FieldReader(text, take).read();

interface OpenFile {
  line: number;
  text: string;
  fd: number | null;
  fields: Map<string, string>;
}

class FieldReader {
  private readonly text: string;
  private readonly builder: ReadingBuilder;
  private pid: number | null = null;
  private process: string | null = null;
  private uid: number | null = null;
  private file: OpenFile | null = null;

  constructor(text: string, take: (socket: SocketReading) => void) {
    this.text = text;
    this.builder = new ReadingBuilder('lsof-fields', null, take);
  }

  read(): OutputReading {
    let endedOpen = false;
    forEachLine(this.text, (line, number, isOpen) => {
      endedOpen = isOpen;
      for (const field of line.includes('\0') ? line.split('\0') : [line]) {
        if (field !== '') this.field(field, number);
      }
    });
    // The fields of the last file may not be all there.
    if (endedOpen && this.file !== null) this.builder.cut();
    else this.finishFile();
    return this.builder.done();
  }

  private field(field: string, number: number): void {
    if (field.startsWith('lsof: ')) {
      this.builder.fact({ kind: 'note', line: number, name: 'notice', value: sanitiseText(field) });
      return;
    }
    if (commandOnLine(field) !== null) return;
    if (!FIELD.test(field)) {
      this.builder.problem(number, field, 'not a field of lsof');
      return;
    }
    const value = field.slice(1);
    switch (field.charAt(0)) {
      case 'p':
        this.finishFile();
        this.beginProcess(field, value, number);
        break;
      case 'f':
        this.finishFile();
        this.file = {
          line: number,
          text: field,
          fd: /^\d{1,10}$/.test(value) ? Number(value) : null,
          fields: new Map(),
        };
        break;
      case 'c':
        this.process = sanitiseText(unescapeLsof(value));
        break;
      case 'u':
        this.uid = /^\d{1,10}$/.test(value) ? Number(value) : null;
        break;
      case 'T':
        this.file?.fields.set(`T${value.slice(0, 3)}`, value.slice(3));
        break;
      default:
        this.file?.fields.set(field.charAt(0), value);
    }
  }

  private beginProcess(field: string, value: string, number: number): void {
    this.pid = /^\d{1,10}$/.test(value) ? Number(value) : null;
    this.process = null;
    this.uid = null;
    if (this.pid === null) this.builder.problem(number, field, 'no process id');
  }

  private finishFile(): void {
    const file = this.file;
    this.file = null;
    if (file === null) return;
    const type = file.fields.get('t');
    const protocol = file.fields.get('P');
    if (protocol === undefined || (type !== 'IPv4' && type !== 'IPv6')) {
      this.builder.skip('other files');
      return;
    }
    if (protocol !== 'TCP') {
      this.builder.skip(protocol.toLowerCase());
      return;
    }
    this.socket(file, type === 'IPv6' ? 6 : 4);
  }

  private socket(file: OpenFile, family: 4 | 6): void {
    const name = file.fields.get('n') ?? '';
    const socket = readLsofName(name, family, file.line);
    if (socket === null) {
      this.builder.problem(file.line, `${file.text} n${name}`, 'no address and port');
      return;
    }
    if (this.pid !== null) socket.holders = [{ pid: this.pid, process: this.process, fd: file.fd }];
    socket.uid = this.uid;
    readDevice(socket, file.fields.get('d') ?? '');
    socket.receiveQueue = queueOf(file.fields.get('TQR='));
    socket.sendQueue = queueOf(file.fields.get('TQS='));
    const state = file.fields.get('TST=');
    if (state !== undefined) putState(socket, state);
    if (state !== undefined && socket.state === 0) {
      this.builder.problem(file.line, `${file.text} TST=${state}`, 'its state is not known');
    }
    this.builder.socket(socket);
  }
}

function queueOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null;
}

export const lsofFieldsFormat: OutputFormat = {
  id: 'lsof-fields',
  title: 'lsof -F',
  system: null,
  recognises: (head) =>
    /^p\d+[\n\0\r]+(?:[a-zA-Z][^\n\0]*[\n\0]+){0,8}f\w+[\n\0\r]/.test(head.replace(/^\ufeff/, '')) ? 0.95 : 0,
  parse: parseLsofFields,
};
