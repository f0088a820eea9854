/** Every call of the contract and what answers it: one explicit table, looked up only through Object.hasOwn. */
import {
  CALLS,
  type CallArgs,
  type CallName,
  type CallResult,
  type SamplerLink,
} from '../../preload/contract.ts';
import { RULES } from '../core/findings/rules.ts';
import { describeProfiles } from '../core/what-if/catalogue.ts';
import { evaluateWhatIf } from '../core/what-if/evaluate.ts';
import type { Outcome, Summary } from '../core/model.ts';
import type { SamplerCall } from '../sampling/protocol.ts';
import type { EvidenceHandlers } from './evidence.ts';
import type { FixHandlers } from './fixes.ts';
import type { HistoryHandlers } from './history.ts';
import type { ReportHandlers } from './report.ts';
import type { Pace } from './sampler-link.ts';
import type { SettingsHandlers } from './settings.ts';

export type Handler<N extends CallName> = (args: CallArgs<N>) => Promise<Outcome<CallResult<N>>>;
export type Handlers = { readonly [N in CallName]: Handler<N> };

export type WindowAction = CallArgs<'window.control'>['action'];

/** What the handlers need of the workbench. */
export interface HandlerParts {
  describe(): CallResult<'workbench.describe'>;
  summary(): Summary | null;
  samplerState(): SamplerLink;
  configure(change: Partial<Pace>): Pace;
  restart(): void;
  askSampler(name: SamplerCall, args: unknown): Promise<Outcome<unknown>>;
  /** Answers of the calls about probes and runs. */
  evidence: EvidenceHandlers;
  /** Answers of the calls about fixes. */
  fixes: FixHandlers;
  /** Answers of the calls about reports. */
  reports: ReportHandlers;
  /** Answers of the calls about what was. */
  history: HistoryHandlers;
  /** Answers of the calls about settings. */
  settings: SettingsHandlers;
  /** Answers of the calls about notices. */
  notices: Pick<Handlers, 'notices.list' | 'notices.test'>;
  about(): CallResult<'about.get'>;
  background(): Promise<CallResult<'background.get'>>;
  /** Null where the host has no window of its own. */
  windowControl: ((action: WindowAction) => { maximized: boolean }) | null;
}

export function createHandlers(parts: HandlerParts): Handlers {
  const forward =
    <N extends SamplerCall>(name: N): Handler<N> =>
    async (args) =>
      checkResult(name, await parts.askSampler(name, args));
  return {
    'workbench.describe': async () => done(parts.describe()),
    'summary.get': async () => done({ summary: parts.summary(), sampler: parts.samplerState() }),
    'sampling.configure': async (args) => done(parts.configure(definedOnly(args))),
    'sampling.restart': async () => {
      parts.restart();
      return done(parts.samplerState());
    },
    'sockets.query': forward('sockets.query'),
    'sockets.suggest': forward('sockets.suggest'),
    'sockets.detail': forward('sockets.detail'),
    'sockets.pin': forward('sockets.pin'),
    'sockets.unpin': forward('sockets.unpin'),
    'sockets.export': forward('sockets.export'),
    'ports.map': forward('ports.map'),
    'trend.query': forward('trend.query'),
    'findings.checks': async () => done({ checks: RULES.map(({ id, title }) => ({ rule: id, title })) }),
    'whatif.evaluate': async ({ input }) => evaluateWhatIf(input, parts.summary()),
    'whatif.profiles': async () => done(describeProfiles(parts.summary())),
    'import.begin': forward('import.begin'),
    'import.piece': forward('import.piece'),
    'import.finish': forward('import.finish'),
    'import.close': forward('import.close'),
    ...parts.evidence,
    ...parts.fixes,
    ...parts.reports,
    ...parts.history,
    ...parts.settings,
    ...parts.notices,
    'about.get': async () => done(parts.about()),
    'background.get': async () => done(await parts.background()),
    'window.control': async ({ action }) =>
      parts.windowControl
        ? done(parts.windowControl(action))
        : {
            ok: false,
            failure: { code: 'unsupported', what: 'moving the window', why: 'the browser owns this window' },
          },
  };
}

/** The sampler is another process: its results are held to the contract before they are passed on. */
function checkResult<N extends CallName>(name: N, outcome: Outcome<unknown>): Outcome<CallResult<N>> {
  if (!outcome.ok) return outcome;
  const parsed = CALLS[name].result.safeParse(outcome.value);
  if (parsed.success) return done(parsed.data as CallResult<N>);
  const issue = parsed.error.issues[0];
  const why = `the sampler answered something else (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`;
  return { ok: false, failure: { code: 'unavailable', what: name, why } };
}

function done<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

function definedOnly(args: CallArgs<'sampling.configure'>): Partial<Pace> {
  return {
    ...(args.intervalMs === undefined ? {} : { intervalMs: args.intervalMs }),
    ...(args.paused === undefined ? {} : { paused: args.paused }),
  };
}
