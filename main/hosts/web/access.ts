/**
 * Who is logged in (hardening W4–W6, W8). A one-time code opens a session; a session is known by a cookie *and* a second
 * secret, because cookies are sent to every port of a host. Only SHA-256 digests are kept.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { AttemptGate } from './attempt-gate.ts';

const SECRET_BYTES = 32;
const CODE_LIFETIME_MS = 5 * 60_000;
const MAX_CODES = 8;
const MAX_SESSIONS = 64;
export const SESSION_IDLE_MS = 8 * 3_600_000;

export interface Session {
  readonly cookieDigest: Buffer;
  readonly secretDigest: Buffer;
  /** When the last sign came that somebody uses it, on the clock of Access. */
  usedAtMs: number;
  /** Called once when the session ends, for whatever reason. */
  readonly onEnd: Set<() => void>;
}

export interface NewSession {
  cookie: string;
  secret: string;
}

/** `slowed`: too many wrong attempts by whoever; ask again later. All wrong answers are alike. */
export type Admission<T> = { kind: 'admitted'; value: T } | { kind: 'refused' } | { kind: 'slowed' };

export class Access {
  /** The cookie's name carries the server's identity: cookies of several servers on one host must not clash. */
  readonly cookieName = `fourtuple-${randomBytes(6).toString('hex')}`;
  readonly #now: () => number;
  readonly #gate: AttemptGate;
  #codes: { digest: Buffer; expiresAtMs: number }[] = [];
  #sessions: Session[] = [];

  /** `now`: milliseconds of a clock that never steps back. */
  constructor(now: () => number) {
    this.#now = now;
    this.#gate = new AttemptGate(now);
  }

  /** A new one-time code, 256 bits in base64url, good for five minutes. */
  newCode(): string {
    const code = newSecret();
    this.#codes = [
      ...this.#codes,
      { digest: digestOf(code), expiresAtMs: this.#now() + CODE_LIFETIME_MS },
    ].slice(-MAX_CODES);
    return code;
  }

  /** Exchanges a code for a session, once. */
  async exchange(code: unknown): Promise<Admission<NewSession>> {
    return this.#attempt(() => {
      const digest = digestOf(typeof code === 'string' ? code : '');
      const nowMs = this.#now();
      const matching = this.#codes.filter(
        (known) => timingSafeEqual(known.digest, digest) && known.expiresAtMs > nowMs,
      );
      if (matching.length === 0) return null;
      this.#codes = this.#codes.filter((known) => !matching.includes(known));
      return this.#open();
    });
  }

  /** The session that both secrets belong to. */
  async find(cookie: string | null, secret: unknown): Promise<Admission<Session>> {
    return this.#attempt(() => {
      this.endIdle();
      const cookieDigest = digestOf(cookie ?? '');
      const secretDigest = digestOf(typeof secret === 'string' ? secret : '');
      let found: Session | null = null;
      for (const session of this.#sessions) {
        const cookieFits = timingSafeEqual(session.cookieDigest, cookieDigest);
        const secretFits = timingSafeEqual(session.secretDigest, secretDigest);
        if (cookieFits && secretFits) found = session;
      }
      if (found) found.usedAtMs = this.#now();
      return found;
    });
  }

  /** Whether a cookie belongs to any session: too little to do anything, enough to be turned away early without. */
  knowsCookie(cookie: string | null): boolean {
    const digest = digestOf(cookie ?? '');
    return this.#sessions.filter((session) => timingSafeEqual(session.cookieDigest, digest)).length > 0;
  }

  end(session: Session): void {
    this.#sessions = this.#sessions.filter((known) => known !== session);
    for (const listener of session.onEnd) listener();
    session.onEnd.clear();
  }

  /** Ends the sessions nobody has used for eight hours. */
  endIdle(): void {
    const oldestMs = this.#now() - SESSION_IDLE_MS;
    for (const session of this.#sessions.filter(({ usedAtMs }) => usedAtMs < oldestMs)) this.end(session);
  }

  #open(): NewSession {
    const cookie = newSecret();
    const secret = newSecret();
    const [oldest] = this.#sessions;
    if (oldest && this.#sessions.length >= MAX_SESSIONS) this.end(oldest);
    this.#sessions.push({
      cookieDigest: digestOf(cookie),
      secretDigest: digestOf(secret),
      usedAtMs: this.#now(),
      onEnd: new Set(),
    });
    return { cookie, secret };
  }

  async #attempt<T>(check: () => T | null): Promise<Admission<T>> {
    if (!(await this.#gate.enter())) return { kind: 'slowed' };
    const value = check();
    if (value !== null) return { kind: 'admitted', value };
    this.#gate.failed();
    return { kind: 'refused' };
  }
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** SHA-256, all that is kept of a secret. */
export function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
