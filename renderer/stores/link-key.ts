import { inject, type InjectionKey } from 'vue';
import type { Link } from '../link/connect.ts';

/** Where the shell provides the link; stores alone read it. */
export const linkKey: InjectionKey<Link> = Symbol('link');

/** The link of this page, inside a store's setup. Throws when the app did not provide one: that is a bug. */
export function useLink(): Link {
  const link = inject(linkKey, null);
  if (!link) throw new Error('No link was provided to the app');
  return link;
}
