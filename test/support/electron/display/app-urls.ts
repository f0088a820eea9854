/**
 * Chromium without Electron knows no scheme of ours: a page of app://fourtuple/ is shown at an https address that
 * nobody has, and wherever Electron would tell an address it is told as it would be. A scheme that was not registered
 * as secure gets http, so that its pages are no secure context either.
 */
export interface AppScheme {
  scheme: string;
  isSecure: boolean;
}

const SUFFIX = 'stand-in.invalid';

export class AppUrls {
  readonly #schemes: readonly AppScheme[];

  constructor(schemes: readonly AppScheme[]) {
    this.#schemes = schemes;
  }

  /** For Chromium. */
  outer(url: string): string {
    const found = this.#schemes.find(({ scheme }) => url.startsWith(`${scheme}://`));
    if (!found) return url;
    const { host, rest } = /^[^:]+:\/\/(?<host>[^/?#]*)(?<rest>.*)$/s.exec(url)?.groups ?? {};
    return `${found.isSecure ? 'https' : 'http'}://${host ?? ''}.${found.scheme}.${SUFFIX}${rest ?? ''}`;
  }

  /** As Electron has it; also of "blob:…". */
  inner(url: string): string {
    return url.replace(/^(blob:)?https?:\/\/(.*?)\.([^./]+)\.stand-in\.invalid(?=[/?#]|$)/, '$1$3://$2');
  }

  isApps(url: string): boolean {
    return this.#schemes.some(({ scheme }) => this.inner(url).startsWith(`${scheme}://`));
  }
}
