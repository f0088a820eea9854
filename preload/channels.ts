/** IPC channel names, for the preload and the desktop host's registry only; none crosses the bridge (hardening E8). */
import type { CallName } from './contract.ts';

/** Answers one call. */
export function callChannel(name: CallName): string {
  return `fourtuple:call:${name}`;
}

/** Carries an event to the page. */
export const EVENT_CHANNEL = 'fourtuple:event';

/** The page has taken an event and can have the next. */
export const EVENT_TAKEN_CHANNEL = 'fourtuple:event-taken';
