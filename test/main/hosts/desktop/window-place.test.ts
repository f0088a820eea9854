import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bringIntoView,
  NO_WINDOW_STATE,
  placeWindow,
  rememberPlace,
  type DisplayInfo,
  type KeptPlace,
  type Rectangle,
} from '../../../../main/hosts/desktop/window-place.ts';

const at = (x: number, y: number, width: number, height: number): Rectangle => ({ x, y, width, height });
const display = (id: number, bounds: Rectangle, panel = 0): DisplayInfo => ({
  id,
  bounds,
  workArea: { ...bounds, height: bounds.height - panel },
});
const desk = display(1, at(0, 0, 1920, 1080));
const side = display(2, at(1920, 0, 1600, 1200));
const kept = (on: DisplayInfo, bounds: Rectangle, change: Partial<KeptPlace> = {}): KeptPlace => ({
  display: { id: on.id, bounds: on.bounds },
  bounds,
  isMaximized: false,
  isFullScreen: false,
  ...change,
});
const stateOf = (...places: KeptPlace[]) => ({ places, zoomLevel: null });

describe('where the window goes', () => {
  test('the first time to the middle of the primary display', () => {
    expect(placeWindow(NO_WINDOW_STATE, [desk, side], desk)).toEqual({
      bounds: at(240, 90, 1440, 900),
      minWidth: 1024,
      minHeight: 700,
      isMaximized: false,
      isFullScreen: false,
      zoomLevel: 0,
    });
  });

  test('back to where it stood, maximised or full screen as it was', () => {
    const place = kept(side, at(2000, 50, 1200, 800), { isMaximized: true, isFullScreen: true });
    expect(placeWindow(stateOf(place), [desk, side], desk)).toMatchObject({
      bounds: at(2000, 50, 1200, 800),
      isMaximized: true,
      isFullScreen: true,
    });
  });

  test('as it stood on the display that is here, when the newest one is not', () => {
    const state = stateOf(kept(side, at(2000, 50, 1200, 800)), kept(desk, at(7, 8, 1300, 850)));
    expect(placeWindow(state, [desk], desk).bounds).toEqual(at(7, 8, 1300, 850));
  });

  test('with its display, when that was put on the other side', () => {
    const moved = display(2, at(-1600, 0, 1600, 1200));
    const state = stateOf(kept(side, at(2000, 50, 1200, 800)));
    expect(placeWindow(state, [desk, moved], desk).bounds).toEqual(at(-1520, 50, 1200, 800));
  });

  test('onto the same display, though the system gave it another id', () => {
    const state = stateOf(kept(desk, at(7, 8, 1300, 850)));
    expect(placeWindow(state, [display(99, desk.bounds)], desk).bounds).toEqual(at(7, 8, 1300, 850));
  });

  test.each([
    ['to the right of every display', at(5000, 50, 1200, 800)],
    ['above it', at(10, -500, 1200, 800)],
    ['almost below it', at(10, 1000, 1200, 800)],
  ])('to the middle, when it was kept %s', (_where, bounds) => {
    expect(placeWindow(stateOf(kept(desk, bounds)), [desk], desk).bounds).toEqual(at(360, 140, 1200, 800));
  });

  test.each([
    ['1280×720 with a panel', at(0, 0, 1280, 720), 40, at(0, 0, 1280, 680), 680, -0.5],
    ['1366×768', at(0, 0, 1366, 768), 28, at(0, 0, 1366, 740), 700, 0],
    ['1024×700 at 200 %', at(0, 0, 512, 350), 0, at(0, 0, 512, 350), 350, -3],
  ])(
    'on a display of %s no part is outside, and the page is drawn to fit',
    (_what, bounds, panel, expected, minHeight, zoomLevel) => {
      const small = display(1, bounds, panel);
      expect(placeWindow(NO_WINDOW_STATE, [small], small)).toMatchObject({
        bounds: expected,
        minWidth: Math.min(1024, expected.width),
        minHeight,
        zoomLevel,
      });
    },
  );

  test('a chosen zoom stays', () => {
    const small = display(1, at(0, 0, 800, 600));
    expect(placeWindow({ places: [], zoomLevel: 1.5 }, [small], small).zoomLevel).toBe(1.5);
  });

  test('whatever was kept, the window can be seen and its top be dragged', () => {
    const coordinate = fc.integer({ min: -100_000, max: 100_000 });
    const size = fc.integer({ min: 100, max: 100_000 });
    const bounds = fc.record({ x: coordinate, y: coordinate, width: size, height: size });
    fc.assert(
      fc.property(bounds, bounds, fc.integer({ min: 0, max: 3 }), (window, shown, id) => {
        const state = stateOf(kept({ ...desk, id, bounds: shown }, window));
        const { bounds: placed } = placeWindow(state, [desk, side], desk);
        expect(bringIntoView(placed, [desk, side])).toBeNull();
      }),
    );
  });
});

test('a display has one place, the newest comes first, and eight displays are remembered', () => {
  const places = Array.from({ length: 10 }, (_, id) =>
    kept(display(id, at(id * 10, 0, 900, 900)), at(0, 0, 900, 800)),
  );
  const remembered = places.reduce<KeptPlace[]>((all, place) => rememberPlace(all, place), []);
  expect(remembered.map((place) => place.display.id)).toEqual([9, 8, 7, 6, 5, 4, 3, 2]);
  const again = rememberPlace(remembered, { ...kept(display(5, at(50, 0, 900, 900)), at(1, 1, 901, 801)) });
  expect(again.map((place) => place.display.id)).toEqual([5, 9, 8, 7, 6, 4, 3, 2]);
});

test('a window whose display went away is brought to the middle of the nearest', () => {
  expect(bringIntoView(at(2000, 50, 1200, 800), [desk])).toEqual(at(360, 140, 1200, 800));
  expect(bringIntoView(at(100, 50, 1200, 800), [desk])).toBeNull();
  expect(bringIntoView(at(100, 50, 1200, 800), [])).toBeNull();
});
