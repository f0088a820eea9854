/** Where the desktop app's window stands: kept over a start, per display, always within reach; one instance only. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desktopStageMissing, openDesktop, type DesktopStage } from '../support/electron/open-desktop.ts';

const missing = desktopStageMissing();
const DESK = { x: 0, y: 0, width: 1920, height: 1080 };
const BESIDE = { x: 1920, y: 0, width: 2560, height: 1440 };
const SMALL = { x: 0, y: 0, width: 1280, height: 720 };
const PLACE = { x: 2000, y: 120, width: 1300, height: 800 };

describe.skipIf(missing !== null)(`the window's place${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: DesktopStage;
  const onDisplays = (...displays: (typeof DESK)[]) => ({ machine: { displays } });
  const end = async () => {
    await stage.app.do('close');
    expect(await stage.app.ended).toBe(0);
  };

  beforeAll(async () => {
    stage = await openDesktop(onDisplays(DESK, BESIDE));
  });
  afterAll(() => stage?.close());

  it('is the middle of the first display to begin with', async () => {
    const { bounds } = await stage.app.window();
    expect(bounds).toEqual({ x: 240, y: 70, width: 1440, height: 900 });
  });

  it('is kept over a start, with maximised and normal size apart', async () => {
    await stage.app.control('window.place', { windowId: (await stage.app.window()).id, bounds: PLACE });
    await stage.app.do('maximize');
    await end();
    await stage.restart(onDisplays(DESK, BESIDE));
    const window = await stage.app.window();
    expect(window).toMatchObject({ normalBounds: PLACE, isMaximized: true });
    await stage.app.do('unmaximize');
    expect((await stage.app.window()).bounds).toEqual(PLACE);
    await expect.poll(() => stage.page.evaluate('[innerWidth, innerHeight]')).toEqual([1300, 800]);
  });

  it('comes back into view when its display goes away', async () => {
    await stage.app.control('displays.change', { displays: [DESK] });
    const { x, width } = (await stage.app.window()).bounds;
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(1920);
    await end();
  });

  it('fits a small display, whatever it was on another, and the page fits the window', async () => {
    const page = await stage.restart(onDisplays(SMALL));
    const { bounds, zoomFactor } = await stage.app.window();
    expect(bounds.width).toBeLessThanOrEqual(1280);
    expect(bounds.height).toBeLessThanOrEqual(680);
    const [width, height] = (await page.evaluate('[innerWidth, innerHeight]')) as number[];
    expect(width).toBe(Math.round(bounds.width / zoomFactor));
    expect(height).toBeGreaterThanOrEqual(699);
    await end();
  });

  it('is the old one again on the display it was on', async () => {
    await stage.restart(onDisplays(DESK, BESIDE));
    const { normalBounds, isMinimized } = await stage.app.window();
    expect(isMinimized).toBe(false);
    expect(normalBounds.x).toBeGreaterThanOrEqual(0);
  });

  it('G4: a second start brings the first to the front and ends without a window', async () => {
    const first = stage.app;
    await first.do('minimize');
    const second = stage.start(onDisplays(DESK));
    expect(await second.ended).toBe(0);
    await expect.poll(async () => (await first.window()).isMinimized).toBe(false);
    expect(await first.window()).toMatchObject({ isFocused: true, isVisible: true });
    expect(stage.context.pages()).toHaveLength(1);
    expect(await first.stop()).toBe(0);
  });

  it('G4: a lock whose holder was killed keeps nobody out', async () => {
    await stage.restart();
    stage.app.kill('SIGKILL');
    expect(await stage.app.ended).toBeNull();
    await stage.restart();
    expect(await stage.app.stop()).toBe(0);
  });
});
