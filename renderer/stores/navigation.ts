import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { FigureName } from './evidence.ts';

export type ScreenName = 'headroom' | 'sockets' | 'trends' | 'fix' | 'what-if' | 'evidence' | 'settings';

/** What a screen is asked to show when it opens. */
export interface NavigationParams {
  /** Filter text for Sockets. */
  filter?: string;
  /** Local port to put the port map's lens on. */
  port?: number;
  /** Pool to look at on Headroom. */
  poolKey?: string;
  /** Figure whose proof Evidence shows. */
  figure?: FigureName;
  /** Probe that Evidence runs. */
  runProbe?: string;
  /** Evidence takes its keys to the report. */
  report?: boolean;
  /** Finding, fix or change that Fix opens its wizard on, `poolKey` the pool; with none of them it keeps the one it has. */
  findingId?: string;
  fixId?: string;
  changeId?: number;
  /** What Fix shows instead of the wizard. */
  fixView?: 'catalogue' | 'journal';
}

/** Which screen is shown, with what, and which of the shell's dialogs are open. */
export const useNavigation = defineStore('navigation', () => {
  const screen = ref<ScreenName>('headroom');
  /** Replaced whole on every `go`, so that asking twice for the same thing is heard twice. */
  const params = shallowRef<NavigationParams>({});
  const paletteOpen = ref(false);
  const shortcutsOpen = ref(false);
  const aboutOpen = ref(false);

  /** Shows a screen. A screen that is asked for nothing keeps what it showed. */
  function go(next: ScreenName, nextParams: NavigationParams = {}): void {
    screen.value = next;
    params.value = nextParams;
  }

  return { screen, params, paletteOpen, shortcutsOpen, aboutOpen, go };
});
