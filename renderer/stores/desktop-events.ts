import type { MenuAction } from '../../preload/contract-desktop.ts';
import type { EventPayload } from '../../preload/contract.ts';
import { useLink } from './link-key.ts';

export interface DesktopListener {
  onAction(action: MenuAction): void;
  onNavigate(request: EventPayload<'navigate.requested'>): void;
  onOpened(opened: EventPayload<'file.opened'>): void;
}

/** What the window around the page has to say; a browser never says any of it. */
export function useDesktopEvents(): { hear(listener: DesktopListener): () => void } {
  const link = useLink();
  return {
    hear: (listener) => {
      const stops = [
        link.on('menu.chosen', ({ action }) => listener.onAction(action)),
        link.on('navigate.requested', (request) => listener.onNavigate(request)),
        link.on('file.opened', (opened) => listener.onOpened(opened)),
      ];
      return () => stops.forEach((stop) => stop());
    },
  };
}
