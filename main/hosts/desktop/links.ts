/** The only place that opens something outside of the window (hardening E10): a fixed address by its id. */
import type { Shell } from 'electron';

/** What the documentation of the systems themselves says; each is an https address that was looked at. */
export const LINKS = {
  'linux-settings': {
    label: 'Linux: TCP settings',
    url: 'https://docs.kernel.org/networking/ip-sysctl.html',
  },
  'windows-exhaustion': {
    label: 'Windows: port exhaustion',
    url: 'https://learn.microsoft.com/en-us/troubleshoot/windows-client/networking/tcp-ip-port-exhaustion-troubleshooting',
  },
  'rfc-9293': { label: 'RFC 9293: TCP and TIME-WAIT', url: 'https://www.rfc-editor.org/rfc/rfc9293' },
  'rfc-6056': { label: 'RFC 6056: ephemeral ports', url: 'https://www.rfc-editor.org/rfc/rfc6056' },
} as const satisfies Record<string, { label: string; url: `https://${string}` }>;

export type LinkId = keyof typeof LINKS;

/** Opens it in the browser of the person; a desktop without one is told in the log. */
export function openLink(shell: Pick<Shell, 'openExternal'>, id: LinkId, log: (line: string) => void): void {
  if (!Object.hasOwn(LINKS, id)) return;
  shell.openExternal(LINKS[id].url).catch((error: unknown) => {
    log(`${LINKS[id].url} could not be opened: ${error instanceof Error ? error.message : String(error)}`);
  });
}
