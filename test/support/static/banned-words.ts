/** Hardening E2 (and G3): words that open the sandbox, in sources and in what is built. */
import type { SourceText } from './sources.ts';

/** `!1` and `!0` are what a minifier makes of false and true. */
const WORDS: readonly RegExp[] = [
  /allowRunningInsecureContent/,
  /experimentalFeatures/,
  /enableBlinkFeatures/,
  /bypassCSP/,
  /webSecurity['"`\]]*\s*[:=]\s*(false|!1|0)\b/,
  /nodeIntegration(InWorker|InSubFrames)?['"`\]]*\s*[:=]\s*(true|!0|1)\b/,
  /(contextIsolation|sandbox)['"`\]]*\s*[:=]\s*(false|!1)\b/,
  /webviewTag['"`\]]*\s*[:=]\s*(true|!0)\b/,
  /@electron\/remote/,
  // One that is compared with is refused, not passed.
  /(?<!=== )['"`]-{0,2}(no-sandbox|disable-web-security|disable-site-isolation-trials)/,
];

/** The line and the word of each. */
export function findBannedWords(files: readonly SourceText[]): string[] {
  return files.flatMap(({ path, text }) =>
    WORDS.flatMap((word) => {
      const match = word.exec(text);
      if (!match) return [];
      return [`${path}:${text.slice(0, match.index).split('\n').length} E2: ${match[0]} opens the sandbox.`];
    }),
  );
}
