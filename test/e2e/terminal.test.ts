/** The terminal pane in a real browser, over a workbench the test plays: hostile output, long output, its keys. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { doorPageMissing, openDoorPage, type DoorPage } from '../support/door-page.ts';
import { aRun, aRunningRun, evidenceLink, pieceOf } from '../support/evidence.ts';
import { INCIDENT_AT_MS } from '../support/incident.ts';

/** Everything hardening C12 names, and colours that only a style attribute can carry. */
const HOSTILE = [
  '\x1b]0;HACKED TITLE\x07',
  '\x1b]52;c;aGFja2Vk\x07',
  '\x1b]8;;http://evil.example/\x07a link\x1b]8;;\x07 ',
  '\x1b[c\x1b[>c\x1b[6n\x1b[?1;2$p\x1bP$qm\x1b\\\x1b]10;?\x07\x1b]4;1;?\x07',
  '\x1b[8;10;10t\x1b[21t',
  '\x1b[?1000h\x1b[?1003h\x1b[?1049h\x1b[?2004h',
  '\x1b[38;2;10;20;30mdark\x1b[0m \x1b[48;2;250;250;250mbright\x1b[0m \x1b[38;5;16mblack\x1b[0m',
  '\x1b[2J\x1b[3J\x1bc\x1b[!p\x1b(0\x0e',
  '\r\nlast words\r\n',
].join('');
const LONG = Array.from({ length: 30_000 }, (_, index) => `row ${index + 1}\n`).join('');
const missing = doorPageMissing();

describe.skipIf(missing !== null)(`the terminal pane${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let door: DoorPage;
  let page: Page;
  let screen: Locator;
  let live = '';

  beforeAll(async () => {
    const runs = [
      aRun({ runId: 'hostile' }),
      aRun({ runId: 'long', probeId: 'linux.ss-s', command: 'ss -s', startedAtMs: INCIDENT_AT_MS - 1000 }),
    ];
    const outputs: Record<string, string> = { hostile: HOSTILE, long: LONG };
    const link = evidenceLink(runs, outputs);
    link.respond('runs.transcript', ({ runId, ...asked }) => pieceOf(outputs[runId] ?? live, asked));
    door = await openDoorPage(link);
    ({ page } = door);
    await page.getByRole('group', { name: 'Pool used' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    screen = page.locator('.terminal-pane .xterm-rows');
    await screen.waitFor();
  });
  afterAll(() => door?.close());

  const rows = async () =>
    (await screen.locator('> div').allTextContents()).map((row) => row.replaceAll('\u00a0', ' ').trimEnd());
  const choose = async (probeId: string) => {
    await page.locator(`[data-probe="${probeId}"]`).click();
    await screen.waitFor();
  };

  it('C12: obeys nothing but colours and places, and keeps what was printed', async () => {
    await expect
      .poll(async () => (await rows()).slice(0, 5))
      .toEqual(['$ ss -tano', expect.stringContaining('a link'), 'last words', 'exit 0 · 44 ms', '']);
    expect((await rows())[1]).toContain('dark bright black');
    expect(await page.title()).toBe('Critical: ci-runner-07 · Fourtuple');
    expect(await page.locator('.terminal-pane a').count()).toBe(0);
    expect(await page.locator('.xterm.enable-mouse-events').count()).toBe(0);
  });

  it('takes no typing: keys of the page keep working while it has the focus', async () => {
    await page.locator('.terminal-pane .xterm-screen').click();
    await page.keyboard.type('typed');
    expect((await rows()).join('\n')).not.toContain('typed');
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('DIV');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('marks text with the mouse and hands it to the clipboard', async () => {
    const box = (await page.locator('.terminal-pane .xterm-screen').boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.dblclick(box.x + 22, box.y + 48);
    const copied = await page.evaluate(copySelection);
    expect(copied).toBe('last');
  });

  it('opens a long transcript at its beginning, scrolls by keys, and says what it keeps', async () => {
    await choose('linux.ss-s');
    await expect.poll(async () => (await rows())[0], { timeout: 15_000 }).toMatch(/^(\$ ss -s|row \d+)$/);
    await page.getByRole('group', { name: /^Output of ss -s/ }).focus();
    await page.keyboard.press('End');
    await expect
      .poll(async () => (await rows()).join('\n'), { timeout: 15_000 })
      .toMatch(/row 30000\nexit 0 · 44 ms/);
    await page.keyboard.press('PageUp');
    await expect.poll(async () => (await rows()).join('\n')).not.toContain('exit 0');
    await page.keyboard.press('Home');
    await expect.poll(async () => (await rows())[0]).toMatch(/^row \d+$/);
  });

  it('draws output as it comes', async () => {
    await page.locator('[data-probe="linux.nstat"]').click();
    await page.keyboard.press('Enter');
    const run = {
      runId: 'started-1',
      probeId: 'linux.nstat',
      command: 'nstat -az TcpActiveOpens TcpExtTW',
      startedAtMs: INCIDENT_AT_MS + 1000,
    };
    await door.emit('run.started', aRunningRun(run));
    live = 'first\n';
    await door.emit('run.printed', { runId: 'started-1', offset: 0, text: live });
    await expect
      .poll(async () => (await rows()).slice(0, 3))
      .toEqual(['$ nstat -az TcpActiveOpens TcpExtTW', 'first', '']);
    live += 'second\n';
    await door.emit('run.printed', { runId: 'started-1', offset: 6, text: 'second\n' });
    await door.emit('run.finished', aRun({ ...run, tookMs: 7 }));
    await expect.poll(async () => (await rows()).slice(1, 4)).toEqual(['first', 'second', 'exit 0 · 7 ms']);
  });

  it('survives being changed and closed in the midst of drawing', async () => {
    for (let turn = 0; turn < 12; turn++) {
      await page.locator(`[data-probe="linux.ss-${turn % 2 ? 'tan' : 's'}"]`).click();
      await page.waitForTimeout(20 * (turn % 5));
    }
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.getByRole('group', { name: 'Pool used' }).waitFor();
    expect(await page.evaluate('document.adoptedStyleSheets.length')).toBe(0);
  });

  it('E4: has caused no console error and no policy violation on the way', () => {
    expect(door.troubles).toEqual([]);
  });
});

/** Runs in the page: what a copy puts on the clipboard. */
function copySelection(): string {
  const data = new DataTransfer();
  const event = new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true });
  document.activeElement?.dispatchEvent(event);
  return data.getData('text/plain');
}
