/** Moments for people, in this machine's time. */

/** "14:33", of another day "2026-08-01 14:33". */
export function sayMoment(atMs: number, nowMs = Date.now()): string {
  const at = new Date(atMs);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return at.toDateString() === new Date(nowMs).toDateString() ? time : `${sayDay(at)} ${time}`;
}

function sayDay(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
