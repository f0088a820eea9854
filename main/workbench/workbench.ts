/** The application itself: owns the sampler, keeps the last summary, answers the contract, publishes events. */
import { randomUUID } from 'node:crypto';
import type { EventName, EventPayload } from '../../preload/contract.ts';
import type { Summary } from '../core/model.ts';
import { createEvidence } from './evidence.ts';
import { createHandlers, type Handlers, type WindowAction } from './handlers.ts';
import { SamplerLink } from './sampler-link.ts';
import type { SamplerProcess } from './sampler-process.ts';

export type WorkbenchEvent = { [N in EventName]: { name: N; payload: EventPayload<N> } }[EventName];

export interface WorkbenchOptions {
  forkSampler(): SamplerProcess;
  /** Epoch milliseconds. */
  now(): number;
  /** 0–1; spreads the sampler's restarts. */
  jitter(): number;
  version: string;
  host: 'desktop' | 'web';
  platform: string;
  /** Given where the renderer draws its own window buttons. */
  windowControl?: (action: WindowAction) => { maximized: boolean };
  /** One line for the log, without a line end. */
  log(line: string): void;
}

export interface Workbench {
  readonly handlers: Handlers;
  /** Hears every event until the returned function is called. */
  subscribe(listener: (event: WorkbenchEvent) => void): () => void;
  /** Logs a bug whole and answers the reference under which it stands in the log. */
  reportBug(error: unknown): string;
  /** Starts sampling; once. */
  start(): void;
  /** Ends the sampler's process. */
  stop(): void;
}

export function createWorkbench(options: WorkbenchOptions): Workbench {
  const listeners = new Set<(event: WorkbenchEvent) => void>();
  let lastSummary: Summary | null = null;
  const publish = (event: WorkbenchEvent) => {
    for (const listener of listeners) listener(event);
  };
  const sampler = new SamplerLink({
    ...options,
    onState: (payload) => publish({ name: 'sampler.changed', payload }),
    onSummary: (payload) => {
      lastSummary = payload;
      publish({ name: 'summary.updated', payload });
    },
  });
  const { version, host, platform, windowControl } = options;
  const handlers = createHandlers({
    describe: () => ({ version, host, platform, windowControls: windowControl !== undefined }),
    summary: () => lastSummary,
    samplerState: () => sampler.state,
    configure: (change) => sampler.configure(change),
    restart: () => sampler.restart(),
    askSampler: (name, args) => sampler.call(name, args),
    evidence: createEvidence(),
    windowControl: windowControl ?? null,
  });
  return {
    handlers,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reportBug: (error) => {
      const ref = randomUUID().slice(0, 8);
      options.log(`Bug ${ref}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return ref;
    },
    start: () => sampler.start(),
    stop: () => sampler.stop(),
  };
}
