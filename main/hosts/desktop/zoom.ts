/** How large the page is drawn: in steps as a browser does, kept with the window. */
import type { WebContents } from 'electron';

export type ZoomStep = 'in' | 'out' | 'reset';

/** 58 % to 207 %, in Chromium's levels: beyond it nothing is readable, or nothing fits. */
export const MIN_ZOOM_LEVEL = -3;
export const MAX_ZOOM_LEVEL = 4;
const STEP = 0.5;

export interface PageZoom {
  /** Null: nobody chose one. */
  readonly chosen: number | null;
  change(step: ZoomStep): void;
}

/** Draws the page at `level` and lets it be changed by menu, keys and wheel. `chosen` is what was kept. */
export function createPageZoom(
  contents: Pick<WebContents, 'on' | 'isDestroyed' | 'setZoomLevel'>,
  level: number,
  chosen: number | null,
): PageZoom {
  let now = level;
  let kept = chosen;
  const apply = () => {
    if (!contents.isDestroyed()) contents.setZoomLevel(now);
  };
  const change = (step: ZoomStep) => {
    const wanted = step === 'reset' ? 0 : now + (step === 'in' ? STEP : -STEP);
    now = Math.min(MAX_ZOOM_LEVEL, Math.max(MIN_ZOOM_LEVEL, wanted));
    kept = now;
    apply();
  };
  // A page that is loaded begins at Chromium's own level for its address.
  contents.on('did-finish-load', apply);
  contents.on('zoom-changed', (_event, direction) => change(direction));
  return {
    get chosen() {
      return kept;
    },
    change,
  };
}
