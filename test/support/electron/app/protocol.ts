/** `protocol`: schemes that the app serves; the display lets its pages ask here. */
import type * as Electron from 'electron';
import { appState, onlyWhenReady } from './app-state.ts';
import { serve } from './display-line.ts';

type Handler = Parameters<Electron.Protocol['handle']>[1];
const handlers = new Map<string, Handler>();

export const protocolPart = {
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    if (appState.isReady)
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    if (appState.schemes !== null)
      throw new Error('protocol.registerSchemesAsPrivileged can only be called once');
    appState.schemes = schemes.map(({ scheme, privileges = {} }) => {
      const { standard = false, secure = false, supportFetchAPI = false, ...others } = privileges;
      if (!standard || !supportFetchAPI || Object.values(others).some(Boolean)) {
        throw new Error(`the privileges of ${scheme}:// are not modelled by the stand-in`);
      }
      return { scheme, isSecure: secure };
    });
  },

  handle(scheme: string, handler: Handler): void {
    onlyWhenReady('protocol.handle can only be called after app is ready');
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    if (!appState.schemes?.some((each) => each.scheme === scheme)) {
      throw new Error(
        `pages of ${scheme}://, which was not registered as standard, are not modelled by the stand-in`,
      );
    }
    handlers.set(scheme, handler);
  },

  unhandle(scheme: string): void {
    if (!handlers.delete(scheme)) throw new Error(`Failed to unregister protocol: ${scheme}`);
  },

  isProtocolHandled(scheme: string): boolean {
    return handlers.has(scheme);
  },
} satisfies Partial<Electron.Protocol>;

serve({
  'scheme.request': async ({ url, method, headers }) => {
    const handler = handlers.get(new URL(url).protocol.slice(0, -1));
    if (!handler) return null;
    const response = await handler(new Request(url, { method, headers }));
    if (response.status >= 300 && response.status < 400) {
      throw new Error('a redirection by a protocol handler is not modelled by the stand-in');
    }
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  },
});
