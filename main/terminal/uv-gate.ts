/** Whether this Node reads a pty to its end (hardening G1). */

/** libuv below this loses the end of fast output when the command ends (the fix is in its 1.52.1). */
const LEAST_UV = [1, 52, 1] as const;

/** Why no pty may be used, as a note for the result; null when it may. `version` is `process.versions.uv`. */
export function uvGate(version: string | undefined): string | null {
  const parts =
    /^(\d+)\.(\d+)\.(\d+)/
      .exec(version ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  for (const [at, least] of LEAST_UV.entries()) {
    const part = parts[at] ?? -1;
    if (part > least) return null;
    if (part < least) {
      return `Ran over a pipe instead of a terminal: libuv ${version ?? 'of this Node'} can lose the end of a terminal’s output, ${LEAST_UV.join('.')} does not.`;
    }
  }
  return null;
}
