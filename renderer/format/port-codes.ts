import { PORT_MAP_CODES } from '../../preload/contract.ts';

/** What a byte of the port map means to the eye. */
export interface PortMeaning {
  /** A state name of the contract, or "RESERVED", "FREE", "OUTSIDE", "OTHER". */
  state: string;
  /** Share of the hold that is left, 0–1, for the ramp; null when the port is not in TIME_WAIT or has no timer. */
  shareLeft: number | null;
}

const STATE_BY_CODE = new Map<number, string>([
  [PORT_MAP_CODES.established, 'ESTABLISHED'],
  [PORT_MAP_CODES.listen, 'LISTEN'],
  [PORT_MAP_CODES.closeWait, 'CLOSE_WAIT'],
  [PORT_MAP_CODES.synSent, 'SYN_SENT'],
  [PORT_MAP_CODES.other, 'OTHER'],
  [PORT_MAP_CODES.reserved, 'RESERVED'],
  [PORT_MAP_CODES.bound, 'BOUND'],
  [PORT_MAP_CODES.timeWaitNoTimer, 'TIME_WAIT'],
]);

/** The meaning of a code; `insideRange` tells a free port of the ephemeral range from one outside it. */
export function portMeaning(code: number, insideRange: boolean): PortMeaning {
  const { timeWaitBase, timeWaitSteps } = PORT_MAP_CODES;
  if (code >= timeWaitBase && code <= timeWaitBase + timeWaitSteps) {
    return { state: 'TIME_WAIT', shareLeft: (code - timeWaitBase) / timeWaitSteps };
  }
  const state = STATE_BY_CODE.get(code);
  if (state) return { state, shareLeft: null };
  return { state: insideRange ? 'FREE' : 'OUTSIDE', shareLeft: null };
}
