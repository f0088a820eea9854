/** The service of probes and runs over fake children, with a small catalogue of its own. */
import type { Summary } from '../../main/core/model.ts';
import type { ToTerminal } from '../../main/terminal/protocol.ts';
import type { Probe } from '../../main/probes/probe.ts';
import { probesOf } from '../../main/probes/catalogue.ts';
import { createEvidence, type EvidenceHandlers } from '../../main/workbench/evidence.ts';
import type { ForkedProcess } from '../../main/workbench/forked-process.ts';
import type { ToParser } from '../../main/workbench/parse-protocol.ts';
import { ParserLink } from '../../main/workbench/parser-link.ts';
import type { RunEvent } from '../../main/workbench/probe-runs.ts';
import { RunStore } from '../../main/workbench/run-store.ts';
import { TerminalLink } from '../../main/workbench/terminal-link.ts';
import type { RunInfo } from '../../preload/contract-evidence.ts';
import { FakeParser } from './fake-parser.ts';
import { FakeTerminal } from './fake-terminal.ts';

export interface EvidenceRig {
  handlers: EvidenceHandlers;
  events: RunEvent[];
  log: string[];
  terminals: FakeTerminal[];
  parsers: FakeParser[];
  link: TerminalLink;
  terminal(): FakeTerminal;
  /** Starts a probe that must start. */
  run(probeId: string, parameters?: { name: string; value: string }[]): Promise<RunInfo>;
  stop(): Promise<void>;
}

export interface EvidenceRigOptions {
  platform?: NodeJS.Platform;
  probes?: readonly Probe[];
  summary?: () => Summary | null;
  store?: RunStore;
  locale?: string;
  isMissing?: (tool: string) => boolean;
  newParser?: () => FakeParser;
  /** Real children instead of fakes. */
  children?: {
    forkTerminal(): ForkedProcess<ToTerminal>;
    startParser(): ForkedProcess<ToParser>;
  };
}

export function rigEvidence(options: EvidenceRigOptions = {}): EvidenceRig {
  const events: RunEvent[] = [];
  const log: string[] = [];
  const terminals: FakeTerminal[] = [];
  const parsers: FakeParser[] = [];
  const platform = options.platform ?? 'linux';
  const note = (line: string) => void log.push(line);
  const link = new TerminalLink({
    forkTerminal: () =>
      options.children?.forkTerminal() ?? pushed(terminals, new FakeTerminal(3000 + terminals.length)),
    now: Date.now,
    jitter: () => 0,
    log: note,
  });
  const parser = new ParserLink({
    startParser: () =>
      options.children?.startParser() ?? pushed(parsers, options.newParser?.() ?? new FakeParser()),
    log: note,
  });
  const handlers = createEvidence({
    probes: options.probes ?? probesOf(platform),
    findProgram: (tool) =>
      options.isMissing?.(tool)
        ? { ok: false, failure: { code: 'tool-missing', tool, hint: `it is in the package ${tool}-tools` } }
        : { ok: true, value: `/usr/bin/${tool}` },
    terminal: link,
    parser,
    publish: (event) => events.push(structuredClone(event)),
    summary: options.summary ?? (() => null),
    now: Date.now,
    platform,
    locale: options.locale ?? 'en-US',
    asUser: 'uid 1000',
    store: options.store,
  });
  return {
    handlers,
    events,
    log,
    terminals,
    parsers,
    link,
    terminal: () => {
      const newest = terminals.at(-1);
      if (!newest) throw new Error('no terminal was started');
      return newest;
    },
    run: async (probeId, parameters = []) => {
      const started = await handlers['probes.run']({ probeId, parameters });
      if (!started.ok) throw new Error(JSON.stringify(started.failure));
      return started.value;
    },
    stop: async () => {
      await link.stop();
      parser.stop();
    },
  };
}

function pushed<T>(list: T[], item: T): T {
  list.push(item);
  return item;
}
