/**
 * The built page in a real browser with a workbench that the test plays: served with the real security headers, it finds
 * the door that Electron's preload would have put there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { SECURITY_HEADERS } from '../../main/hosts/security-headers.ts';
import { CALL_NAMES, type CallName, type EventName, type EventPayload } from '../../preload/contract.ts';
import { LinkError } from '../../renderer/link/link.ts';
import { browserMissing, launchBrowser } from './browser.ts';
import type { FakeLink } from './fake-link.ts';

/** Another build than the one in out/ where the variable names its folder. */
const OUT = process.env.FOURTUPLE_OUT ?? fileURLToPath(new URL('../../out', import.meta.url));
const BUILT = join(OUT, 'renderer');
const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
  ['.svg', 'image/svg+xml'],
  ['.woff2', 'font/woff2'],
]);

export interface DoorPage {
  readonly page: Page;
  /** Console errors and warnings, uncaught exceptions and policy violations so far. */
  readonly troubles: string[];
  emit<N extends EventName>(name: N, payload: EventPayload<N>): Promise<void>;
  close(): Promise<void>;
}

/** Why no such page can be had here, for a suite's title; null when it can. */
export function doorPageMissing(): string | null {
  return existsSync(join(BUILT, 'index.html')) ? browserMissing() : 'the page is not built (npm run build)';
}

/** Opens the page; every call it makes is answered by the link. */
export async function openDoorPage(link: FakeLink, options: BrowserContextOptions = {}): Promise<DoorPage> {
  const server = await serveBuilt();
  let browser: Browser | null = null;
  const close = async () => {
    await browser?.close();
    await new Promise((done) => server.close(done));
  };
  try {
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const troubles: string[] = [];
    await context.exposeFunction('answerCall', (name: CallName, args: never) => answer(link, name, args));
    await context.exposeFunction('reportPolicyViolation', (what: string) => troubles.push(`policy: ${what}`));
    await context.addInitScript(putDoor, CALL_NAMES);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        troubles.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return {
      page,
      troubles,
      close,
      async emit(name, payload) {
        await page.evaluate(publish, { name, payload });
      },
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function answer(link: FakeLink, name: CallName, args: never): Promise<unknown> {
  try {
    return { ok: true, value: await link.call(name, args) };
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return { ok: false, failure: { code: error.code, sentence: error.sentence } };
  }
}

/** Runs in the page, before anything of it. */
function putDoor(names: string[]): void {
  const call = Reflect.get(globalThis, 'answerCall') as (name: string, args: unknown) => Promise<unknown>;
  const listeners = new Set<(event: unknown) => void>();
  const calls = Object.fromEntries(names.map((name) => [name, (args: unknown) => call(name, args)]));
  const onEvent = (listener: (event: unknown) => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  Reflect.set(globalThis, 'fourtuple', { calls, onEvent });
  Reflect.set(globalThis, 'publishEvent', (event: unknown) =>
    listeners.forEach((listener) => listener(event)),
  );
  document.addEventListener('securitypolicyviolation', (event) => {
    const report = Reflect.get(globalThis, 'reportPolicyViolation') as (what: string) => void;
    report(
      `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`,
    );
  });
}

/** Runs in the page. */
function publish(event: { name: string; payload: unknown }): void {
  (Reflect.get(globalThis, 'publishEvent') as (event: unknown) => void)(event);
}

function serveBuilt(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = join(BUILT, path === '/' ? 'index.html' : path);
    if (!file.startsWith(BUILT) || !existsSync(file)) return void response.writeHead(404).end();
    const type = TYPES.get(extname(file)) ?? 'application/octet-stream';
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': type }).end(readFileSync(file));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
