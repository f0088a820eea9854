/** What a report is made of: values gathered at one moment. Rendering is pure; nothing here asks for the time. */
import type { ForecastCurve, Summary, TrendColumns } from '../core/model.ts';

/** A command that was run, and what it printed. */
export interface ReportTranscript {
  title: string;
  /** Figures that it is evidence for; findings name the same. */
  figures: readonly string[];
  command: string;
  /** Epoch milliseconds. */
  startedAtMs: number;
  tookMs: number | null;
  /** How it ended, one sentence. */
  end: string;
  /** What it printed, safe to show (transcript.ts). */
  output: string;
  /** True when the output was cut for the report or by a limit of the run. */
  isCut: boolean;
}

/** Ports in use over time, of one pool or of all. */
export interface ReportTrend {
  title: string;
  trend: TrendColumns;
  forecast: ForecastCurve | null;
  capacity: number | null;
  slowFrom: number | null;
}

/** Something that Fourtuple changed on the machine. */
export interface ReportChange {
  atMs: number;
  what: string;
  /** "in effect", "undone". */
  state: string;
}

/** The sockets as text, a column a head of the CSV export; '' is unknown. */
export interface ReportSockets {
  heads: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface ReportInput {
  /** Version of the program. */
  version: string;
  /** Epoch milliseconds. */
  createdAtMs: number;
  /** IANA zone that times are written in: "UTC", "Europe/Berlin". */
  timeZone: string;
  summary: Summary;
  /** Every check, so that those that passed can be named. */
  checks: readonly { rule: string; title: string }[];
  trends: readonly ReportTrend[];
  transcripts: readonly ReportTranscript[];
  changes: readonly ReportChange[];
  /** The list of sockets, where it was asked for. */
  sockets: ReportSockets | null;
  /** What was hidden, in words; empty when nothing was. */
  redactions: readonly string[];
}

/** What a person may ask to be hidden. */
export const REDACTIONS = ['addresses', 'hosts', 'processes'] as const;
export type Redaction = (typeof REDACTIONS)[number];

/** Names to hide that no pattern can find; gathered by whoever gathers the report. */
export interface KnownNames {
  hosts: readonly string[];
  /** Files that were imported; people name them after hosts. */
  files: readonly string[];
  /** Processes, units and containers. */
  processes: readonly string[];
  users: readonly string[];
}

/** Most characters of one transcript in a report. Whole lines are kept. */
export const MAX_TRANSCRIPT_CHARACTERS = 64 * 1024;
