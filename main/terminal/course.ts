/**
 * The course of one run from its start to a bounded end, the same for both ways (hardening C6): limits, SIGTERM to all
 * of it, SIGKILL after the grace, and nothing left running. A run is over when the command has ended, its output has
 * been read to the end and nobody it started is left; what does not come to that by itself is brought to it.
 */
import { OutputBuffer } from './output-buffer.ts';
import type { OutputStream, RunEnd, RunHooks, RunLimits, RunResult } from './run.ts';
import type { ProcessTree } from './system.ts';

/** How often an ending run is looked at. */
const LOOK_MS = 50;
/** Looks without a byte after which output that somebody unknown holds open is let go. */
const QUIET_LOOKS = 4;
/** What the rest of the output gets in all once the command has ended. */
const DRAIN_LIMIT_MS = 5000;
/** What SIGKILL gets before whoever is left is reported: a process in uninterruptible sleep outlives it. */
const AFTER_KILL_MS = 1000;

/** How the command itself ended. */
export interface LeaderStatus {
  exitCode: number | null;
  signal: string | null;
}

export interface CourseParts {
  /** What the result says of the command. */
  about: Pick<RunResult, 'tool' | 'argv' | 'program' | 'way' | 'note'>;
  limits: RunLimits;
  hooks: RunHooks;
  startedAtMs: number;
  monotonicMs(): number;
  tree: ProcessTree;
  /** Lets go of output that is still open; `closed` may follow. */
  abandon(): void;
}

export class Course {
  readonly result: Promise<RunResult>;
  private readonly parts: CourseParts;
  private readonly buffer: OutputBuffer;
  private readonly startedMs: number;
  private readonly timeout: NodeJS.Timeout;
  private readonly silence: NodeJS.Timeout;
  private resolve: (result: RunResult) => void = () => undefined;
  private look: NodeJS.Timeout | null = null;
  private end: RunEnd | null = null;
  private status: LeaderStatus | null = null;
  private isGone = false;
  private isClosed = false;
  private isFinished = false;
  /** Monotonic time of the SIGTERM. */
  private termMs: number | null = null;
  private hasLeftBehind = false;
  private hasLetGo = false;
  private goneMs = 0;
  private quietLooks = 0;

  constructor(parts: CourseParts) {
    this.parts = parts;
    const { limits, hooks } = parts;
    this.buffer = new OutputBuffer(limits, hooks.keepOutput ?? true);
    this.startedMs = parts.monotonicMs();
    this.timeout = setTimeout(() => this.stop('timed-out'), limits.timeoutMs);
    this.silence = setTimeout(() => this.stop('silent'), limits.silenceMs);
    this.result = new Promise((resolve) => (this.resolve = resolve));
    hooks.signal?.addEventListener('abort', this.cancel, { once: true });
    if (hooks.signal?.aborted) this.cancel();
  }

  take(stream: OutputStream, chunk: Uint8Array): void {
    if (this.isFinished) return;
    if (!this.isGone) this.silence.refresh();
    this.quietLooks = 0;
    const { kept, over } = this.buffer.take(stream, chunk);
    if (kept.length > 0) this.parts.hooks.onOutput?.(stream, kept);
    if (over !== null) this.stop(over);
  }

  /** The command has ended; null when its status comes later, with `closed`. */
  leaderGone(status: LeaderStatus | null): void {
    this.status = status ?? this.status;
    if (this.isGone) return;
    this.isGone = true;
    this.goneMs = this.parts.monotonicMs();
    this.parts.tree.leaderGone();
    clearTimeout(this.timeout);
    clearTimeout(this.silence);
    this.lookLater();
  }

  /** Its output has been read to the end, or was abandoned. */
  closed(): void {
    this.isClosed = true;
    if (this.isGone) this.lookNow();
  }

  private readonly cancel = () => this.stop('cancelled');

  private stop(end: RunEnd): void {
    if (this.isFinished) return;
    // What ended by itself was not ended by us, but its last output can still break a limit.
    const isOutputLimit = end === 'too-much-output' || end === 'line-too-long' || end === 'too-many-lines';
    if (!this.isGone || isOutputLimit) this.end ??= end;
    this.press();
    this.lookLater();
  }

  private lookLater(): void {
    if (!this.isFinished) this.look ??= setTimeout(() => this.lookNow(), LOOK_MS);
  }

  private lookNow(): void {
    if (this.look) clearTimeout(this.look);
    this.look = null;
    if (this.isFinished) return;
    const left = this.isGone ? this.parts.tree.left() : null;
    if (left?.length === 0) {
      if (this.isClosed) return this.finish([]);
      if (this.isDrained() && this.letGo()) return this.finish([]);
    } else {
      this.hasLeftBehind ||= this.end === null;
      this.press();
      if (this.isPressedEnough() && this.letGo()) return this.finish(this.parts.tree.left());
    }
    this.lookLater();
  }

  /** Presses for the end: SIGTERM, after the grace SIGKILL, and that again and again. */
  private press(): void {
    const { tree, monotonicMs, limits } = this.parts;
    if (this.termMs === null) {
      this.termMs = monotonicMs();
      tree.signal('SIGTERM');
    } else if (monotonicMs() - this.termMs >= limits.graceMs) {
      tree.signal('SIGKILL');
    }
  }

  private isPressedEnough(): boolean {
    const { monotonicMs, limits } = this.parts;
    return this.termMs !== null && monotonicMs() - this.termMs >= limits.graceMs + AFTER_KILL_MS;
  }

  /** The command and all we know of it are gone, and what is still open says nothing more, or says it for too long. */
  private isDrained(): boolean {
    return ++this.quietLooks > QUIET_LOOKS || this.parts.monotonicMs() - this.goneMs > DRAIN_LIMIT_MS;
  }

  /** Lets open output go; true at the second call, when the status that may follow has had its time. */
  private letGo(): boolean {
    if (this.hasLetGo) return true;
    this.hasLetGo = true;
    if (!this.isClosed) this.parts.abandon();
    return false;
  }

  private finish(survivors: readonly number[]): void {
    this.isFinished = true;
    clearTimeout(this.timeout);
    clearTimeout(this.silence);
    const { about, hooks, startedAtMs, monotonicMs } = this.parts;
    hooks.signal?.removeEventListener('abort', this.cancel);
    this.resolve({
      ...about,
      note: this.noteWith(survivors.length),
      startedAtMs,
      tookMs: monotonicMs() - this.startedMs,
      end: this.end ?? (this.status?.signal ? 'signalled' : 'exited'),
      exitCode: this.status?.exitCode ?? null,
      signal: this.status?.signal ?? null,
      stdout: this.buffer.read('out'),
      stderr: this.buffer.read('err'),
      truncated: this.buffer.isTruncated,
      survivors,
    });
  }

  private noteWith(survivorCount: number): string | null {
    const notes = [this.parts.about.note];
    if (this.hasLeftBehind && survivorCount === 0) {
      notes.push('It left processes running when it ended; they were ended too.');
    }
    if (this.hasLetGo) notes.push('Something it started still held its output open, which was let go.');
    const said = notes.filter((note) => note !== null);
    return said.length === 0 ? null : said.join(' ');
  }
}
