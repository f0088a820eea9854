import type { VueWrapper } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import HeadroomScreen from '../../../../renderer/screens/headroom/HeadroomScreen.vue';
import LinkNotices from '../../../../renderer/screens/LinkNotices.vue';
import { useHeadroom } from '../../../../renderer/stores/headroom.ts';
import { useNavigation } from '../../../../renderer/stores/navigation.ts';
import type { FakeLink } from '../../../support/fake-link.ts';
import { aFinding } from '../../../support/findings.ts';
import {
  INCIDENT_POOL_KEY,
  RUNNING_SAMPLER,
  incidentPool,
  incidentSummary,
} from '../../../support/incident.ts';
import { incidentLink, mountScreen, settle } from '../../../support/mount-screen.ts';

let mounted: VueWrapper | null = null;
afterEach(() => {
  mounted?.unmount();
  mounted = null;
});

async function show(link: FakeLink): Promise<VueWrapper> {
  mounted = await mountScreen(HeadroomScreen, link);
  return mounted;
}
const figure = (screen: VueWrapper, label: string) =>
  screen.get(`[role="group"][aria-label="${label}"]`).text();

describe('Headroom', () => {
  it('shows the verdict above the four figures of its pool', async () => {
    const screen = await show(incidentLink());
    expect(screen.get('[aria-label="Verdict"] p').text()).toBe(incidentSummary().verdict.sentence);
    expect(figure(screen, 'Pool used')).toContain('25,691 of 28,232 ports');
    expect(figure(screen, 'New connections')).toContain('28,232 ports ÷ 60 s');
    expect(figure(screen, 'Time to exhaustion')).toMatch(/2min.*10s/);
  });

  it('shows the real frame while the first sample is read', async () => {
    const screen = await show(incidentLink(null));
    expect(screen.get('.headroom-screen').attributes('aria-busy')).toBe('true');
    expect(screen.text()).toContain('Reading sockets for the first time…');
    expect(figure(screen, 'Pool used')).toContain('reading sockets…');
  });

  it('says what to do when nothing uses ports, and shows no figure as zero', async () => {
    const summary = incidentSummary({ pools: [], poolCount: 0, consumers: [] });
    const screen = await show(incidentLink(summary));
    expect(screen.text()).toContain('Nothing is using ephemeral ports');
    expect(figure(screen, 'Pool used')).toContain('no outgoing connections');
  });

  it('hides the forecast while paused and dates the sentence', async () => {
    const { sampler } = incidentSummary();
    const screen = await show(incidentLink(incidentSummary({ sampler: { ...sampler, paused: true } })));
    expect(figure(screen, 'Time to exhaustion')).toContain('hidden while paused');
    expect(screen.get('[aria-label="Verdict"] p').text()).toMatch(/^At \d\d:\d\d:\d\d: /);
    expect(screen.get('.trend-panel [role="status"]').text()).toContain('Paused at');
    expect(screen.text()).not.toContain('full in about');
  });

  it('dims the last values and says that nothing is live when the link is lost', async () => {
    const link = incidentLink();
    const screen = await show(link);
    link.setState({
      kind: 'lost',
      sinceMs: Date.now(),
      retryAtMs: Date.now() + 8000,
      attempt: 3,
      sentence: 'dropped',
    });
    await settle();
    expect(screen.get('.figure-strip').attributes('data-stale')).toBe('true');
    expect(figure(screen, 'Time to exhaustion')).toContain('no live samples');
    expect(figure(screen, 'Pool used')).toContain('91.0');
  });

  it('asks for trend and map of the pool with each summary, and not while it is closed', async () => {
    const link = incidentLink();
    const screen = await show(link);
    expect(link.callsOf('trend.query')).toEqual([{ poolKey: INCIDENT_POOL_KEY, seconds: 600 }]);
    link.emit('summary.updated', incidentSummary({ sequence: 426 }));
    await settle();
    expect(link.callsOf('trend.query')).toHaveLength(2);
    expect(link.callsOf('ports.map')).toHaveLength(2);
    const headroom = useHeadroom();
    screen.unmount();
    mounted = null;
    expect(headroom.isOpen).toBe(false);
    link.emit('summary.updated', incidentSummary({ sequence: 427 }));
    await settle();
    expect(link.callsOf('trend.query')).toHaveLength(2);
  });

  it('turns figures, trend and map to the pool that is chosen, and back', async () => {
    const link = incidentLink();
    const screen = await show(link);
    const row = screen.findAll('.pool-row button')[1];
    await row?.trigger('click');
    await settle();
    expect(figure(screen, 'Pool used')).toContain('1,204 of 28,232 ports');
    expect(link.callsOf('ports.map').at(-1)).toEqual({ poolKey: '10.0.2.7>10.0.3.15:5432' });
    await row?.trigger('click');
    expect(figure(screen, 'Pool used')).toContain('25,691 of 28,232 ports');
  });

  it('opens the sockets of a consumer', async () => {
    const screen = await show(incidentLink());
    await screen.get('.consumer-row button').trigger('click');
    const navigation = useNavigation();
    expect([navigation.screen, navigation.params]).toEqual([
      'sockets',
      { filter: 'dst:10.0.3.12:443 pid:4312' },
    ]);
  });

  it('says that an owner is unknown, and how many may not be read', async () => {
    const [consumer] = incidentSummary().consumers;
    if (!consumer) throw new Error('The incident has consumers');
    const unknown = { ...consumer, pid: null, process: null, confidence: 'unknown' as const };
    const ownership = { observed: 0, inferred: 0, unknown: 24_168, notPermitted: 1204 };
    const screen = await show(incidentLink(incidentSummary({ consumers: [unknown], ownership })));
    expect(screen.get('.consumer-row').text()).toContain('owner unknown');
    expect(screen.text()).toContain('Owners of 1,204 sockets are hidden');
  });

  it('shows findings in place of the pools when there are any', async () => {
    const finding = aFinding({ title: 'This side closes first' });
    const screen = await show(incidentLink(incidentSummary({ findings: [finding] })));
    expect(screen.get('[aria-label="Findings"]').text()).toContain('This side closes first');
    expect(screen.get('.finding-row [role="img"]').attributes('aria-label')).toBe('Warning');
    expect(screen.find('.pool-row').exists()).toBe(false);
  });

  it('says why the map could not be had', async () => {
    const link = incidentLink().respond('ports.map', () => {
      throw new Error('The sampler is busy.');
    });
    const screen = await show(link);
    expect(screen.text()).toContain('The port map could not be read');
    expect(screen.text()).toContain('The sampler is busy.');
  });

  it('refuses a port map that has not 65,536 ports', async () => {
    const link = incidentLink().respond('ports.map', () => ({
      takenAtMs: 0,
      ports: 'AAAA',
      range: { first: 1, last: 2 },
      counts: {},
      timeWaitSeconds: null,
      nextPort: null,
    }));
    expect((await show(link)).text()).toContain('does not have 65,536 ports');
  });

  it('keeps a pool with a rate but no expected end from looking endangered', async () => {
    const exhaustion = {
      expected: false,
      inSeconds: null,
      likelySeconds: null,
      steadyState: 17_000,
      basis: 'timers',
    };
    const screen = await show(incidentLink(incidentSummary({ pools: [incidentPool({ exhaustion })] })));
    expect(figure(screen, 'Time to exhaustion')).toContain('Will not run out');
  });
});

describe('notices', () => {
  async function notices(link: FakeLink): Promise<VueWrapper> {
    mounted = await mountScreen(LinkNotices, link);
    return mounted;
  }

  it('says when the link was lost, when it tries again, and tries now', async () => {
    const link = incidentLink();
    const screen = await notices(link);
    expect(screen.text()).toBe('');
    link.setState({
      kind: 'lost',
      sinceMs: Date.now(),
      retryAtMs: Date.now() + 7900,
      attempt: 3,
      sentence: 'dropped',
    });
    await settle();
    expect(screen.get('[role="alert"]').text()).toMatch(
      /Lost ci-runner-07 at .*Trying again in [78] s, attempt 3/,
    );
    await screen.get('button').trigger('click');
    expect(link.retries).toBe(1);
  });

  it('says how to get a new link when this page is refused', async () => {
    const link = incidentLink();
    const screen = await notices(link);
    link.setState({ kind: 'refused', retryAtMs: null, sentence: null });
    await settle();
    expect(screen.get('[role="alert"]').text()).toContain('open the new address');
  });

  it('S7: says that the sampler stopped for good and starts it again on demand', async () => {
    const link = incidentLink(incidentSummary(), {
      ...RUNNING_SAMPLER,
      state: 'stopped',
      sentence: 'It stopped 5 times in 5 minutes.',
    });
    const screen = await notices(link);
    expect(screen.get('[role="alert"]').text()).toContain('It stopped 5 times in 5 minutes.');
    await screen.get('button').trigger('click');
    await settle();
    expect(link.callsOf('sampling.restart')).toHaveLength(1);
    expect(screen.find('[role="alert"]').exists()).toBe(false);
  });
});
