/** What the loopback server answers over plain HTTP: the built page, and the log-in. Every branch answers; none throws. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { SECURITY_HEADERS } from '../security-headers.ts';
import { OPEN_METRICS_TYPE } from '../../core/open-metrics.ts';
import { readStaticFile } from '../static-files.ts';
import type { Access } from './access.ts';
import type { Metrics } from './metrics.ts';
import type { PeerCheck } from './peer-check.ts';
import { acceptHost, isSameOrigin, onlyCookie, onlyHeader } from './request-guard.ts';

/** A log-in is a code of 43 characters; nothing longer is read. */
const MAX_BODY_BYTES = 4096;
const METHODS = 'GET, HEAD, POST';
const SLOWED = 'Too many attempts. Try again in a few seconds.';

export interface RouteParts {
  access: Access;
  rendererRoot: string;
  acceptsPeer: PeerCheck;
  /** Null: there is no /metrics. */
  metrics: Metrics | null;
}

const codeSchema = z.strictObject({ code: z.string().max(2000) });

export async function answerRequest(
  parts: RouteParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const host = acceptHost(request.rawHeaders);
  if (host === null) return end(response, 403, 'This server answers only to this machine.');
  const method = request.method ?? '';
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  if (path === '/metrics' && parts.metrics) return answerMetrics(parts.metrics, request, response);
  if (!METHODS.split(', ').includes(method))
    return end(response, 405, 'Method not allowed.', { allow: METHODS });
  if (method !== 'GET' && !isSameOrigin(request.rawHeaders, host)) return end(response, 403, 'Refused.');
  if (path.startsWith('/api/')) return answerApi(parts, request, response, `${method} ${path}`);
  if (method === 'POST') return end(response, 405, 'Method not allowed.', { allow: 'GET, HEAD' });
  return answerFile(parts, response, path, method === 'HEAD');
}

/**
 * Behind its token alone, without a session. Not asked is whose process it is (hardening W10): scrapers run as users of
 * their own, and whoever has the token was given it for this, and can do nothing else with it.
 */
async function answerMetrics(
  metrics: Metrics,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '' } = request;
  if (method !== 'GET' && method !== 'HEAD')
    return end(response, 405, 'Method not allowed.', { allow: 'GET, HEAD' });
  const admission = await metrics.admit(onlyHeader(request.rawHeaders, 'authorization'));
  if (admission === 'slowed') return end(response, 429, SLOWED);
  if (admission === 'refused')
    return end(response, 401, 'This needs a token.', { 'www-authenticate': 'Bearer' });
  const answer = metrics.read();
  if (!answer.ok) return end(response, 503, answer.why, { 'retry-after': '5' });
  end(response, 200, answer.text, { 'content-type': OPEN_METRICS_TYPE });
}

async function answerFile(
  parts: RouteParts,
  response: ServerResponse,
  path: string,
  isHead: boolean,
): Promise<void> {
  const file = await readStaticFile(parts.rendererRoot, path);
  if (file === null) return end(response, 404, 'There is nothing here.');
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': file.mimeType,
    'content-length': file.body.length,
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  response.end(isHead ? undefined : file.body);
}

async function answerApi(
  parts: RouteParts,
  request: IncomingMessage,
  response: ServerResponse,
  route: string,
): Promise<void> {
  if (!(await parts.acceptsPeer(request.socket)))
    return end(response, 403, 'This server answers only to its own user.');
  switch (route) {
    case 'POST /api/session':
      return logIn(parts.access, request, response);
    case 'GET /api/session':
    case 'POST /api/session/end':
      return answerSession(parts.access, request, response, route === 'POST /api/session/end');
    default:
      return end(response, route.endsWith('/api/session') ? 405 : 404, 'There is no such call.');
  }
}

async function logIn(access: Access, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isJson(request)) return end(response, 415, 'Only application/json is taken.');
  const body = await readBody(request);
  if (body === null) return end(response, 413, 'That is too long.', { connection: 'close' });
  const parsed = codeSchema.safeParse(parseJson(body));
  const admission = await access.exchange(parsed.success ? parsed.data.code : null);
  if (admission.kind === 'slowed') return end(response, 429, SLOWED);
  if (admission.kind === 'refused') return end(response, 401, 'This code is not valid, or no longer.');
  const { cookie, secret } = admission.value;
  response.setHeader('set-cookie', `${access.cookieName}=${cookie}; HttpOnly; SameSite=Strict; Path=/`);
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': 'application/json',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify({ secret }));
}

async function answerSession(
  access: Access,
  request: IncomingMessage,
  response: ServerResponse,
  isLogOut: boolean,
): Promise<void> {
  if (isLogOut && !isJson(request)) return end(response, 415, 'Only application/json is taken.');
  const cookie = onlyCookie(request.rawHeaders, access.cookieName);
  const admission = await access.find(cookie, onlyHeader(request.rawHeaders, 'x-fourtuple-secret'));
  if (admission.kind === 'slowed') return end(response, 429, SLOWED);
  if (admission.kind === 'refused') return end(response, 401, 'There is no such session.');
  if (isLogOut) {
    access.end(admission.value);
    response.setHeader('set-cookie', `${access.cookieName}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`);
  }
  end(response, 204, '');
}

/** Ends a response with a short text; used for every refusal, and carries no detail of what was asked. */
function end(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'cache-control': 'no-store',
    ...(text === '' ? {} : { 'content-type': 'text/plain; charset=utf-8' }),
    ...headers,
  });
  response.end(text);
}

function isJson(request: IncomingMessage): boolean {
  return /^application\/json\s*(;\s*charset=utf-8)?$/i.test(
    onlyHeader(request.rawHeaders, 'content-type') ?? '',
  );
}

/** The body as text; null when it is longer than a log-in may be or was cut off. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) return null;
      chunks.push(chunk);
    }
  } catch {
    // The client went away in the middle of its request.
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: no schema accepts undefined.
    return undefined;
  }
}
