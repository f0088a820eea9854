/** Where the window goes: as it stood on the display that is there, or of a sane size on one it never stood on. Pure. */

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** As Electron's screen tells it, in its device-independent pixels. */
export interface DisplayInfo {
  id: number;
  bounds: Rectangle;
  /** Less panels and docks. */
  workArea: Rectangle;
}

/** How the window stood on one display. */
export interface KeptPlace {
  display: { id: number; bounds: Rectangle };
  /** Neither maximised nor full screen. */
  bounds: Rectangle;
  isMaximized: boolean;
  isFullScreen: boolean;
}

export interface WindowState {
  /** Newest first; one a display. */
  places: readonly KeptPlace[];
  /** In Chromium's steps (1.2 to its power); null: nobody chose one. */
  zoomLevel: number | null;
}

export interface WindowPlace {
  bounds: Rectangle;
  minWidth: number;
  minHeight: number;
  isMaximized: boolean;
  isFullScreen: boolean;
  zoomLevel: number;
}

export const NO_WINDOW_STATE: WindowState = { places: [], zoomLevel: null };

const DEFAULT_SIZE = { width: 1440, height: 900 };
/** Smallest size of DESIGN-UI: the essentials of every screen are visible without scrolling. */
const MIN_SIZE = { width: 1024, height: 700 };
/** So much of the window's top must be on a display that it can be seen and dragged. */
const MIN_VISIBLE_PX = 120;
/** Displays remembered: those of the office, of home, of a projector. */
const MAX_PLACES = 8;
/** 58 %: smaller text is not read any more. */
const SMALLEST_FITTING_ZOOM = -3;
const ZOOM_BASE = 1.2;

/** The newest place whose display is here, moved into view if need be; else the middle of the primary display. */
export function placeWindow(
  { places, zoomLevel }: WindowState,
  displays: readonly DisplayInfo[],
  primary: DisplayInfo,
): WindowPlace {
  const found = findPlace(places, displays);
  const { workArea } = found?.display ?? primary;
  const bounds = found ? inView(found.bounds, workArea) : centred(DEFAULT_SIZE, workArea);
  return {
    bounds,
    // A minimum that no display can hold would push the window's edge out of it.
    minWidth: Math.min(MIN_SIZE.width, workArea.width),
    minHeight: Math.min(MIN_SIZE.height, workArea.height),
    isMaximized: found?.place.isMaximized ?? false,
    isFullScreen: found?.place.isFullScreen ?? false,
    zoomLevel: zoomLevel ?? fittingZoom(workArea),
  };
}

/** The places with this one as the newest, in place of the one that its display had. */
export function rememberPlace(places: readonly KeptPlace[], place: KeptPlace): KeptPlace[] {
  const others = places.filter(({ display }) => !isSameDisplay(display, place.display));
  return [place, ...others].slice(0, MAX_PLACES);
}

/** Where a window goes whose display went away or became smaller; null when it can stay. */
export function bringIntoView(bounds: Rectangle, displays: readonly DisplayInfo[]): Rectangle | null {
  if (displays.some(({ workArea }) => isReachable(bounds, workArea))) return null;
  const [first, ...others] = displays;
  if (!first) return null;
  const nearest = others.reduce(
    (best, next) => (distance(bounds, next.workArea) < distance(bounds, best.workArea) ? next : best),
    first,
  );
  return centred(bounds, nearest.workArea);
}

function findPlace(places: readonly KeptPlace[], displays: readonly DisplayInfo[]) {
  for (const place of places) {
    const display = displays.find((candidate) => isSameDisplay(candidate, place.display));
    // A display that was put on another side of its neighbour took its windows with it.
    if (display)
      return { place, display, bounds: shifted(place.bounds, place.display.bounds, display.bounds) };
  }
  return null;
}

/** Ids are given anew by some systems at each start: the same place and size is then the same display. */
function isSameDisplay(
  one: Pick<DisplayInfo, 'id' | 'bounds'>,
  other: Pick<DisplayInfo, 'id' | 'bounds'>,
): boolean {
  const isSameSize = one.bounds.width === other.bounds.width && one.bounds.height === other.bounds.height;
  const isSamePlace = one.bounds.x === other.bounds.x && one.bounds.y === other.bounds.y;
  return isSameSize && (one.id === other.id || isSamePlace);
}

function shifted(bounds: Rectangle, from: Rectangle, to: Rectangle): Rectangle {
  return { ...bounds, x: bounds.x + to.x - from.x, y: bounds.y + to.y - from.y };
}

function inView(bounds: Rectangle, workArea: Rectangle): Rectangle {
  const width = Math.min(bounds.width, workArea.width);
  const height = Math.min(bounds.height, workArea.height);
  const fitted = { ...bounds, width, height };
  return isReachable(fitted, workArea) ? fitted : centred(fitted, workArea);
}

function centred(size: { width: number; height: number }, workArea: Rectangle): Rectangle {
  const width = Math.min(size.width, workArea.width);
  const height = Math.min(size.height, workArea.height);
  return {
    x: workArea.x + Math.floor((workArea.width - width) / 2),
    y: workArea.y + Math.floor((workArea.height - height) / 2),
    width,
    height,
  };
}

function isReachable(bounds: Rectangle, area: Rectangle): boolean {
  const visibleWidth = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const isTopInside = bounds.y >= area.y && bounds.y < area.y + area.height - MIN_VISIBLE_PX;
  return visibleWidth >= MIN_VISIBLE_PX && isTopInside;
}

/** Between the middles. */
function distance(one: Rectangle, other: Rectangle): number {
  const x = one.x + one.width / 2 - other.x - other.width / 2;
  const y = one.y + one.height / 2 - other.y - other.height / 2;
  return Math.hypot(x, y);
}

/** On a display too small for the smallest layout the page is drawn smaller, until somebody chooses otherwise. */
function fittingZoom({ width, height }: Rectangle): number {
  for (let level = 0; level > SMALLEST_FITTING_ZOOM; level -= 0.5) {
    const factor = ZOOM_BASE ** level;
    if (width / factor >= MIN_SIZE.width && height / factor >= MIN_SIZE.height) return level;
  }
  return SMALLEST_FITTING_ZOOM;
}
