/** The one place that knows xterm.js: a transcript in, a read-only terminal out. The engine lives outside Vue. */
import type { FitAddon } from '@xterm/addon-fit';
import type { ITheme, Terminal } from '@xterm/xterm';
import { readColour, readToken } from '../charts/palette.ts';
import { makeReadOnly } from './read-only-parser.ts';
import { scrollCommand } from './scroll-keys.ts';
import { colourStates } from './state-colours.ts';
import { strictStyles } from './strict-styles.ts';

/** One transcript. It only ever grows; another one needs another engine. */
export interface TerminalContent {
  command: string;
  /** What was printed so far, in order; escape sequences as they came. */
  chunks: readonly string[];
  /** How it ended; null while it runs or more of it is to come. */
  foot: string | null;
  footIsBad: boolean;
  /** Keeps the newest line in sight; otherwise the first stays. */
  follows: boolean;
}

export interface TerminalEngine {
  update(content: TerminalContent): void;
  /** Takes the size of its host. */
  resize(): void;
  /** Reads the tokens again: the theme changed. */
  recolour(): void;
  dispose(): void;
}

/** Starts a terminal in `host`, which takes the focus and the keys. */
export type TerminalFactory = (host: HTMLElement) => TerminalEngine;

/** Lines kept in the terminal; longer transcripts lose their beginning here and have it in As parsed. */
export const TERMINAL_LINES = 20_000;
/** As wide as the terminal that commands run in: tools pad to its width, and no padded row wraps here. */
export const TERMINAL_COLUMNS = 100;
const FONT_PX = 12;

/** Fetches the engine; null where there is no canvas to measure with (the text then stands alone). */
export async function loadTerminalEngine(): Promise<TerminalFactory | null> {
  if (!document.createElement('canvas').getContext('2d')) return null;
  const [{ Terminal: Engine }, { FitAddon: Fit }] = await Promise.all([
    import('@xterm/xterm'),
    import('@xterm/addon-fit'),
    // Measured once, when it opens: the font has to be there by then.
    document.fonts.load(`${FONT_PX}px ${readToken('--font-mono')}`),
  ]);
  return (host) => mountTerminal(Engine, new Fit(), host);
}

function mountTerminal(Engine: typeof Terminal, fit: FitAddon, host: HTMLElement): TerminalEngine {
  const strict = strictStyles(document);
  const terminal = new Engine({
    documentOverride: strict.document,
    disableStdin: true,
    convertEol: true,
    cursorInactiveStyle: 'none',
    scrollback: TERMINAL_LINES,
    fontFamily: readToken('--font-mono'),
    fontSize: FONT_PX,
    lineHeight: 1.2,
    minimumContrastRatio: 4.5,
    linkHandler: null,
    theme: readTheme(),
  });
  makeReadOnly(terminal.parser);
  terminal.loadAddon(fit);
  terminal.open(host);
  const stopListening = giveKeysTo(host, terminal);
  const written = writer(terminal);
  const resize = () => {
    const room = fit.proposeDimensions();
    if (room) terminal.resize(Math.max(TERMINAL_COLUMNS, room.cols), room.rows);
  };
  resize();
  return {
    update: (content) => written.update(content),
    resize,
    recolour: () => (terminal.options.theme = readTheme()),
    dispose() {
      written.stop();
      stopListening();
      terminal.dispose();
      strict.dispose();
    },
  };
}

/** Colours and character sets that the output left behind do not reach the words that frame it. */
const PLAIN = '\x1b[0m\x1b(B\x0f';

/** Writes what is new of a transcript, a chunk after the other has been drawn: nothing is left over when it ends. */
function writer(terminal: Terminal): { update(content: TerminalContent): void; stop(): void } {
  const waiting: string[] = [];
  let isBusy = false;
  let isStopped = false;
  let staysAtTop = false;
  let written = -1;
  let hasFoot = false;

  function pump(): void {
    const text = isBusy ? undefined : waiting.shift();
    if (text === undefined) return;
    isBusy = true;
    terminal.write(text, () => {
      if (isStopped) return;
      // As soon as there is something to scroll: what comes later then leaves what is in sight where it is.
      if (staysAtTop && terminal.buffer.active.baseY > 0) {
        terminal.scrollToTop();
        staysAtTop = false;
      }
      isBusy = false;
      pump();
    });
  }

  return {
    update({ command, chunks, foot, footIsBad, follows }) {
      if (written < 0) {
        written = 0;
        staysAtTop = !follows;
        waiting.push(`\x1b[32m$\x1b[0m \x1b[1m${command}\x1b[0m\n`);
      }
      for (const chunk of chunks.slice(written)) waiting.push(colourStates(chunk));
      written = chunks.length;
      if (foot !== null && !hasFoot) {
        hasFoot = true;
        // What was over at once is read from its beginning, although it was followed.
        staysAtTop ||= !follows;
        const lineEnd = /(^|\n)$/.test(chunks.at(-1) ?? '') ? '' : '\n';
        waiting.push(`${PLAIN}${lineEnd}\x1b[${footIsBad ? '31' : '90'}m${foot}${PLAIN}`);
      }
      pump();
    },
    stop: () => (isStopped = true),
  };
}

/** The host has the focus, so that page-wide keys work and nothing looks like a place to type in. */
function giveKeysTo(host: HTMLElement, terminal: Terminal): () => void {
  const { textarea } = terminal;
  const onKey = (event: KeyboardEvent) => {
    const command = scrollCommand(event);
    if (!command) return;
    event.preventDefault();
    if (command.to === 'top') terminal.scrollToTop();
    else if (command.to === 'bottom') terminal.scrollToBottom();
    else if (command.pages !== 0) terminal.scrollPages(command.pages);
    else terminal.scrollLines(command.lines);
  };
  const onCopy = (event: ClipboardEvent) => {
    if (!terminal.hasSelection()) return;
    event.preventDefault();
    event.clipboardData?.setData('text/plain', terminal.getSelection());
  };
  const onFocus = () => host.focus({ preventScroll: true });
  if (textarea) {
    textarea.tabIndex = -1;
    textarea.setAttribute('aria-hidden', 'true');
    textarea.addEventListener('focus', onFocus);
  }
  host.addEventListener('keydown', onKey);
  host.addEventListener('copy', onCopy);
  return () => {
    textarea?.removeEventListener('focus', onFocus);
    host.removeEventListener('keydown', onKey);
    host.removeEventListener('copy', onCopy);
  };
}

function readTheme(): ITheme {
  const colour = readColour;
  return {
    background: colour('--term-bg'),
    foreground: colour('--term-tx'),
    selectionBackground: colour('--bg-4'),
    selectionForeground: colour('--tx-1'),
    scrollbarSliderBackground: colour('--ln-2'),
    scrollbarSliderHoverBackground: colour('--ln-3'),
    scrollbarSliderActiveBackground: colour('--ln-3'),
    // The states, see colourStates.
    extendedAnsi: ['--st-tw-tx', '--st-est-tx', '--st-listen-tx', '--st-close-tx', '--st-syn-tx'].map(colour),
    black: colour('--term-bg'),
    red: colour('--sv-crit'),
    green: colour('--term-prompt'),
    yellow: colour('--sv-warn'),
    blue: colour('--st-est-tx'),
    magenta: colour('--st-close-tx'),
    cyan: colour('--st-listen-tx'),
    white: colour('--tx-2'),
    brightBlack: colour('--term-dim'),
    brightRed: colour('--sv-crit'),
    brightGreen: colour('--sv-ok'),
    brightYellow: colour('--st-syn-tx'),
    brightBlue: colour('--sv-note'),
    brightMagenta: colour('--st-close-tx'),
    brightCyan: colour('--st-listen-tx'),
    brightWhite: colour('--tx-1'),
  };
}
