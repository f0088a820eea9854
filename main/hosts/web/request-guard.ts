/**
 * Who may speak to the loopback server (hardening W2, W3), decided on the raw header strings: no URL parser, which could
 * throw or be more lenient than the browser that sent them. This stops DNS rebinding and pages of other origins.
 */

const HOST_PATTERN = /^(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?$/;

/** The one Host header of a request, or null when it is missing, doubled or names anything but this machine's loopback. */
export function acceptHost(rawHeaders: readonly string[]): string | null {
  const host = onlyHeader(rawHeaders, 'host');
  return host !== null && HOST_PATTERN.test(host) ? host : null;
}

/** Whether the request comes from a page of this very host. A missing or "null" Origin does not. */
export function isSameOrigin(rawHeaders: readonly string[], host: string): boolean {
  return onlyHeader(rawHeaders, 'origin') === `http://${host}`;
}

/** The value of a header that must be there exactly once, else null. `rawHeaders` alternates names and values. */
export function onlyHeader(rawHeaders: readonly string[], name: string): string | null {
  let found: string | null = null;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== name) continue;
    if (found !== null) return null;
    found = rawHeaders[index + 1] ?? null;
  }
  return found;
}

/** The value of one cookie of the Cookie header, or null when it is missing or given twice. */
export function onlyCookie(rawHeaders: readonly string[], name: string): string | null {
  const header = onlyHeader(rawHeaders, 'cookie');
  if (header === null) return null;
  const values = header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`));
  return values.length === 1 ? (values[0]?.slice(name.length + 1) ?? null) : null;
}
