/** What stands before the text of every PowerShell probe. The text itself is a constant: nothing is spliced in. */
export const POWERSHELL_ARGUMENTS = ['-NoProfile', '-NonInteractive', '-Command'] as const;
