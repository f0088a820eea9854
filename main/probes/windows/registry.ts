/** The values under Tcpip\Parameters: `reg query` of the key or of one value, a .reg file, Get-ItemProperty. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { forEachWholeLine } from '../whole-lines.ts';
import { recogniseWindowsError } from './errors.ts';
import { commandAfterPrompt, readBanner } from './prompt.ts';

const FORMAT = 'windows-registry';
/** Values that decide about ports, by their names in lower case. */
export const REGISTRY_NAMES: ReadonlyMap<string, string> = new Map(
  ['MaxUserPort', 'TcpTimedWaitDelay', 'StrictTimeWaitSeqCheck'].map((name) => [name.toLowerCase(), name]),
);
const MAX_LINE = 4096;
const KEY = /^\[?(?:HKEY_LOCAL_MACHINE|HKLM)\\/i;
/** Exactly the key, in whichever control set; below it are the interfaces. */
const PARAMETERS_KEY =
  /^\[?(?:HKEY_LOCAL_MACHINE|HKLM)\\SYSTEM\\[^\\]{1,40}\\Services\\Tcpip\\Parameters\]?$/i;
const QUERY_ROW = /^(\S.{0,260}?)(?:\t| {2,80})(REG_[A-Z_0-9]{1,40})(?:[\t ]{1,80}(.*))?$/;
const FILE_ROW = /^"([^"]{1,100})"=(.*)$/;
const LIST_ROW = /^(\w{1,100}) {0,80} : (.*)$/;

export function parseRegistry(text: string, take: (socket: SocketReading) => void): OutputReading {
  const builder = new ReadingBuilder(FORMAT, 'windows', take);
  const reader = new RegistryReader(builder);
  forEachWholeLine(text, builder, (line, number) => reader.read(line, number));
  reader.end(text.endsWith('\n'));
  return builder.done();
}

class RegistryReader {
  private readonly builder: ReadingBuilder;
  /** True until a line names another key: a paste may begin below the name of the key. */
  private isOurKey = true;
  /** 0 until the key was named. */
  private keyLine = 0;
  private readonly found = new Set<string>();
  /** Whether values were listed that nobody asks for by name: then the listing is of the whole key. */
  private hasOthers = false;
  /** The value that the command above asks for, where one is seen. */
  private asked: string | null = null;

  constructor(builder: ReadingBuilder) {
    this.builder = builder;
  }

  read(line: string, number: number): void {
    const trimmed = line.slice(0, MAX_LINE).trim();
    const command = commandAfterPrompt(line) ?? (/^reg(?:\.exe)? query /i.test(trimmed) ? trimmed : null);
    if (trimmed === '' || readBanner(line, number, this.builder)) return;
    if (command !== null) this.asked = askedValue(command);
    else if (KEY.test(trimmed)) this.beginKey(trimmed, number);
    else if (this.keyLine === 0 && isFileHeading(trimmed)) return;
    else if (!this.readRow(trimmed, line, number)) this.readText(line, number);
  }

  /** A whole listing of the whole key without a value says that the value is not set. */
  end(isWhole: boolean): void {
    if (!isWhole || !this.hasOthers || this.keyLine === 0) return;
    for (const name of REGISTRY_NAMES.values()) {
      if (!this.found.has(name))
        this.builder.fact({ line: this.keyLine, kind: 'registry', name, value: null });
    }
  }

  private beginKey(trimmed: string, number: number): void {
    this.isOurKey = PARAMETERS_KEY.test(trimmed);
    if (this.isOurKey) this.keyLine = number;
  }

  private readRow(trimmed: string, line: string, number: number): boolean {
    const query = QUERY_ROW.exec(trimmed);
    if (query) {
      this.readValue(query[1] ?? '', query[2] === 'REG_DWORD' ? (query[3] ?? '') : null, line, number);
      return true;
    }
    const file = FILE_ROW.exec(trimmed);
    if (file) {
      const dword = /^dword:(.*)$/i.exec(file[2] ?? '');
      this.readValue(file[1] ?? '', dword ? `0x${dword[1] ?? ''}` : null, line, number);
      // A .reg file may hold any part of a key.
      this.hasOthers = false;
      return true;
    }
    const list = LIST_ROW.exec(trimmed);
    if (!list || !this.isOurKey) return false;
    const name = list[1] ?? '';
    if (REGISTRY_NAMES.has(name.toLowerCase())) this.readNumber(name, list[2] ?? '', line, number);
    else this.builder.skip('other values');
    return true;
  }

  private readValue(name: string, dword: string | null, line: string, number: number): void {
    const isAsked = this.isOurKey && REGISTRY_NAMES.has(name.trim().toLowerCase());
    if (this.isOurKey && !isAsked) this.hasOthers = true;
    if (!isAsked) this.builder.skip('other values');
    else if (dword === null) this.builder.problem(number, line, `${name} is no REG_DWORD`);
    else this.readNumber(name, dword, line, number);
  }

  private readNumber(printedName: string, printed: string, line: string, number: number): void {
    const name = REGISTRY_NAMES.get(printedName.trim().toLowerCase()) ?? '';
    const digits = printed.trim();
    const value = /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(digits) ? Number(digits) : Number.NaN;
    if (!(value <= 0xffffffff)) {
      this.builder.problem(number, line, `"${digits}" is no number of 32 bits`);
      return;
    }
    this.found.add(name);
    this.builder.fact({ line: number, kind: 'registry', name, value });
  }

  private readText(line: string, number: number): void {
    const error = recogniseWindowsError(line);
    const name = this.asked === null ? undefined : REGISTRY_NAMES.get(this.asked.toLowerCase());
    if (error?.code === 'not-found' && name !== undefined) {
      this.asked = null;
      this.builder.fact({ line: number, kind: 'registry', name, value: null });
    } else this.builder.problem(number, line, error?.sentence ?? 'no value of a registry key');
  }
}

function isFileHeading(trimmed: string): boolean {
  return /^(?:Windows Registry Editor Version|REGEDIT4|! REG\.EXE VERSION)/i.test(trimmed);
}

/** "MaxUserPort" of "reg query HKLM\… /v MaxUserPort", or null. */
function askedValue(command: string): string | null {
  return /^reg(?:\.exe)? query .{1,400}?\/v "?(\w{1,100})"?/i.exec(command)?.[1] ?? null;
}

export const registryFormat: OutputFormat = {
  id: FORMAT,
  title: 'registry values of Tcpip\\Parameters of Windows',
  system: 'windows',
  recognises: (head) => {
    if (/\\Services\\Tcpip\\Parameters\b/i.test(head)) return 0.95;
    // All that `reg query … /v` prints of a value that is not set.
    if (head.length < 400 && recogniseWindowsError(head)?.code === 'not-found') return 0.6;
    return /^\s{0,20}"?(?:MaxUserPort|TcpTimedWaitDelay|StrictTimeWaitSeqCheck)"?(?:=|\s)/im.test(head)
      ? 0.8
      : 0;
  },
  parse: parseRegistry,
};

export const registryProbe: Probe = {
  id: 'windows.registry-tcpip',
  platform: 'windows',
  group: 'settings',
  title: 'Registry values about ports',
  tool: 'reg',
  argv: ['query', 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters'],
  parameters: [],
  proves:
    'Whether TcpTimedWaitDelay or the old MaxUserPort is set; a value that is not listed has its default.',
  needs: null,
  figures: ['hold'],
  parse: parseRegistry,
  mayBeEmpty: false,
  encoding: 'oem',
};
