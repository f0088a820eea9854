/** Chooses how this page reaches the workbench: the preload's door under Electron, else the web host's socket. */
import type { WorkbenchDoor } from '../../preload/contract.ts';
import { createDesktopLink } from './desktop-link.ts';
import type { Link } from './link.ts';
import { createWebLink } from './web-link.ts';

export { LinkError } from './link.ts';
export type { Link, LinkState } from './link.ts';

/** The link of this page. Call it once. */
export function connect(): Link {
  const door = doorOf(window);
  return door ? createDesktopLink({ door, now: Date.now }) : createWebLink({ page: window, now: Date.now });
}

function doorOf(page: Window): WorkbenchDoor | null {
  return (page as Window & { fourtuple?: WorkbenchDoor }).fourtuple ?? null;
}
