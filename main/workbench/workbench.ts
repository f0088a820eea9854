/**
 * The application itself: owns the sampler and the terminal, keeps the last summary, answers the contract, publishes
 * events.
 */
import { randomUUID } from 'node:crypto';
import { arch, hostname, release, type, uptime, userInfo } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { BackgroundState } from '../../preload/contract-desktop.ts';
import type { EventName, EventPayload } from '../../preload/contract.ts';
import { areSameThresholds } from '../core/assess.ts';
import type { Outcome, Summary } from '../core/model.ts';
import { placeNow } from '../fixes/present.ts';
import type { ToHistory } from '../history/protocol.ts';
import { probesOf } from '../probes/catalogue.ts';
import type { ToSampler } from '../sampling/protocol.ts';
import { choosePrograms, findProgram } from '../terminal/programs.ts';
import type { ToTerminal } from '../terminal/protocol.ts';
import { describeAbout } from './about.ts';
import { createEvidence } from './evidence.ts';
import { NO_STATE_FOLDER } from './fix-engine.ts';
import { createFixes, type FixService } from './fixes.ts';
import type { ForkedProcess } from './forked-process.ts';
import { createHandlers, type Handlers, type WindowAction } from './handlers.ts';
import { FixMarks } from './history-fix-marks.ts';
import { createHistory, type WorkbenchHistory } from './history.ts';
import { recordable } from './history-settings.ts';
import { createNotices } from './notices.ts';
import type { ToParser } from './parse-protocol.ts';
import { ParserLink } from './parser-link.ts';
import { createReports } from './report.ts';
import { RunStore } from './run-store.ts';
import { SamplerLink } from './sampler-link.ts';
import { createSettings, NO_FOLDER, type WorkbenchSettings } from './settings.ts';
import { TerminalLink } from './terminal-link.ts';

export type WorkbenchEvent = { [N in EventName]: { name: N; payload: EventPayload<N> } }[EventName];

export interface WorkbenchOptions {
  forkSampler(): ForkedProcess<ToSampler>;
  /** Called at the first run of a probe. */
  forkTerminal(): ForkedProcess<ToTerminal>;
  /** Starts the thread that understands outputs; called when the first run has ended. */
  startParser(): ForkedProcess<ToParser>;
  /** Starts the thread that keeps history below `stateFolder`; without it none is kept. */
  startHistory?(): ForkedProcess<ToHistory>;
  /** Epoch milliseconds. */
  now(): number;
  /** 0–1; spreads the sampler's restarts. */
  jitter(): number;
  version: string;
  host: 'desktop' | 'web';
  platform: NodeJS.Platform;
  /** Where Fourtuple remembers what it changed, or why there is no such place; without it nothing can be applied. */
  stateFolder?: Outcome<string>;
  /** Whether this process has the machine's highest rights; default false: rights are asked for. */
  isElevated?: boolean;
  /** Given where the renderer draws its own window buttons. */
  windowControl?: (action: WindowAction) => { maximized: boolean };
  /** Whether closing the window can leave the watch running; given where there is a window of our own. */
  background?: () => Promise<BackgroundState>;
  /** One line for the log, without a line end. */
  log(line: string): void;
}

export interface Workbench {
  readonly handlers: Handlers;
  /** What is set, for the host's own part: window, tray, notifications. */
  readonly settings: WorkbenchSettings;
  /** Hears every event until the returned function is called. */
  subscribe(listener: (event: WorkbenchEvent) => void): () => void;
  /** Tells every page something that the host itself has seen: a choice in its menu, a file opened with it. */
  publish(event: WorkbenchEvent): void;
  /** Logs a bug whole and answers the reference under which it stands in the log. */
  reportBug(error: unknown): string;
  /** Starts sampling; once. */
  start(): void;
  /** Takes back a change that holds, ends every run and every child process; resolves when none is left. */
  stop(): Promise<void>;
}

export function createWorkbench(options: WorkbenchOptions): Workbench {
  const listeners = new Set<(event: WorkbenchEvent) => void>();
  let lastSummary: Summary | null = null;
  const fixMarks = new FixMarks(options.now());
  const settings = createSettings({
    stateFolder: options.stateFolder ?? NO_FOLDER,
    publish: (event) => publish(event),
    log: (line) => options.log(line),
  });
  const publish = (event: WorkbenchEvent) => {
    if (event.name === 'change.updated') history.mark(fixMarks.next(event.payload));
    for (const listener of listeners) listener(event);
  };
  const sampler = new SamplerLink({
    ...options,
    onState: (payload) => publish({ name: 'sampler.changed', payload }),
    onSummary: (payload) => {
      lastSummary = payload;
      publish({ name: 'summary.updated', payload });
      history.append(recordable(payload, settings.current.privacy));
      fixes.sampled(payload);
      notices.sampled(payload);
    },
  });
  sampler.configure({ intervalMs: settings.current.sampling.intervalMs });
  sampler.judgeBy(settings.current.thresholds);
  settings.onChange((set, before) => {
    // The pace that the page chose holds until a person sets another one here.
    if (set.sampling.intervalMs !== before.sampling.intervalMs) sampler.configure(set.sampling);
    if (!areSameThresholds(set.thresholds, before.thresholds)) sampler.judgeBy(set.thresholds);
    history.configure(set.history);
  });
  const { version, host, platform, windowControl, log } = options;
  const terminal = new TerminalLink(options);
  const parser = new ParserLink({ startParser: () => options.startParser(), log });
  const programs = choosePrograms(platform);
  const store = new RunStore();
  const shared = {
    probes: probesOf(platform),
    findProgram: (tool: string) => findProgram(programs, tool),
    terminal,
    publish,
    summary: () => lastSummary,
    now: options.now,
    platform,
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
    asUser: ownName(),
  };
  const evidence = createEvidence({ ...shared, parser, store });
  const fixes: FixService = createFixes({
    ...shared,
    askSampler: (name, args) => sampler.call(name, args),
    isElevated: options.isElevated ?? false,
    stateFolder: options.stateFolder ?? { ok: false, failure: NO_STATE_FOLDER },
    log,
  });
  const reports = createReports({
    summary: () => lastSummary,
    askSampler: (name, args) => sampler.call(name, args),
    store,
    version,
    now: options.now,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    hosts: [hostname()],
    users: accountNames(),
    newId: () => randomUUID(),
  });
  const history: WorkbenchHistory = createHistory({
    stateFolder: options.stateFolder,
    startHistory: options.startHistory,
    place: placeNow({ platform }),
    settings: settings.current.history,
    publish,
    now: options.now,
    // The one stands still while the machine sleeps, the other does not.
    clocks: () => ({ steadyMs: performance.now(), uptimeMs: uptime() * 1000 }),
    log,
  });
  const notices = createNotices({
    rules: () => settings.current.notifications,
    publish,
    mark: (mark) => history.mark(mark),
    now: options.now,
    steadyMs: () => performance.now(),
  });
  const handlers = createHandlers({
    describe: () => ({ version, host, platform, windowControls: windowControl !== undefined }),
    summary: () => lastSummary,
    samplerState: () => sampler.state,
    configure: (change) => sampler.configure(change),
    restart: () => sampler.restart(),
    askSampler: (name, args) => sampler.call(name, args),
    evidence,
    fixes: fixes.handlers,
    reports,
    history: history.handlers,
    settings: settings.handlers,
    notices: notices.handlers,
    about: () => describeAbout({ version, versions: process.versions, system: ownSystem() }),
    background: options.background ?? (async () => NO_WINDOW),
    windowControl: windowControl ?? null,
  });
  return {
    handlers,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish,
    reportBug: (error) => {
      const ref = randomUUID().slice(0, 8);
      options.log(`Bug ${ref}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return ref;
    },
    settings,
    start: () => {
      settings.start();
      history.start();
      sampler.start();
      fixes.start();
    },
    stop: async () => {
      settings.stop();
      sampler.stop();
      // What holds is taken back while there is a terminal to do it in.
      const undoing = fixes.stop();
      if (undoing) await undoing;
      await Promise.all([terminal.stop(), history.stop()]);
      parser.stop();
    },
  };
}

const NO_WINDOW: BackgroundState = {
  isPossible: false,
  sentence: 'The browser owns this window. The workbench keeps watching until fourtuple serve is stopped.',
};

function ownSystem(): { type: string; release: string; arch: string } {
  return { type: type(), release: release(), arch: arch() };
}

/** As whom commands run: "root", "uid 1000", on Windows the account's name. */
function ownName(): string {
  // Not asked of userInfo(), which throws where the id has no account (a container).
  const uid = process.getuid?.();
  if (uid === undefined) return userInfo().username;
  return uid === 0 ? 'root' : `uid ${uid}`;
}

/** The account whose name a report may have to hide; root is nobody in particular. */
function accountNames(): string[] {
  try {
    const { username } = userInfo();
    return username === 'root' ? [] : [username];
  } catch {
    // An id without an account (a container).
    return [];
  }
}
