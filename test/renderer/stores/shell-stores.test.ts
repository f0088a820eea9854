import { createPinia, setActivePinia } from 'pinia';
import { createApp } from 'vue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentTitle } from '../../../renderer/screens/use-shell.ts';
import { decodePorts, focusPool } from '../../../renderer/stores/headroom.ts';
import { linkKey } from '../../../renderer/stores/link-key.ts';
import { useNavigation } from '../../../renderer/stores/navigation.ts';
import { useTheme } from '../../../renderer/stores/theme.ts';
import { useWorkbench } from '../../../renderer/stores/workbench.ts';
import type { FakeLink } from '../../support/fake-link.ts';
import { INCIDENT_AT_MS, RUNNING_SAMPLER, incidentSummary } from '../../support/incident.ts';
import { incidentLink, settle } from '../../support/mount-screen.ts';

let stop: (() => void) | null = null;
function startApp(link: FakeLink): void {
  const pinia = createPinia();
  const app = createApp({ render: () => null });
  app.provide(linkKey, link).use(pinia);
  setActivePinia(pinia);
  stop = () => useWorkbench(pinia).$dispose();
}
beforeEach(() => localStorage.clear());
afterEach(() => {
  stop?.();
  stop = null;
});

describe('the workbench store', () => {
  it('loads when it starts and again when the link comes back', async () => {
    const link = incidentLink();
    startApp(link);
    const workbench = useWorkbench();
    await settle();
    expect(workbench.summary?.target.hostname).toBe('ci-runner-07');
    link.setState({ kind: 'lost' });
    expect(workbench.isStale).toBe(true);
    link.setState({ kind: 'connected' });
    await settle();
    expect(link.callsOf('summary.get')).toHaveLength(2);
    expect(workbench.isStale).toBe(false);
  });

  it('lets no late answer replace a newer summary', async () => {
    const link = incidentLink();
    startApp(link);
    const workbench = useWorkbench();
    await settle();
    link.emit('summary.updated', incidentSummary({ sequence: 500, takenAtMs: INCIDENT_AT_MS + 75_000 }));
    link.emit('summary.updated', incidentSummary({ sequence: 501, takenAtMs: INCIDENT_AT_MS + 70_000 }));
    expect(workbench.summary?.sequence).toBe(500);
    link.emit('summary.updated', incidentSummary({ sequence: 1, takenAtMs: INCIDENT_AT_MS }));
    expect(workbench.summary?.sequence).toBe(1);
  });

  it('counts the age of data on the clock of the host, which may be another machine', async () => {
    const link = incidentLink(null);
    startApp(link);
    const workbench = useWorkbench();
    await settle();
    expect(workbench.ageMs).toBeNull();
    link.emit('summary.updated', incidentSummary({ takenAtMs: Date.now() - 3_600_000 }));
    expect(workbench.ageMs).toBeLessThan(2000);
  });

  it('says what was refused, and that it is paused before the next summary', async () => {
    const link = incidentLink();
    startApp(link);
    const workbench = useWorkbench();
    await settle();
    await workbench.togglePaused();
    expect([workbench.isPaused, link.callsOf('sampling.configure')]).toEqual([true, [{ paused: true }]]);
    link.respond('sampling.configure', () => {
      throw new Error('The sampler is not running.');
    });
    await workbench.setIntervalMs(500);
    expect(workbench.problem).toBe('The sampler is not running.');
  });

  it.each([
    ['silent', true],
    ['restarting', true],
    ['stopped', true],
    ['running', false],
    ['starting', false],
  ] as const)('S7: values are stale (%s: %s) by the state of the sampler', async (state, stale) => {
    startApp(incidentLink(incidentSummary(), { ...RUNNING_SAMPLER, state }));
    const workbench = useWorkbench();
    await settle();
    expect(workbench.isStale).toBe(stale);
  });

  it('leaves no listener behind', async () => {
    const link = incidentLink();
    startApp(link);
    useWorkbench();
    await settle();
    expect(link.listenerCount).toBe(3);
    stop?.();
    expect(link.listenerCount).toBe(0);
  });
});

describe('the pool in focus', () => {
  const summary = incidentSummary();
  it('is the chosen one while it is there, else the verdict’s, else the fullest', () => {
    expect(focusPool(summary, '10.0.2.7>10.0.3.15:5432')?.remotePort).toBe(5432);
    expect(focusPool(summary, 'gone')?.remotePort).toBe(443);
    const calm = {
      ...summary,
      verdict: { ...summary.verdict, poolKey: null },
      pools: [...summary.pools].reverse(),
    };
    expect(focusPool(calm, null)?.remotePort).toBe(443);
    expect(focusPool({ ...summary, pools: [] }, null)).toBeNull();
  });
  it('decodes a port map only when it is whole', () => {
    expect(decodePorts(Buffer.alloc(65_536, 7).toString('base64'))?.[65_535]).toBe(7);
    expect([decodePorts('AAAA'), decodePorts('not base64!')]).toEqual([null, null]);
  });
});

describe('theme and navigation', () => {
  it('follows the system until the user chooses, then keeps the choice', () => {
    startApp(incidentLink());
    const theme = useTheme();
    expect(theme.choice).toBe('system');
    const before = theme.theme;
    theme.toggle();
    expect(theme.theme).not.toBe(before);
    expect(document.documentElement.dataset.theme).toBe(theme.theme);
    expect(localStorage.getItem('fourtuple.theme')).toBe(theme.theme);
    theme.choose('system');
    expect([theme.theme, localStorage.getItem('fourtuple.theme')]).toEqual([before, null]);
  });
  it('hands a screen what it is asked to show', () => {
    startApp(incidentLink());
    const navigation = useNavigation();
    navigation.go('sockets', { filter: 'pid:1' });
    expect([navigation.screen, navigation.params]).toEqual(['sockets', { filter: 'pid:1' }]);
    navigation.go('headroom');
    expect(navigation.params).toEqual({});
  });
  it('carries the verdict in the title, unless it is not live', () => {
    const summary = incidentSummary();
    expect(documentTitle(null, false)).toBe('Fourtuple');
    expect(documentTitle(summary, false)).toBe('Critical: ci-runner-07 · Fourtuple');
    expect(documentTitle(summary, true)).toBe('Not live: ci-runner-07 · Fourtuple');
  });
});
