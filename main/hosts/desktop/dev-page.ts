/**
 * The page while it is being written (`npm run dev`): from Vite's server on this machine, so that it changes under the
 * developer's hands, but still as app://fourtuple/ and with every header. Never in a packaged app.
 */
import { developmentPolicy, SECURITY_HEADERS } from '../security-headers.ts';
import { APP_ORIGIN, isAppUrl } from './app-protocol.ts';

export interface DevServer {
  /** Such as http://127.0.0.1:5173. */
  origin: string;
  /** What Vite puts on the styles it inserts; null where it was started without. */
  nonce: string | null;
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;
const NONCE = /^[A-Za-z0-9+/=_-]{16,88}$/;

/** The server that electron-vite names; null when packaged, or when it names none or another machine. */
export function devServerIn(env: NodeJS.ProcessEnv, isPackaged: boolean): DevServer | null {
  const named = env['ELECTRON_RENDERER_URL'];
  if (isPackaged || named === undefined || !URL.canParse(named)) return null;
  const url = new URL(named);
  if (url.protocol !== 'http:' || !LOOPBACK.test(url.hostname) || url.username !== '') return null;
  const nonce = env['FOURTUPLE_DEV_NONCE'] ?? '';
  return { origin: url.origin, nonce: NONCE.test(nonce) ? nonce : null };
}

/** Answers a request of the page as answerAppRequest does, with what the server says. */
export async function answerFromDevServer(
  request: Pick<Request, 'url' | 'method' | 'headers'>,
  server: DevServer,
): Promise<Response> {
  const policy = policyHeaders(server);
  const refuse = (status: number) => answer(null, status, policy);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
  if (!isAppUrl(request.url)) return refuse(404);
  try {
    const got = await fetch(`${server.origin}${request.url.slice(APP_ORIGIN.length)}`, {
      method: request.method,
      headers: { accept: request.headers.get('accept') ?? '*/*' },
      redirect: 'manual',
    });
    const type = got.headers.get('content-type');
    return answer(got.body, got.status, type === null ? policy : { ...policy, 'content-type': type });
  } catch {
    // The server has ended or is being started anew.
    return refuse(502);
  }
}

function answer(body: Response['body'], status: number, more: Record<string, string>): Response {
  return new Response(body, { status, headers: { ...SECURITY_HEADERS, ...more } });
}

/** The policy that lets Vite's client work, and nothing kept: it changes all the time. */
export function policyHeaders({ origin, nonce }: DevServer): Record<string, string> {
  const policy = developmentPolicy(origin.replace(/^http:/, 'ws:'), nonce);
  return { 'content-security-policy': policy, 'cache-control': 'no-store' };
}
