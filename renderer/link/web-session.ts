/**
 * How a page in a browser gets in: the one-time code of the address's fragment is exchanged once for a cookie (which
 * the page cannot see) and a second secret (kept in sessionStorage, so it ends with the tab). Hardening W4.
 */
import { z } from 'zod';

const SECRET_KEY = 'fourtuple.secret';
const sessionSchema = z.strictObject({ secret: z.string().min(1).max(200) });

/** The parts of `window` a session needs. */
export interface SessionPage {
  readonly location: { readonly hash: string; readonly pathname: string };
  readonly history: { replaceState(data: null, unused: string, url: string): void };
  readonly sessionStorage: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
  };
  fetch(input: string, init: RequestInit): Promise<Response>;
}

/** `open`: the secret to greet with; `unreachable`: nobody answers; `refused`: this page has no session. */
export type SessionAnswer = { kind: 'open'; secret: string } | { kind: 'unreachable' } | { kind: 'refused' };

/** Takes the code out of the address bar and history; null when there is none. */
export function takeCode(page: SessionPage): string | null {
  const code = /^#code=([A-Za-z0-9_-]{1,200})$/.exec(page.location.hash)?.[1] ?? null;
  if (page.location.hash.startsWith('#code=')) page.history.replaceState(null, '', page.location.pathname);
  return code;
}

/** Exchanges the code for a session, or asks whether the session of this tab still holds. */
export async function openSession(page: SessionPage, code: string | null): Promise<SessionAnswer> {
  if (code !== null) {
    const exchanged = await exchange(page, code);
    if (exchanged.kind !== 'refused') return exchanged;
  }
  const secret = page.sessionStorage.getItem(SECRET_KEY);
  if (secret === null) return { kind: 'refused' };
  const response = await request(page, 'GET', { 'x-fourtuple-secret': secret });
  if (response === null || response.status >= 500 || response.status === 429) return { kind: 'unreachable' };
  if (response.ok) return { kind: 'open', secret };
  forgetSession(page);
  return { kind: 'refused' };
}

/** Forgets the second secret: the workbench does not know it any more. */
export function forgetSession(page: SessionPage): void {
  page.sessionStorage.removeItem(SECRET_KEY);
}

async function exchange(page: SessionPage, code: string): Promise<SessionAnswer> {
  const response = await request(
    page,
    'POST',
    { 'content-type': 'application/json' },
    JSON.stringify({ code }),
  );
  if (response === null || response.status >= 500 || response.status === 429) return { kind: 'unreachable' };
  if (!response.ok) return { kind: 'refused' };
  const session = sessionSchema.safeParse(await response.json().catch(() => null));
  if (!session.success) return { kind: 'refused' };
  page.sessionStorage.setItem(SECRET_KEY, session.data.secret);
  return { kind: 'open', secret: session.data.secret };
}

async function request(
  page: SessionPage,
  method: 'GET' | 'POST',
  headers: Record<string, string>,
  body?: string,
): Promise<Response | null> {
  try {
    return await page.fetch('/api/session', {
      method,
      headers,
      body,
      credentials: 'same-origin',
      cache: 'no-store',
    });
  } catch {
    // fetch rejects only when nobody answered; the caller shows it as a lost link and tries again.
    return null;
  }
}
