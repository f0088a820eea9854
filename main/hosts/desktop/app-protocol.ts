/** The page comes from app://fourtuple/ and from nowhere else (hardening E3, E4). */
import { SECURITY_HEADERS } from '../security-headers.ts';
import { readStaticFile } from '../static-files.ts';

export const APP_SCHEME = 'app';
export const APP_HOST = 'fourtuple';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** What Chromium must know of the scheme before it is ready. */
export const SCHEME_PRIVILEGES = [
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
];

/** Whether a frame's address is one of our page. Compared as text: the prefix ends in a slash no host can contain. */
export function isAppUrl(url: string): boolean {
  return url.startsWith(`${APP_ORIGIN}/`);
}

/** Answers a request of the page; 404 for any other host, and whatever readStaticFile refuses. */
export async function answerAppRequest(
  request: Pick<Request, 'url' | 'method'>,
  rendererRoot: string,
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405);
  if (!isAppUrl(request.url)) return refusal(404);
  const path = request.url.slice(APP_ORIGIN.length).split(/[?#]/, 1)[0] ?? '';
  const file = await readStaticFile(rendererRoot, path);
  if (file === null) return refusal(404);
  const headers = { ...SECURITY_HEADERS, 'content-type': file.mimeType };
  return new Response(request.method === 'HEAD' ? null : file.body, { status: 200, headers });
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: SECURITY_HEADERS });
}
