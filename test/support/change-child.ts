/**
 * A process that carries changes out on this very network namespace and can be killed at any point of it: it is asked by
 * lines of JSON on its standard input and answers by lines on its output. With argv[2] it announces itself.
 */
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { changesHere, startInForeground } from '../../main/commands/changes-here.ts';
import { runJournal } from '../../main/commands/journal.ts';
import { runUndo } from '../../main/commands/undo.ts';
import type { Plan } from '../../main/core/fixes/model.ts';
import { createChanges } from '../../main/fixes/changes.ts';
import type { Changes } from '../../main/fixes/changes-parts.ts';
import type { StartHelper } from '../../main/fixes/helper.ts';
import type { Journal } from '../../main/fixes/journal-parts.ts';
import { openJournal } from '../../main/fixes/journal.ts';
import { hashPlan } from '../../main/fixes/plan-hash.ts';
import { placeNow, readPresent } from '../../main/fixes/present.ts';

export type Victim = 'us' | 'helper' | 'both';
export type Act = 'keep' | 'undo' | 'undo past';

export type ChildRequest =
  | { ask: 'carry'; stateHome: string; plan: Plan; act: Act; killAt: number | null; victim: Victim }
  | { ask: 'journal'; stateHome: string }
  | { ask: 'undo'; stateHome: string; changeId: number };

export type ChildAnswer =
  | { is: 'ready' }
  | { is: 'helper'; pid: number }
  /** Every point that was passed. */
  | { is: 'carried'; points: string[] }
  | { is: 'ran'; status: number; out: string; err: string };

function answer(answer: ChildAnswer): void {
  writeSync(1, `${JSON.stringify(answer)}\n`);
}

/** Points of the protocol, counted from 1; at one of them somebody is killed. */
class Points {
  readonly passed: string[] = [];
  readonly #killAt: number | null;
  readonly #victim: Victim;
  helper: number | null = null;

  constructor(killAt: number | null, victim: Victim) {
    this.#killAt = killAt;
    this.#victim = victim;
  }

  pass(name: string): void {
    this.passed.push(name);
    if (this.passed.length !== this.#killAt) return;
    if (this.#victim !== 'us' && this.helper !== null) kill(this.helper);
    if (this.#victim !== 'helper') kill(process.pid);
  }

  around<T>(name: string, act: () => T): T {
    this.pass(`before ${name}`);
    const made = act();
    this.pass(`after ${name}`);
    return made;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function watched(journal: Journal, points: Points): Journal {
  return {
    folder: journal.folder,
    list: () => journal.list(),
    add: (change) => points.around(`add ${change.phase}`, () => journal.add(change)),
    update: (change) => {
      const steps = change.steps.map(({ status }) => status).join(',');
      return points.around(`write ${change.phase} ${steps}`, () => journal.update(change));
    },
    lock: () => journal.lock(),
    holder: () => journal.holder(),
  };
}

/** One message of the helper at a time. */
function watchedStart(points: Points): StartHelper {
  return (command, hooks) => {
    let rest = '';
    const started = startInForeground(command, {
      printed: (bytes) => {
        const lines = (rest + new TextDecoder('latin1').decode(bytes)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (line.startsWith('\u001E')) points.pass(`before hearing ${line.slice(1)}`);
          hooks.printed(Buffer.from(`${line}\n`, 'latin1'));
        }
      },
      ended: (end) => {
        points.pass('before hearing its end');
        hooks.ended(end);
      },
    });
    if (!started.ok) return started;
    const pid = Number(
      readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1').trim().split(' ').at(-1),
    );
    points.helper = pid;
    answer({ is: 'helper', pid });
    points.pass('helper started');
    const { write } = started.value;
    return {
      ok: true,
      value: {
        ...started.value,
        // Just before it is the write that it had to wait for.
        write: (bytes) => {
          write(bytes);
          points.pass(`after saying ${new TextDecoder().decode(bytes).trimEnd()}`);
        },
      },
    };
  };
}

async function carry({
  stateHome,
  plan,
  act,
  killAt,
  victim,
}: ChildRequest & { ask: 'carry' }): Promise<void> {
  const points = new Points(killAt, victim);
  const journal = openJournal(join(stateHome, 'fourtuple'));
  if (!journal.ok) throw new Error(JSON.stringify(journal.failure));
  let isHeld = false;
  const changes: Changes = createChanges({
    journal: watched(journal.value, points),
    startHelper: watchedStart(points),
    rights: { way: 'none', obstacle: null },
    readPresent: (asked) => readPresent(asked, { platform: 'linux', run: null }),
    place: () => placeNow({ platform: 'linux' }),
    asUser: 'root',
    now: Date.now,
    setTimer: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    publish: (event) => {
      if (event.kind !== 'updated' || event.change.phase !== 'holding' || isHeld) return;
      isHeld = true;
      setImmediate(() =>
        act === 'keep' ? changes.keep(event.change.id) : void changes.undo(event.change.id, null),
      );
    },
  });
  if (act === 'undo past') await changes.undo(1, null);
  else changes.apply({ plan, planHash: hashPlan(plan), undoAfterSeconds: 300, before: null });
  while (changes.atWork() !== null) await new Promise((resolve) => setTimeout(resolve, 2));
  answer({ is: 'carried', points: points.passed });
}

/** The commands themselves, in this process. */
async function command(request: ChildRequest & { ask: 'journal' | 'undo' }): Promise<void> {
  process.env['XDG_STATE_HOME'] = request.stateHome;
  let out = '';
  let err = '';
  const output = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const { signal } = new AbortController();
  const machine = changesHere(process.platform);
  const status =
    request.ask === 'journal'
      ? await runJournal(['--json'], output, signal, machine)
      : await runUndo([String(request.changeId), '--json'], output, signal, machine);
  answer({ is: 'ran', status, out, err });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line) as ChildRequest;
  void (request.ask === 'carry' ? carry(request) : command(request));
});
answer({ is: 'ready' });
