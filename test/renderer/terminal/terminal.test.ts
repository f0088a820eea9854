import { Terminal } from '@xterm/xterm';
import { afterEach, describe, expect, it } from 'vitest';
import { makeReadOnly } from '../../../renderer/terminal/read-only-parser.ts';
import { scrollCommand } from '../../../renderer/terminal/scroll-keys.ts';
import { colourStates } from '../../../renderer/terminal/state-colours.ts';
import { strictStyles, type StrictStyles } from '../../../renderer/terminal/strict-styles.ts';
import { makeTyping, staysWithPage } from '../../../renderer/terminal/typing.ts';

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  scrollCommand({ key, altKey: false, ctrlKey: false, metaKey: false, ...more });

describe('keys of a transcript', () => {
  it('scroll it by line, by page and to its ends', () => {
    expect(press('ArrowDown')).toEqual({ to: null, pages: 0, lines: 1 });
    expect(press('PageUp')).toEqual({ to: null, pages: -1, lines: 0 });
    expect(press('End')?.to).toBe('bottom');
  });

  it('are left alone where they type or belong to the page', () => {
    expect([press('a'), press('Enter'), press('Tab'), press('ArrowDown', { ctrlKey: true })]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('states in a transcript', () => {
  it('are coloured where the output has no colours of its own', () => {
    expect(colourStates('ESTAB 0\n')).toBe('\x1b[38;5;17mESTAB\x1b[39m 0\n');
    expect(colourStates('\x1b[1mESTAB\x1b[0m')).toBe('\x1b[1mESTAB\x1b[0m');
  });
});

describe('keys of a terminal that can be typed into', () => {
  const key = (name: string, more: Partial<KeyboardEvent> = {}) => ({
    key: name,
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    ...more,
  });

  it('go to the program, but for those that leave it, stop it, copy and paste', () => {
    const stay = [
      key('Tab'),
      key('Tab', { shiftKey: true }),
      key('Escape'),
      key('v', { ctrlKey: true }),
      key('V', { ctrlKey: true, shiftKey: true }),
    ];
    const go = [key('a'), key('Enter'), key('c', { ctrlKey: true }), key('d', { ctrlKey: true })];
    expect(stay.map((one) => staysWithPage(one, false))).toEqual(stay.map(() => true));
    expect(go.map((one) => staysWithPage(one, false))).toEqual(go.map(() => false));
    expect(staysWithPage(key('c', { ctrlKey: true }), true)).toBe(true);
  });

  it('C12: are all it says: no query in the output is answered', async () => {
    const terminal = new Terminal({ disableStdin: true });
    makeReadOnly(terminal.parser);
    const heard: string[] = [];
    const typing = makeTyping(terminal, {
      typed: (data) => heard.push(data),
      resized: (columns, rows) => heard.push(`${columns}×${rows}`),
    });
    typing.set(true);
    const queries =
      '\x1b[c\x1b[0c\x1b[>c\x1b[>0c\x1b[=c\x1b[5n\x1b[6n\x1b[?6n\x1b[?996n\x1b[>q\x1b[4$p\x1b[?1$p\x1b[?2004$p' +
      '\x1b[14t\x1b[16t\x1b[18t\x1b[21t\x1bP$qm\x1b\\\x1bP$q"p\x1b\\\x1bP+q544e\x1b\\' +
      '\x1b]4;1;?\x07\x1b]10;?\x07\x1b]11;?\x07\x1b]12;?\x07\x1b]52;c;?\x07\x05\x1b[?1004h\x1b[?1003h\x1b[?u';
    await new Promise<void>((done) => terminal.write(queries, done));
    expect(heard).toEqual(['80×24']);
    terminal.input('y');
    expect(heard).toEqual(['80×24', 'y']);
    typing.set(false);
    terminal.input('n');
    expect(heard).toHaveLength(2);
    terminal.dispose();
  });
});

describe('styles of the terminal engine', () => {
  let strict: StrictStyles | null = null;
  afterEach(() => strict?.dispose());

  it('E4: become constructed style sheets instead of inline ones, and go with it', () => {
    const before = document.adoptedStyleSheets.length;
    strict = strictStyles(document);
    const screen = strict.document.createElement('div');
    const style = document.createElement('style');
    screen.appendChild(style);
    style.textContent = '.a { color: red }';
    expect(screen.childElementCount).toBe(0);
    expect(document.adoptedStyleSheets).toHaveLength(before + 1);
    expect(style.textContent).toBe('.a { color: red }');
    strict.dispose();
    expect(document.adoptedStyleSheets).toHaveLength(before);
  });

  // That the style is written through the CSSOM shows in a browser only: test/e2e/terminal.test.ts.
  it('E4: meet the spans of the page while there is a terminal, and only then', () => {
    strict = strictStyles(document);
    const other = strictStyles(document);
    expect(Object.hasOwn(HTMLSpanElement.prototype, 'setAttribute')).toBe(true);
    const span = document.createElement('span');
    span.setAttribute('title', 'kept');
    expect(span.title).toBe('kept');
    strict.dispose();
    strict.dispose();
    expect(Object.hasOwn(HTMLSpanElement.prototype, 'setAttribute')).toBe(true);
    other.dispose();
    expect(Object.hasOwn(HTMLSpanElement.prototype, 'setAttribute')).toBe(false);
  });

  it('leave the rest of the document as it is', () => {
    strict = strictStyles(document);
    expect(strict.document.body).toBe(document.body);
    const parent = strict.document.createElement('div');
    expect(parent.appendChild(document.createElement('b')).parentElement).toBe(parent);
  });
});
