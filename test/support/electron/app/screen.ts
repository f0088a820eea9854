/** `screen`: the displays that the test says there are. */
import type * as Electron from 'electron';
import { onlyWhenReady } from './app-state.ts';
import { startOptions } from './display-line.ts';
import { ModelledEmitter } from './modelled.ts';
import type { DisplayPlan } from './start-options.ts';

/** Of a task bar at the bottom. */
const PANEL_HEIGHT = 40;

type ShownDisplay = Pick<
  Electron.Display,
  'id' | 'bounds' | 'workArea' | 'size' | 'workAreaSize' | 'scaleFactor' | 'rotation' | 'internal' | 'label'
>;
let displays = startOptions.displays.map(toDisplay);

function toDisplay({ x, y, width, height, scaleFactor = 1 }: DisplayPlan, index: number): ShownDisplay {
  const workAreaSize = { width, height: height - PANEL_HEIGHT };
  return {
    id: index + 1,
    label: `Display ${index + 1}`,
    bounds: { x, y, width, height },
    workArea: { x, y, ...workAreaSize },
    size: { width, height },
    workAreaSize,
    scaleFactor,
    rotation: 0,
    internal: index === 0,
  };
}

/** The display that has most of the rectangle; else the first. */
export function displayMatching(rectangle: Electron.Rectangle): ShownDisplay {
  const [first, ...others] = displays;
  if (!first) throw new Error('a machine without a display is not modelled by the stand-in');
  const shared = ({ bounds }: ShownDisplay) =>
    overlap(bounds.x, bounds.width, rectangle.x, rectangle.width) *
    overlap(bounds.y, bounds.height, rectangle.y, rectangle.height);
  return others.reduce((best, each) => (shared(each) > shared(best) ? each : best), first);
}

function overlap(firstAt: number, firstSize: number, secondAt: number, secondSize: number): number {
  return Math.max(0, Math.min(firstAt + firstSize, secondAt + secondSize) - Math.max(firstAt, secondAt));
}

type Modelled = Pick<
  Electron.Screen,
  | 'getAllDisplays'
  | 'getPrimaryDisplay'
  | 'getDisplayMatching'
  | 'getDisplayNearestPoint'
  | 'getCursorScreenPoint'
>;

class StandInScreen extends ModelledEmitter implements Modelled {
  constructor() {
    super('electron.screen');
  }

  getAllDisplays(): Electron.Display[] {
    return this.#ready().map(whole);
  }

  getPrimaryDisplay(): Electron.Display {
    const [first] = this.#ready();
    if (!first) throw new Error('a machine without a display is not modelled by the stand-in');
    return whole(first);
  }

  getDisplayMatching(rectangle: Electron.Rectangle): Electron.Display {
    this.#ready();
    return whole(displayMatching(rectangle));
  }

  getDisplayNearestPoint(point: Electron.Point): Electron.Display {
    this.#ready();
    return whole(displayMatching({ ...point, width: 1, height: 1 }));
  }

  getCursorScreenPoint(): Electron.Point {
    this.#ready();
    return { x: 0, y: 0 };
  }

  /** By the test: displays that come, go or change. */
  change(plans: readonly DisplayPlan[]): void {
    const before = displays;
    displays = plans.map(toDisplay);
    for (const gone of before.slice(displays.length)) this.emit('display-removed', {}, whole(gone));
    for (const added of displays.slice(before.length)) this.emit('display-added', {}, whole(added));
    for (const same of displays.slice(0, before.length)) {
      this.emit('display-metrics-changed', {}, whole(same), ['bounds', 'workArea', 'scaleFactor']);
    }
  }

  #ready(): ShownDisplay[] {
    onlyWhenReady("The 'screen' module can't be used before the app 'ready' event");
    return displays;
  }
}

/** What else Electron tells of a display nobody here needs. */
function whole(display: ShownDisplay): Electron.Display {
  return display as Electron.Display;
}

export const screen = new StandInScreen();
