/** The scripts that Chromium runs before those of a page: one in the page's world, one in the preload's. */
import { joinWorlds } from '../page/join-worlds.ts';
import { startPreloadWorld } from '../page/preload-world.ts';
import { valueText } from '../page/value-text.ts';
import type { PageWorld } from '../wire.ts';

export const PRELOAD_WORLD = 'electron preload';
export const BINDING = 'standInBinding';
export const INBOX = 'standInInbox';

export interface WorldScript {
  source: string;
  /** Null: the page's own. */
  worldName: string | null;
}

/** In the order in which they have to run. `channel` is a name that no page guesses. */
export function worldScripts(world: PageWorld, channel: string): WorldScript[] {
  const only = world.inSubFrames ? '' : 'if (window !== window.top) return;';
  const preload =
    world.preload === null ? 'null' : `(require, module, exports, process) => {\n${world.preload}\n}`;
  const start = (bridge: string) => `
    const post = globalThis.${BINDING};
    const values = (${valueText})();
    (${startPreloadWorld})({ bridge: ${bridge}, values, post, inbox: '${INBOX}' }, ${preload});`;
  if (!world.contextIsolation)
    return [{ worldName: null, source: `(() => { ${only} ${start('null')} })();` }];
  return [
    { worldName: null, source: `(() => { ${only} (${joinWorlds})('${channel}', 'page'); })();` },
    {
      worldName: PRELOAD_WORLD,
      source: `(() => { ${only} ${start(`(${joinWorlds})('${channel}', 'preload')`)} })();`,
    },
  ];
}
