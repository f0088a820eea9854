/** The workbench's fixes over the real engine and journal; the machine and the helper that changes it are fakes. */
import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Known, PortUser, Step } from '../../main/core/fixes/model.ts';
import type { Failure, Outcome, Summary } from '../../main/core/model.ts';
import type { Fact } from '../../main/core/readings.ts';
import { createChanges } from '../../main/fixes/changes.ts';
import { openJournal } from '../../main/fixes/journal.ts';
import { createFixes, type FixEvent, type FixParts, type FixService } from '../../main/workbench/fixes.ts';
import { setTimer } from '../../main/workbench/fix-engine.ts';
import type { LinkedRun, RunListener } from '../../main/workbench/terminal-link.ts';
import type { EndedRun } from '../../main/terminal/protocol.ts';
import type { RunRequest } from '../../main/terminal/run.ts';
import { CALLS, EVENTS, type CallArgs, type CallResult } from '../../preload/contract.ts';
import { FIX_CALLS } from '../../preload/contract-fixes.ts';
import { aState } from './fixes.ts';
import { incidentPorts, incidentSummary } from './incident.ts';

type FixCall = keyof typeof FIX_CALLS;
const RS = '\u001e';

/** A helper as a terminal shows it: it does what it is told when the test lets it. */
export class FakeHelper implements LinkedRun {
  readonly request: RunRequest;
  /** What was typed into it, as text. */
  typed = '';
  sizes: [number, number][] = [];
  isCancelled = false;
  readonly #listener: RunListener;
  readonly #machine: FakeMachine;
  /** False: it hears "go" and does nothing. */
  obeys = true;

  constructor(request: RunRequest, listener: RunListener, machine: FakeMachine) {
    this.request = request;
    this.#listener = listener;
    this.#machine = machine;
  }

  get steps(): readonly Step[] {
    return this.#machine.steps;
  }

  print(text: string): void {
    this.#listener.printed('out', Buffer.from(text));
  }

  /** A word of its protocol. */
  say(words: string): void {
    this.print(`${RS}${words}\r\n`);
  }

  /** It has got its rights: from here it goes by itself as far as it is answered. */
  getRights(): void {
    this.say('ready');
    if (this.request.argv.at(-1) === 'take-back') this.#putBack(0);
    else this.#begin(1);
  }

  end(exitCode: number): void {
    this.#listener.ended({ ...ENDED, tool: this.request.tool, argv: this.request.argv, exitCode });
  }

  fail(failure: Failure): void {
    this.#listener.failed(failure);
  }

  write = (bytes: Uint8Array): void => {
    const text = Buffer.from(bytes).toString('utf8');
    this.typed += text;
    if (this.obeys) this.#hear(text.trim());
  };

  resize = (columns: number, rows: number): void => void this.sizes.push([columns, rows]);

  cancel = (): void => {
    this.isCancelled = true;
    if (this.obeys) this.#putBack(4);
  };

  #hear(words: string): void {
    const step = /^go (\d+)$/.exec(words)?.[1];
    if (step !== undefined) this.#carryOut(Number(step));
    else if (words === 'keep') {
      this.say('kept');
      this.end(0);
    } else if (words === 'undo') this.#putBack(10);
  }

  #carryOut(number: number): void {
    const step = this.steps[number - 1];
    if (!step) throw new Error(`there is no step ${number}`);
    this.print(`$ ${step.title}\r\n`);
    this.#machine.set(step, step.proposed);
    this.say(`done ${number}`);
    if (number < this.steps.length) this.#begin(number + 1);
    else this.say('holding');
  }

  #begin(number: number): void {
    this.say(`begin ${number}`);
  }

  #putBack(exitCode: number): void {
    for (const [index, step] of [...this.steps.entries()].reverse()) {
      const isChanged =
        this.#machine.read(step).kind !== step.current.kind || !same(this.#machine.read(step), step.current);
      if (!isChanged) continue;
      this.#machine.set(step, step.current);
      this.say(`undone ${index + 1}`);
    }
    this.end(exitCode);
  }
}

const ENDED: EndedRun = {
  tool: 'sh',
  argv: [],
  program: '/bin/sh',
  way: 'visible',
  note: null,
  startedAtMs: 0,
  tookMs: 1,
  end: 'exited',
  exitCode: 0,
  signal: null,
  truncated: false,
  survivors: [],
  stdoutBytes: 0,
  stderrBytes: 0,
};

function same(a: Known, b: Known): boolean {
  return a.kind === 'value' && b.kind === 'value' ? a.text === b.text : a.kind === b.kind;
}

/** A Linux with the kernel's defaults; settings and files by their title. */
export class FakeMachine {
  readonly state = aState('linux');
  /** Of the plan that is carried out. */
  steps: readonly Step[] = [];

  read({ target }: Pick<Step, 'target'>): Known {
    if (target.kind === 'sysctl') return this.state.values.get(target.key) ?? { kind: 'absent' };
    if (target.kind === 'file') return this.state.files.get(target.path) ?? { kind: 'absent' };
    return { kind: 'unknown', why: 'it was not read' };
  }

  set({ target }: Pick<Step, 'target'>, known: Known): void {
    if (target.kind === 'sysctl') (this.state.values as Map<string, Known>).set(target.key, known);
    if (target.kind === 'file') (this.state.files as Map<string, Known>).set(target.path, known);
  }
}

export interface FixRig {
  service: FixService;
  machine: FakeMachine;
  /** What the sample shows now; a test may put another in its place. */
  summary: Summary;
  /** Monotonic. */
  clockMs: number;
  tcpPorts: PortUser[];
  /** Facts of files, while such are shown. */
  facts: Fact[] | null;
  events: FixEvent[];
  log: string[];
  helpers: FakeHelper[];
  helper(): FakeHelper;
  folder: string;
  ask<N extends FixCall>(name: N, args: CallArgs<N>): Promise<Outcome<CallResult<N>>>;
  call<N extends FixCall>(name: N, args: CallArgs<N>): Promise<CallResult<N>>;
  payloads<N extends FixEvent['name']>(name: N): Extract<FixEvent, { name: N }>['payload'][];
  /** The same folder and machine, a new process. */
  again(change?: Partial<FixParts>): FixRig;
  close(): void;
}

export interface FixRigOptions {
  parts?: Partial<FixParts>;
  folder?: string;
  machine?: FakeMachine;
  /** Tools that ask for rights and are installed; none: this process has them. */
  tools?: string[];
}

/** Every argument, answer and event is held to the contract. */
export function rigFixes(options: FixRigOptions = {}): FixRig {
  const { tools, machine = new FakeMachine() } = options;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'fourtuple-fixes-'));
  const helpers: FakeHelper[] = [];
  const rig: Omit<FixRig, 'service'> & { service?: FixService } = {
    machine,
    summary: incidentSummary() as Summary,
    clockMs: 0,
    tcpPorts: [],
    facts: null,
    events: [],
    log: [],
    helpers,
    helper: () => {
      const newest = helpers.at(-1);
      if (!newest) throw new Error('no helper was started');
      return newest;
    },
    folder,
    ask: async (name, args) => {
      const parsed = CALLS[name].args.parse(args);
      const handler = service.handlers[name] as (args: unknown) => Promise<Outcome<unknown>>;
      const outcome = await handler(parsed);
      return outcome.ok
        ? { ok: true, value: CALLS[name].result.parse(outcome.value) as never }
        : (outcome as { ok: false; failure: Failure });
    },
    call: async (name, args) => {
      const outcome = await rig.ask(name, args);
      if (!outcome.ok) throw new Error(`${name}: ${JSON.stringify(outcome.failure)}`);
      return outcome.value;
    },
    payloads: (name) =>
      rig.events.filter((event) => event.name === name).map(({ payload }) => payload as never),
    again: (change = {}) => rigFixes({ ...options, folder, machine, parts: { ...options.parts, ...change } }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
  const service = createFixes({
    platform: 'linux',
    probes: [],
    locale: 'en-US',
    now: Date.now,
    monotonicMs: () => rig.clockMs,
    summary: () => rig.summary,
    askSampler: async (name) =>
      name === 'ports.map'
        ? { ok: true, value: incidentPorts() }
        : { ok: true, value: { tcpPorts: rig.tcpPorts, facts: rig.facts, wanted: [] } },
    readLinux: ({ tcpPorts }) => ({ ...machine.state, tcpPorts }),
    terminal: {
      run: (request, listener) => {
        const helper = new FakeHelper(request, listener, machine);
        helpers.push(helper);
        return { ok: true, value: helper };
      },
    },
    findProgram: (tool) =>
      tools?.includes(tool)
        ? { ok: true, value: `/usr/bin/${tool}` }
        : { ok: false, failure: { code: 'tool-missing', tool, hint: `it is in the package ${tool}` } },
    isElevated: tools === undefined,
    asUser: 'uid 1000',
    stateFolder: { ok: true, value: folder },
    publish: (event) => {
      EVENTS[event.name].parse(event.payload);
      rig.events.push(structuredClone(event));
    },
    log: (line) => rig.log.push(line),
    openEngine: ({ stateFolder, platform: _platform, run: _run, ...parts }) => {
      if (!stateFolder.ok) return stateFolder;
      const journal = openJournal(stateFolder.value);
      if (!journal.ok) return journal;
      const { publish } = parts;
      return {
        ok: true,
        value: createChanges({
          ...parts,
          journal: journal.value,
          setTimer,
          settleMs: 50,
          place: () => ({ bootId: 'boot-1', networkNamespace: 'net:[1]' }),
          readPresent: async ({ steps }) => steps.map((step) => machine.read(step)),
          publish: (event) => {
            if (event.kind === 'updated') machine.steps = event.change.plan.steps;
            publish(event);
          },
        }),
      };
    },
    ...options.parts,
  });
  return Object.assign(rig, { service }) as FixRig;
}
