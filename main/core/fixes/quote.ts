/** Words for scripts, each quoted whole: nothing stands in a script that did not pass here. */

/** A POSIX shell word: everything is literal between single quotes. Throws on NUL, which no word can hold. */
export function quoteForSh(word: string): string {
  refuseNul(word);
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * A PowerShell string of single quotes: nothing is expanded in it. Throws on anything but printable ASCII: Windows
 * PowerShell reads a file in the code page of the system, where other bytes can turn into a quote (0x91, 0x92 of 1252).
 */
export function quoteForPowerShell(word: string): string {
  if (/[^\x20-\x7e]/.test(word)) throw new Error('only printable ASCII can stand in a PowerShell script');
  return `'${word.replaceAll("'", "''")}'`;
}

/** Text for a script's messages in ASCII: dashes and quotes of typography become plain, the rest "?". */
export function asciiOf(text: string): string {
  return text
    .replaceAll(/[\u2010-\u2015]/g, '-')
    .replaceAll(/[\u2018\u2019]/g, "'")
    .replaceAll(/[\u201c\u201d]/g, '"')
    .replaceAll(/[^\x20-\x7e]/g, '?');
}

function refuseNul(word: string): void {
  if (word.includes('\0')) throw new Error('a word with NUL cannot stand in a script');
}
