/** Our file of pam_limits (limits.conf(5)): a soft and a hard limit for each user that one was kept for. */

export const LIMITS_FILE = '/etc/security/limits.d/90-fourtuple.conf';

/** The file with this limit of open files for `user`: lines of others stay as they are. */
export function limitsFileWith(present: string | null, user: string, limit: number): string {
  const lines = present === null ? [] : present.replace(/\n+$/, '').split('\n');
  for (const kind of ['soft', 'hard']) {
    const line = `${user} ${kind} nofile ${limit}`;
    const at = lines.findIndex((each) => limitKeyOf(each) === `${user} ${kind} nofile`);
    if (at >= 0) lines[at] = line;
    else lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

/** "www-data soft nofile" of its line; null of a comment, and of what does not say four words. */
export function limitKeyOf(line: string): string | null {
  const words = line.trim().split(/\s+/);
  return words.length === 4 && !line.trim().startsWith('#') ? words.slice(0, 3).join(' ') : null;
}
