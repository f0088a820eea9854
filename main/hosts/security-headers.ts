/** Headers that both hosts put on what they serve. */

/** Hardening E4. Everything is served by ourselves: no inline code or style, nothing from elsewhere. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every response (hardening E4, W6, W7). */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * The same policy while the page is being written: Vite's socket may be spoken to, and the styles that it inserts carry
 * a nonce. Everything else, scripts above all, stays as it is.
 */
export function developmentPolicy(socketOrigin: string, styleNonce: string | null): string {
  return CONTENT_SECURITY_POLICY.split('; ')
    .map((directive) => {
      if (directive.startsWith('connect-src ')) return `${directive} ${socketOrigin}`;
      if (directive.startsWith('style-src ') && styleNonce !== null)
        return `${directive} 'nonce-${styleNonce}'`;
      return directive;
    })
    .join('; ');
}
