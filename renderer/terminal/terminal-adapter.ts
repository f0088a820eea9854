/** The one place that knows xterm.js: a transcript in, a terminal out, read-only unless asked. It lives outside Vue. */
import type { FitAddon } from '@xterm/addon-fit';
import type { ITheme, Terminal } from '@xterm/xterm';
import { readColour, readToken } from '../charts/palette.ts';
import { makeReadOnly } from './read-only-parser.ts';
import { scrollCommand } from './scroll-keys.ts';
import { colourStates } from './state-colours.ts';
import { strictStyles } from './strict-styles.ts';
import { makeTyping, type TerminalKeys } from './typing.ts';

/** One transcript. It only ever grows; another one needs another engine. */
export interface TerminalContent {
  /** Shown after a prompt before what was printed; null: what was printed speaks for itself. */
  command: string | null;
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
  /** Whether it can be typed into; never, where it was started without keys. */
  setTyping(isOn: boolean): void;
  /** Where keys go: the terminal itself while it can be typed into, else its host. */
  focus(): void;
  dispose(): void;
}

/** Starts a terminal in `host`, which takes the focus and the keys; with `keys` it can be typed into. */
export type TerminalFactory = (host: HTMLElement, keys: TerminalKeys | null) => TerminalEngine;

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
  return (host, keys) => mountTerminal(Engine, new Fit(), host, keys);
}

function mountTerminal(
  Engine: typeof Terminal,
  fit: FitAddon,
  host: HTMLElement,
  keys: TerminalKeys | null,
): TerminalEngine {
  const strict = strictStyles(document);
  const terminal = new Engine({
    documentOverride: strict.document,
    disableStdin: true,
    // A click types nothing.
    altClickMovesCursor: false,
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
  const holder = giveKeysTo(host, terminal);
  const written = writer(terminal);
  const resize = () => {
    const room = fit.proposeDimensions();
    // A program that is typed to is told the width, and keeps to it.
    if (room) terminal.resize(keys ? room.cols : Math.max(TERMINAL_COLUMNS, room.cols), room.rows);
  };
  resize();
  const typing = keys && makeTyping(terminal, keys);
  return {
    update: (content) => written.update(content),
    resize,
    recolour: () => (terminal.options.theme = readTheme()),
    setTyping(isOn) {
      if (!typing) return;
      typing.set(isOn);
      holder.setTyping(isOn);
    },
    focus: () => holder.focus(),
    dispose() {
      written.stop();
      holder.stop();
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
        if (command !== null) waiting.push(`\x1b[32m$\x1b[0m \x1b[1m${command}\x1b[0m\n`);
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

interface KeyHolder {
  setTyping(isOn: boolean): void;
  focus(): void;
  stop(): void;
}

/**
 * While it only shows, the host has the focus, so that page-wide keys work and nothing looks like a place to type in;
 * while it can be typed into, the engine's own field has it.
 */
function giveKeysTo(host: HTMLElement, terminal: Terminal): KeyHolder {
  const { textarea } = terminal;
  let isTyping = false;
  const onKey = (event: KeyboardEvent) => {
    const command = isTyping ? null : scrollCommand(event);
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
  const focus = () => (isTyping ? terminal.focus() : host.focus({ preventScroll: true }));
  const onFocus = () => {
    if (!isTyping) focus();
  };
  function setTyping(isOn: boolean): void {
    const hadFocus = host.contains(document.activeElement);
    isTyping = isOn;
    host.tabIndex = isOn ? -1 : 0;
    if (textarea) {
      textarea.tabIndex = isOn ? 0 : -1;
      textarea.setAttribute('aria-hidden', String(!isOn));
      textarea.setAttribute('aria-label', 'Type into the terminal');
    }
    if (hadFocus) focus();
  }
  setTyping(false);
  textarea?.addEventListener('focus', onFocus);
  host.addEventListener('keydown', onKey);
  host.addEventListener('copy', onCopy);
  return {
    setTyping,
    focus,
    stop() {
      textarea?.removeEventListener('focus', onFocus);
      host.removeEventListener('keydown', onKey);
      host.removeEventListener('copy', onCopy);
    },
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
