/**
 * What a terminal that only shows must not obey (hardening C12): what was printed may colour and place its text, and no
 * more. It cannot set the title, reach the clipboard, make links, move the window, ask for an answer, capture the mouse,
 * or wipe what was printed before it.
 */
import type { IParser } from '@xterm/xterm';

/** Title 0–2, colours 4, 10–12, 104, 110–112, links 8, notifications 9 and 777, clipboard 52, files 1337. */
const OSC_CODES = [0, 1, 2, 4, 5, 8, 9, 10, 11, 12, 52, 104, 105, 110, 111, 112, 777, 1337];

/** Control sequences that are dropped, by their last character and what stands before it. */
const CSI_IDS = [
  // Window operations, device attributes, status reports, terminal version, mode reports.
  { final: 't' },
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { prefix: '>', final: 'q' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  // Private modes: mouse, focus and paste reports, the alternate screen.
  { prefix: '?', final: 'h' },
  { prefix: '?', final: 'l' },
  // Erasing the display and resets.
  { final: 'J' },
  { prefix: '?', final: 'J' },
  { intermediates: '!', final: 'p' },
];

/** Settings reports and terminal capabilities. */
const DCS_IDS = [
  { intermediates: '$', final: 'q' },
  { intermediates: '+', final: 'q' },
];

/** Makes a terminal's parser drop all of them. */
export function makeReadOnly(parser: IParser): void {
  for (const code of OSC_CODES) parser.registerOscHandler(code, () => true);
  for (const id of CSI_IDS) parser.registerCsiHandler(id, () => true);
  for (const id of DCS_IDS) parser.registerDcsHandler(id, () => true);
  // RIS, the full reset.
  parser.registerEscHandler({ final: 'c' }, () => true);
}
