/**
 * The helper: the one process that changes anything. It is /bin/sh (or PowerShell) with the text of the plan's script as
 * one argument, so what runs with rights is exactly what was previewed and no file can be exchanged on the way. With
 * `hold` it speaks with us over its terminal:
 *
 *   it says          a line of RS (U+001E), words, line feed; everything else it prints is for the person
 *     ready            it has the rights, and every value is as it was or as it will be
 *     refused N        step N (from 1) is neither; nothing was changed; it ends with 2. Also instead of done, when the
 *                      value changed while it waited and nothing was done yet
 *     begin N          waits for "go N" (a minute; then it takes back): by then the step stands in the journal
 *     done N           carried out and read back; without begin, when it was so already
 *     failed N STATUS  it could not be, or it read back something else; what was done is taken back next
 *     holding          all is done; waits for "keep" or "undo", until its own clock runs out
 *     kept
 *     undone N         put back and read back, or found as before; of a command without a value nothing is said
 *     left N           is somebody else's now, or could not be put back
 *   we say           lines: "go N", "keep", "undo"
 *
 * With `take-back` it says ready, then undone or left for each step, last first; it hears nothing.
 *
 * When the other end of its terminal is gone (we were killed) it takes back what it did and ends: nothing half-done
 * stays for want of us. Exit statuses: 0 kept (or, with `take-back`, all is back), 10 taken back as asked or when its
 * time was over, 1 a step failed and all is taken back, 2 refused and nothing changed, 3 something is left as it was
 * found, 4 nobody was there any more and all is taken back.
 */
import type { Failure, Outcome } from '../core/model.ts';

/** Who asks for the rights: nobody where we have them, 'missing' where nothing of the kind is installed. */
export type RightsWay = 'none' | 'sudo' | 'doas' | 'pkexec' | 'uac' | 'osascript' | 'missing';

export type HelperMode =
  /** Carries out with the handshake above, then holds for so many seconds (0: ends at once as kept). */
  | { kind: 'hold'; seconds: number }
  /** Puts every step back. */
  | { kind: 'take-back' };

/** What is started: a tool of the table of programs (hardening C1) and its arguments. */
export interface HelperCommand {
  tool: string;
  argv: readonly string[];
  /** False for ways that have no terminal to speak over (UAC, osascript): only its exit status is heard. */
  speaks: boolean;
}

export type HelperMessage =
  | { kind: 'ready' }
  | { kind: 'refused'; step: number }
  | { kind: 'begin'; step: number }
  | { kind: 'done'; step: number }
  | { kind: 'failed'; step: number; status: number }
  | { kind: 'holding' }
  | { kind: 'kept' }
  | { kind: 'undone'; step: number }
  | { kind: 'left'; step: number };

export type HelperAnswer = { kind: 'go'; step: number } | { kind: 'keep' } | { kind: 'undo' };

export type HelperEnd =
  | { kind: 'exited'; exitCode: number }
  | { kind: 'signalled'; signal: string }
  /** It could not be started, or was lost with the process that carried it. */
  | { kind: 'failed'; failure: Failure };

export interface HelperHooks {
  printed(bytes: Uint8Array): void;
  ended(end: HelperEnd): void;
}

/** A helper at work. */
export interface Helper {
  write(bytes: Uint8Array): void;
  resize(columns: number, rows: number): void;
  /** SIGTERM, on which it takes back what it did; then, when it does not end, SIGKILL. */
  cancel(): void;
}

/** Starts it: the workbench in a pty of its terminal process, the command line in its own terminal. */
export type StartHelper = (command: HelperCommand, hooks: HelperHooks) => Outcome<Helper>;
