/** Fixes in the workbench: what is the matter, what helps, wizards, plans, and changes that are carried out. */
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { FIX_CALLS, FIX_EVENTS } from '../../preload/contract-fixes.ts';
import type { EventPayload } from '../../preload/contract.ts';
import { OPEN_PHASES } from '../core/fixes/change.ts';
import type { Outcome, Summary } from '../core/model.ts';
import { chooseRights } from '../fixes/rights.ts';
import { changeHandlers } from './fix-change-calls.ts';
import { BeforePictures } from './fix-before.ts';
import { ChangeDesk } from './fix-desk.ts';
import { openEngine, setTimer, type OpenEngine } from './fix-engine.ts';
import { helperStarter } from './fix-helper.ts';
import { lookHandlers } from './fix-look-calls.ts';
import { Measuring } from './fix-measuring.ts';
import { PrintedByChanges } from './fix-printed.ts';
import { settleForAWhile } from './fix-settling.ts';
import type { RightsView } from './fix-rights.ts';
import { FixSubjects, type SubjectParts } from './fix-subject.ts';
import { wizardHandlers } from './fix-wizard-calls.ts';
import { FixWizards } from './fix-wizards.ts';
import type { Handlers } from './handlers.ts';
import type { FindProgram } from './probe-list.ts';
import { quietRuns } from './quiet-runs.ts';
import type { TerminalLink } from './terminal-link.ts';

export type FixHandlers = Pick<Handlers, keyof typeof FIX_CALLS>;
export type FixEvent = {
  [N in keyof typeof FIX_EVENTS]: { name: N; payload: EventPayload<N> };
}[keyof typeof FIX_EVENTS];

/** Milliseconds that stopping waits for a change to be taken back; after that its helper hears a hang-up and does it. */
const STOP_LIMIT_MS = 12_000;

export interface FixParts extends Omit<SubjectParts, 'run'> {
  terminal: Pick<TerminalLink, 'run'>;
  findProgram: FindProgram;
  /** Whether this process has the machine's highest rights. */
  isElevated: boolean;
  /** "root", "uid 1000". */
  asUser: string;
  /** Where the journal lies, or why there is no such place. */
  stateFolder: Outcome<string>;
  publish(event: FixEvent): void;
  /** One line for the log. */
  log(line: string): void;
  /** Tests pass their own, here and below. */
  monotonicMs?(): number;
  openEngine?: OpenEngine;
}

export interface FixService {
  readonly handlers: FixHandlers;
  /** Tells the pages of changes that were interrupted. */
  start(): void;
  /** A sample was taken. */
  sampled(summary: Summary): void;
  /** Takes back what holds; null when nothing is at work. */
  stop(): Promise<void> | null;
}

export function createFixes(parts: FixParts): FixService {
  const { platform, summary, publish, terminal, isElevated, findProgram } = parts;
  const { openEngine: open = openEngine } = parts;
  const run = quietRuns(terminal);
  let known: RightsView['rights'] | null = null;
  // Asked anew with each plan: what asks for rights may have been installed meanwhile.
  const rights = () => (known = chooseRights(platform, isElevated, findProgram));
  const subjects = new FixSubjects({ ...parts, run });
  const printed = new PrintedByChanges(parts.locale, (payload) =>
    publish({ name: 'change.printed', payload }),
  );
  const wizards = new FixWizards({
    newId: randomUUID,
    publish: (payload) => publish({ name: 'wizard.changed', payload }),
  });
  const pictures = new BeforePictures({ askSampler: parts.askSampler, setTimer });
  const sayMoment = momentSayer(parts.now);
  const startHelper = helperStarter(terminal, {
    started: () => desk.helperIs('asking'),
    hasSpoken: () => desk.helperIs('at work'),
    ended: () => desk.helperIs('none'),
  });
  const desk: ChangeDesk = new ChangeDesk({
    open: (hear) => open({ ...parts, run, rights: rights(), startHelper, sayMoment, publish: hear }),
    rightsWay: () => (known ?? rights()).way,
    sayMoment,
    printedCharacters: (changeId) => printed.charactersOf(changeId),
    printed: (changeId, bytes) => printed.append(changeId, bytes),
    updated: (payload, change) => {
      if (OPEN_PHASES.includes(change.phase)) printed.expect(change.id);
      else printed.flush(change.id);
      publish({ name: 'change.updated', payload });
      wizards.changed(change);
      measuring.changed(change);
      subjects.changed(change.phaseAtMs);
    },
    log: parts.log,
  });
  const measuring: Measuring = new Measuring((changeId, after) => desk.measured(changeId, after), {
    now: parts.now,
    monotonicMs: parts.monotonicMs ?? (() => performance.now()),
  });
  let stopSettling = () => {};
  return {
    handlers: {
      ...lookHandlers({ summary, subjects }),
      ...wizardHandlers({ wizards, desk, subjects, summary, rights, pictures }),
      ...changeHandlers({
        desk,
        printed,
        pictures,
        folder: parts.stateFolder.ok ? parts.stateFolder.value : null,
      }),
    },
    start: () => {
      if (!parts.stateFolder.ok) return;
      const announced = desk.announce();
      stopSettling = settleForAWhile({ settle: () => announced.then(() => desk.settle()), setTimer });
    },
    sampled: (newest) => {
      measuring.sampled(newest);
      subjects.sampled();
    },
    stop: () => {
      stopSettling();
      return desk.stop(STOP_LIMIT_MS);
    },
  };
}

/** "14:33" of today, "20 Nov 14:33" of another day, in the machine's own time. */
function momentSayer(now: () => number): (atMs: number) => string {
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
  return (atMs) => {
    const isToday = new Date(atMs).toDateString() === new Date(now()).toDateString();
    return isToday ? time.format(atMs) : `${day.format(atMs)} ${time.format(atMs)}`;
  };
}
