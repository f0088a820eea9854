/**
 * What the workbench and the sampler's child process say to each other, as plain JSON objects over the channel that
 * the host's fork gives (Electron utilityProcess or child_process.fork).
 */
import type { PortUser } from '../core/fixes/model.ts';
import type { Failure, Summary, Thresholds } from '../core/model.ts';
import type { Fact } from '../core/readings.ts';

/** Calls of the contract that the sampler answers itself, with the contract's argument and result shapes. */
export const SAMPLER_CALLS = [
  'sockets.query',
  'sockets.suggest',
  'sockets.detail',
  'sockets.pin',
  'sockets.unpin',
  'sockets.export',
  'ports.map',
  'trend.query',
  'import.begin',
  'import.piece',
  'import.finish',
  'import.close',
] as const;
export type SamplerCall = (typeof SAMPLER_CALLS)[number];

/** Questions of the workbench itself, answered like calls; no page can ask them. */
export const OWN_CALLS = ['fixes.subject'] as const;
export type SamplerQuestion = SamplerCall | (typeof OWN_CALLS)[number];

/** Answer of fixes.subject: what plans need of the sockets and files that are shown. */
export interface FixFacts {
  /** Ports with a listener or a bound socket, each once, lowest first. */
  tcpPorts: PortUser[];
  /** What the files that are shown tell of settings; null while this machine is shown. */
  facts: Fact[] | null;
  /** Of full pools: what they are asked for, as core/fixes/wanted.ts tells it. */
  wanted: { poolKey: string; opensPerSecond: number }[];
}

export type ToSampler =
  | { type: 'configure'; intervalMs?: number; paused?: boolean; thresholds?: Thresholds }
  | { type: 'call'; id: number; name: SamplerQuestion; args: unknown }
  /** Ends the process cleanly. */
  | { type: 'stop' };

export type FromSampler =
  /** First message: the process is up. */
  | { type: 'ready'; pid: number }
  /** After each sample, and once more at once after a change of pace. */
  | { type: 'summary'; summary: Summary }
  /** Every HEARTBEAT_MS, whatever happens (hardening S7). */
  | { type: 'beat' }
  | { type: 'answer'; id: number; ok: true; value: unknown }
  | { type: 'answer'; id: number; ok: false; failure: Failure }
  /** It cannot measure at all on this machine; it will not try again by itself. */
  | { type: 'unable'; failure: Failure };

/** Milliseconds between two beats (hardening S7). */
export const HEARTBEAT_MS = 5000;
