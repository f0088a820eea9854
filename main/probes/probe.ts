/** What a probe is: one question to one of the system's own tools. One tool a file in the folder of its platform. */
import type { OutputParser, SystemId } from '../core/readings.ts';

export type ProbeGroup = 'sockets' | 'settings' | 'counters' | 'owners' | 'path' | 'misleading';

/** Figures of the workbench that a probe is evidence for; a figure on screen opens the first probe that names it. */
export type FigureId =
  | 'verdict'
  | 'pool-used'
  | 'time-wait'
  | 'new-connections'
  | 'time-to-exhaustion'
  | 'range'
  | 'hold'
  | 'reuse'
  | 'port-map'
  | 'sockets'
  | 'consumers'
  | 'listeners'
  | 'counters'
  | 'conntrack'
  | 'descriptors';

/** A value that a person fills in; checked by its type before it becomes an argument (hardening C2). */
export interface ProbeParameter {
  name: string;
  type: 'pid' | 'port' | 'address';
  label: string;
  /** A value that makes sense when none is given, or null where one must be given. */
  preset: string | null;
}

export interface Probe {
  /** "linux.ss-tan": platform, dot, name. */
  id: string;
  platform: SystemId;
  group: ProbeGroup;
  title: string;
  /** Key of the terminal's table of programs (main/terminal/programs): "ss". Never a path. */
  tool: string;
  /** Fixed arguments; "{name}" as a whole argument, after "=" or (a pid) within a path stands for a parameter. */
  argv: readonly string[];
  parameters: readonly ProbeParameter[];
  /** One sentence: what its output proves. */
  proves: string;
  /** What it needs beyond a normal user, as a clause, or null: "root, to name processes of other users". */
  needs: string | null;
  figures: readonly FigureId[];
  parse: OutputParser;
  /** Exit statuses that mean it worked; default [0]. `lsof` ends with 1 when nothing matches. */
  goodExits?: readonly number[];
  /** Whether an empty output is an answer ("no data") rather than a fault. Default true. */
  mayBeEmpty?: boolean;
  /** How its output is encoded where that is not UTF-8 (Windows: the OEM code page). */
  encoding?: 'utf-8' | 'oem' | 'utf-16le';
  /** Only for the group 'misleading'. */
  folklore?: Folklore;
}

/** A command of the trade that does not say what people take it to say. */
export interface Folklore {
  /** As people type it, pipes and all; shown, never run. */
  command: string;
  /** What that pipeline would print, worked out from the output of `tool`; lines of text. */
  reduce(text: string): string;
  /** What people take the number for: "used ephemeral ports". */
  takenFor: string;
  /** Why it is not that, in one or two sentences. */
  why: string;
  /** Which figure answers the question instead. */
  insteadFigure: FigureId;
}

/** A format of output that can be read, wherever it comes from: a probe, a file, a paste. */
export interface OutputFormat {
  /** The id that its readings carry: "ss", "windows-netstat". */
  id: string;
  /** In words, for people: "netstat -ano of Windows". */
  title: string;
  /** The only system that prints it, or null. */
  system: SystemId | null;
  /** How sure it is from the first 16 KiB: 0 not at all, 1 certain; above 0.5 it takes the text. */
  recognises(head: string): number;
  parse: OutputParser;
}
