/** A machine of settings by name, and helpers on it that keep to the protocol of main/fixes/helper.ts unless told. */
import type { Known, Plan } from '../../main/core/fixes/model.ts';
import type { Helper, HelperCommand, HelperEnd, HelperHooks, StartHelper } from '../../main/fixes/helper.ts';
import type { Outcome } from '../../main/core/model.ts';

type Misbehaviour =
  /** It says nothing by itself: the test does. */
  | { kind: 'mute' }
  /** Step N (from 1) cannot be carried out. */
  | { kind: 'fails'; step: number }
  /** It is killed instead of saying this. */
  | { kind: 'dies'; before: string }
  /** The rights are not given. */
  | { kind: 'denied'; exitCode: number; printed?: string };

export class FakeMachine {
  readonly values = new Map<string, string>();
  readonly helpers: FakeHelper[] = [];
  /** Plans whose scripts it can run. */
  plan: Plan;
  /** For the helpers that are started next, in turn. */
  readonly misbehaviours: (Misbehaviour | null)[] = [];
  /** The n-th start fails, counted from 1. */
  failStart = 0;

  constructor(plan: Plan) {
    this.plan = plan;
    for (const { title, current } of plan.steps)
      if (current.kind === 'value') this.values.set(title, current.text);
  }

  get helper(): FakeHelper {
    const last = this.helpers.at(-1);
    if (!last) throw new Error('no helper was started');
    return last;
  }

  readonly startHelper: StartHelper = (command, hooks) => {
    if (--this.failStart === 0) {
      return { ok: false, failure: { code: 'system', call: 'to start it', errno: 11, message: 'EAGAIN' } };
    }
    const helper = new FakeHelper(this, command, hooks, this.misbehaviours.shift() ?? null);
    this.helpers.push(helper);
    return { ok: true, value: helper } satisfies Outcome<Helper>;
  };

  readonly readPresent = ({ steps }: Pick<Plan, 'steps'>): Promise<Known[]> =>
    Promise.resolve(
      steps.map(({ title }) => {
        const text = this.values.get(title);
        return text === undefined ? { kind: 'absent' } : { kind: 'value', text };
      }),
    );
}

interface FakeStep {
  title: string;
  before: string;
  after: string;
  isAction: boolean;
}

export class FakeHelper implements Helper {
  readonly command: HelperCommand;
  readonly heard: string[] = [];
  readonly sizes: [number, number][] = [];
  isCancelled = false;
  hasEnded = false;
  /** SIGSTOP: it does nothing of what it is told until it goes on. */
  isStopped = false;
  readonly #waiting: (() => void)[] = [];
  readonly #machine: FakeMachine;
  readonly #hooks: HelperHooks;
  readonly #misbehaviour: Misbehaviour | null;
  readonly #steps: FakeStep[];
  readonly #touched: number[] = [];
  readonly #mode: string;
  #waits: 'go' | 'keep' | null = null;
  #at = 0;

  constructor(
    machine: FakeMachine,
    command: HelperCommand,
    hooks: HelperHooks,
    misbehaviour: Misbehaviour | null,
  ) {
    this.#machine = machine;
    this.command = command;
    this.#hooks = hooks;
    this.#misbehaviour = misbehaviour;
    const text = command.argv.join('\n');
    const titles = text.split('\n').filter((line) => line.startsWith('title_'));
    this.#steps = machine.plan.steps
      .filter(({ title }) => titles.some((line) => line.includes(title)))
      .map(({ title, current, proposed, target }) => ({
        title,
        before: current.kind === 'value' ? current.text : '',
        after: proposed.kind === 'value' ? proposed.text : '',
        isAction: target.kind === 'action',
      }));
    this.#mode =
      command.argv.findLast((word) => /^(hold|take-back)$/.test(word)) ??
      /'(apply|undo)' 2>&1/.exec(text)?.[1] ??
      '';
    queueMicrotask(() => this.#begin());
  }

  write(bytes: Uint8Array): void {
    const text = new TextDecoder().decode(bytes);
    this.heard.push(text);
    this.#soon(() => this.#answer(text.trimEnd()));
  }

  resize(columns: number, rows: number): void {
    this.sizes.push([columns, rows]);
  }

  cancel(): void {
    this.isCancelled = true;
    this.#soon(() => {
      if (this.#misbehaviour?.kind === 'denied' || this.#misbehaviour?.kind === 'mute')
        this.end({ kind: 'signalled', signal: 'SIGTERM' });
      else this.#leave(4);
    });
  }

  /** SIGCONT. */
  goOn(): void {
    this.isStopped = false;
    for (const run of this.#waiting.splice(0)) run();
  }

  #soon(run: () => void): void {
    queueMicrotask(() => {
      if (this.isStopped) this.#waiting.push(run);
      else run();
    });
  }

  say(words: string): void {
    if (this.hasEnded) return;
    if (this.#misbehaviour?.kind === 'dies' && this.#misbehaviour.before === words) this.kill();
    else this.#hooks.printed(new TextEncoder().encode(`\u001E${words}\n`));
  }

  print(text: string): void {
    if (!this.hasEnded) this.#hooks.printed(new TextEncoder().encode(text));
  }

  kill(): void {
    this.end({ kind: 'signalled', signal: 'SIGKILL' });
  }

  end(end: HelperEnd): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.#hooks.ended(end);
  }

  exit(exitCode: number): void {
    this.end({ kind: 'exited', exitCode });
  }

  #begin(): void {
    const { kind } = this.#misbehaviour ?? { kind: null };
    if (kind === 'mute' || this.hasEnded) return;
    if (this.#misbehaviour?.kind === 'denied') {
      this.print(this.#misbehaviour.printed ?? '');
      this.exit(this.#misbehaviour.exitCode);
    } else if (!this.command.speaks) this.#runSilently();
    else if (this.#mode === 'hold') this.#hold();
    else this.#takeAllBack();
  }

  #hold(): void {
    const foreign = this.#steps.findIndex(
      (step) => !this.#is(step, step.before) && !this.#is(step, step.after),
    );
    if (foreign !== -1) {
      this.say(`refused ${foreign + 1}`);
      return this.exit(2);
    }
    this.say('ready');
    this.#next();
  }

  #next(): void {
    const step = this.#steps[this.#at];
    if (this.hasEnded) return;
    if (!step) {
      this.#waits = 'keep';
      return this.say('holding');
    }
    if (!step.isAction && this.#is(step, step.after)) {
      this.#touched.unshift(this.#at);
      this.say(`done ${++this.#at}`);
      return this.#next();
    }
    this.#waits = 'go';
    this.say(`begin ${this.#at + 1}`);
  }

  #answer(line: string): void {
    if (this.hasEnded || this.#misbehaviour?.kind === 'mute') return;
    if (this.#waits !== null && line === 'undo') return this.#leave(10);
    if (this.#waits === 'keep' && line === 'keep') {
      this.say('kept');
      return this.exit(0);
    }
    const step = this.#steps[this.#at];
    if (this.#waits !== 'go' || line !== `go ${this.#at + 1}` || !step) return;
    this.#waits = null;
    this.#touched.unshift(this.#at);
    const number = ++this.#at;
    this.print(`$ set ${step.title}\n`);
    if (this.#misbehaviour?.kind === 'fails' && this.#misbehaviour.step === number) {
      this.say(`failed ${number} 1`);
      return this.#leave(1);
    }
    if (!step.isAction) this.#machine.values.set(step.title, step.after);
    this.say(`done ${number}`);
    this.#next();
  }

  #takeAllBack(): void {
    this.say('ready');
    this.#touched.push(...this.#steps.keys());
    this.#leave(0);
  }

  #leave(exitCode: number): void {
    let status = exitCode;
    for (const index of this.#touched.splice(0)) {
      const step = this.#steps[index];
      if (this.hasEnded || !step || step.isAction) continue;
      if (this.#is(step, step.after)) this.#machine.values.set(step.title, step.before);
      const isBack = this.#is(step, step.before);
      if (!isBack) status = 3;
      this.say(`${isBack ? 'undone' : 'left'} ${index + 1}`);
    }
    this.exit(status);
  }

  /** As the script does it: `apply` or `undo`, heard of only by its exit status. */
  #runSilently(): void {
    if (this.#mode === 'undo') {
      this.#touched.push(...this.#steps.keys());
      return this.#leave(0);
    }
    if (this.#misbehaviour?.kind === 'fails') return this.exit(1);
    for (const step of this.#steps) this.#machine.values.set(step.title, step.after);
    this.exit(0);
  }

  #is({ title, isAction }: FakeStep, text: string): boolean {
    return isAction || this.#machine.values.get(title) === text;
  }
}
