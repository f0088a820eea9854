import type { VueWrapper } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CallResult } from '../../../../preload/contract.ts';
import { LinkError } from '../../../../renderer/link/link.ts';
import WhatIfScreen from '../../../../renderer/screens/what-if/WhatIfScreen.vue';
import type { FakeLink } from '../../../support/fake-link.ts';
import { mountScreen, settle } from '../../../support/mount-screen.ts';
import { answerWhatIf, whatIfLink } from '../../../support/what-if.ts';

let mounted: VueWrapper | null = null;
afterEach(() => {
  mounted?.unmount();
  mounted = null;
});

async function show(link: FakeLink = whatIfLink()): Promise<VueWrapper> {
  mounted = await mountScreen(WhatIfScreen, link);
  await settle();
  return mounted;
}
const slider = (screen: VueWrapper, name: string) => screen.get(`[role="slider"][aria-label="${name}"]`);
const box = (screen: VueWrapper, name: string) => screen.get<HTMLInputElement>(`input[aria-label="${name}"]`);
const verdict = (screen: VueWrapper) => screen.get('[aria-label="Verdict"] p').text();
const button = (screen: VueWrapper, words: string) => {
  const found = screen.findAll('button').find((one) => one.text().includes(words));
  if (!found) throw new Error(`There is no button "${words}"`);
  return found;
};
const asked = (link: FakeLink) => link.callsOf('whatif.evaluate').at(-1)?.input;
async function type(screen: VueWrapper, name: string, text: string): Promise<void> {
  await box(screen, name).setValue(text);
  await settle();
}
async function press(screen: VueWrapper, name: string, key: string): Promise<void> {
  await slider(screen, name).trigger('keydown', { key });
  await settle();
}

describe('the answer', () => {
  it('says when it runs out, what it holds, and the arithmetic below', async () => {
    const screen = await show();
    expect(verdict(screen)).toMatch(/600 connections\/s .*47 s.*470\/s/);
    expect(screen.get('[aria-label="Verdict"] .meta').text()).toMatch(/36,000 ports.*28,232/);
    expect(screen.get('[aria-label="Verdict"] [role="img"]').attributes('aria-label')).toBe('Warning');
  });

  it('lists what would make it fit, and says what does not help', async () => {
    const screen = await show();
    const options = screen.get('.what-if-options').text();
    expect(options).toContain('Keep-alive');
    const useless = screen.findAll('.what-if-options li').filter((item) => item.find('.useless').exists());
    expect(useless.map((item) => item.text())).toEqual([expect.stringMatching(/tcp_fin_timeout.*no effect/)]);
  });

  it('compares every profile and the middleboxes at the same load', async () => {
    const screen = await show();
    const names = screen.findAll('.what-if-profiles tbody button').map((name) => name.text());
    expect(names).toEqual(expect.arrayContaining(['Linux', 'macOS', 'FreeBSD', 'AWS NAT gateway']));
    expect(screen.get('.what-if-profiles [data-chosen]').text()).toMatch(/^Linux ?selected/);
  });

  it('says why there is none, and asks again on demand', async () => {
    const link = whatIfLink().respond('whatif.evaluate', () => {
      throw new LinkError('timed-out', 'The workbench did not answer.');
    });
    const screen = await show(link);
    expect(screen.get('[role="alert"]').text()).toContain('The workbench did not answer.');
    link.respond('whatif.evaluate', (args) => answerWhatIf(args));
    await button(screen, 'Try again').trigger('click');
    await settle();
    expect(screen.find('.notice-banner').exists()).toBe(false);
    expect(verdict(screen)).toContain('600');
  });

  it('keeps the last answer and asks the newest question next, one at a time', async () => {
    const link = whatIfLink();
    const screen = await show(link);
    const release: (() => void)[] = [];
    link.respond(
      'whatif.evaluate',
      (args) =>
        new Promise<CallResult<'whatif.evaluate'>>((resolve) => {
          release.push(() => resolve(answerWhatIf(args)));
        }),
    );
    const before = link.callsOf('whatif.evaluate').length;
    for (const text of ['700', '800', '900']) await type(screen, 'New connections per second, /s', text);
    expect(
      link
        .callsOf('whatif.evaluate')
        .slice(before)
        .map(({ input }) => input.ratePerSecond),
    ).toEqual([700]);
    expect(verdict(screen)).toContain('600');
    release.shift()?.();
    await settle();
    await settle();
    expect(
      link
        .callsOf('whatif.evaluate')
        .slice(before)
        .map(({ input }) => input.ratePerSecond),
    ).toEqual([700, 900]);
    release.shift()?.();
    await settle();
    await settle();
    expect(verdict(screen)).toContain('900');
  });
});

describe('inputs', () => {
  it('moves a slider by one step with the arrows and by ten with Page', async () => {
    const link = whatIfLink();
    const screen = await show(link);
    await press(screen, 'New connections per second', 'ArrowRight');
    expect(asked(link)?.ratePerSecond).toBe(610);
    await press(screen, 'New connections per second', 'PageUp');
    expect(asked(link)?.ratePerSecond).toBe(710);
    await press(screen, 'Hold time after close', 'ArrowLeft');
    expect(asked(link)?.timeWaitSeconds).toBe(59);
    await press(screen, 'Hold time after close', 'PageDown');
    expect(asked(link)?.timeWaitSeconds).toBe(49);
    await press(screen, 'Destinations, address and port', 'End');
    expect(asked(link)?.destinations).toBe(16);
  });

  it('keeps the two ends of the range from crossing', async () => {
    const link = whatIfLink();
    const screen = await show(link);
    await press(screen, 'Last port', 'Home');
    expect(asked(link)?.range).toEqual({ first: 32_768, last: 32_768 });
    await press(screen, 'First port', 'PageUp');
    expect(asked(link)?.range).toEqual({ first: 32_768, last: 32_768 });
  });

  it('refuses a value out of range at its field, keeps what was typed and the last answer', async () => {
    const screen = await show();
    await type(screen, 'New connections per second, /s', '-5');
    const field = box(screen, 'New connections per second, /s');
    expect(field.element.value).toBe('-5');
    expect(field.attributes('aria-invalid')).toBe('true');
    const described = field.attributes('aria-describedby') ?? '';
    expect(document.getElementById(described)?.textContent).toMatch(/^Rate .*must be .* not -5/);
    expect(verdict(screen)).toContain('600');
    await type(screen, 'New connections per second, /s', '1,500');
    expect(field.attributes('aria-invalid')).toBeUndefined();
    expect(verdict(screen)).toContain('1,500');
  });

  it('leaves a refusal at the field that caused it while others change', async () => {
    const screen = await show();
    await type(screen, 'Hold time after close, s', '0');
    await type(screen, 'Source addresses', '2');
    expect(screen.get('[aria-label="Hold time after close"] [role="alert"]').text()).toMatch(/TIME_WAIT/);
    expect(screen.find('[aria-label="Source addresses"] [role="alert"]').exists()).toBe(false);
  });

  it('asks nothing of a text that is no number, says so and keeps it', async () => {
    const link = whatIfLink();
    const screen = await show(link);
    const before = link.callsOf('whatif.evaluate').length;
    await type(screen, 'Source addresses', 'two');
    expect(screen.get('[aria-label="Source addresses"] [role="alert"]').text()).toBe(
      '“two” is not a number.',
    );
    await box(screen, 'Source addresses').trigger('blur');
    expect(box(screen, 'Source addresses').element.value).toBe('two');
    expect(link.callsOf('whatif.evaluate')).toHaveLength(before);
  });

  it('opens the rarer inputs in place and asks with them', async () => {
    const link = whatIfLink();
    const screen = await show(link);
    await button(screen, 'Advanced').trigger('click');
    await type(screen, 'Requests per connection', '10');
    await type(screen, 'Connection life, s', '1.5');
    await type(screen, 'This host closes first, %', '25');
    await type(screen, 'Pool size', '20');
    await screen.get('.reserved input').setValue('40000-40009');
    await settle();
    expect(asked(link)).toMatchObject({
      requestsPerConnection: 10,
      holdSeconds: 1.5,
      activeCloseShare: 0.25,
      reservedPorts: '40000-40009',
      limits: { connectionPool: 20 },
    });
    expect(screen.get('.fit-panel').text()).toContain('the first to bind on top');
    await type(screen, 'Pool size', '');
    expect(asked(link)?.limits.connectionPool).toBeNull();
  });

  it('shows a refusal whose field is hidden at the foot of the panel', async () => {
    const screen = await show();
    await button(screen, 'Advanced').trigger('click');
    await screen.get('.reserved input').setValue('banana');
    await settle();
    await button(screen, 'Advanced').trigger('click');
    expect(screen.get('.what-if-inputs .fields > .error').text()).toMatch(/Reserved ports/);
  });

  it('takes a profile’s settings with one press and leaves the load', async () => {
    const link = whatIfLink();
    const screen = await show(link);
    await type(screen, 'New connections per second, /s', '90');
    await press(screen, 'Hold time after close', 'ArrowLeft');
    await button(screen, 'macOS').trigger('click');
    await settle();
    expect(asked(link)).toMatchObject({ profileId: 'macos', ratePerSecond: 90, timeWaitSeconds: null });
    expect(box(screen, 'First port').element.value).toBe('49152');
    expect(box(screen, 'Hold time after close, s').element.value).toBe('30');
  });

  it('asks for ports instead of a range where a provider hands out a part', async () => {
    const screen = await show();
    await button(screen, 'Azure Load Balancer').trigger('click');
    await settle();
    expect(box(screen, 'Ports of one pool').element.value).toBe('1,024');
    expect(screen.find('input[aria-label="First port"]').exists()).toBe(false);
  });

  it('takes this host’s live values, and lets go of them with Reset', async () => {
    const link = whatIfLink();
    const screen = await show(link);
    await button(screen, 'Use this host').trigger('click');
    await settle();
    expect(asked(link)).toMatchObject({ profileId: 'this-machine', inUse: 25_691 });
    await button(screen, 'Reset').trigger('click');
    await settle();
    expect(asked(link)).toMatchObject({ profileId: 'linux', ratePerSecond: 600, inUse: 0 });
  });

  it('keeps its fields while this host’s values are on their way', async () => {
    const link = whatIfLink();
    const screen = await show(link);
    const field = box(screen, 'First port').element;
    let release: (() => void) | null = null;
    link.respond(
      'whatif.evaluate',
      (args) => new Promise((done) => (release = () => done(answerWhatIf(args)))),
    );
    await button(screen, 'Use this host').trigger('click');
    await settle();
    expect(box(screen, 'First port').element).toBe(field);
    (release as (() => void) | null)?.();
    await settle();
    expect(screen.get('.what-if-profiles [data-chosen]').text()).toContain('ci-runner-07');
  });

  it('lets no late values of this host replace what was set meanwhile', async () => {
    const link = whatIfLink();
    const screen = await show(link);
    const catalogue = await link.call('whatif.profiles', {});
    let release: (() => void) | null = null;
    link.respond('whatif.profiles', () => new Promise((done) => (release = () => done(catalogue))));
    await button(screen, 'Use this host').trigger('click');
    await type(screen, 'New connections per second, /s', '700');
    (release as (() => void) | null)?.();
    await settle();
    expect(asked(link)).toMatchObject({ profileId: 'linux', ratePerSecond: 700 });
  });

  it('cannot take this host’s values before the first sample, and says so', async () => {
    const screen = await show(whatIfLink(null));
    const take = button(screen, 'Use this host');
    expect(take.attributes('disabled')).toBeDefined();
    expect(take.attributes('title')).toBe('There is no sample of this host yet');
  });
});

describe('what is taken away', () => {
  it('copies the answer as text, as JSON and as a link', async () => {
    const copied: string[] = [];
    vi.stubGlobal('navigator', { clipboard: { writeText: async (text: string) => void copied.push(text) } });
    const screen = await show();
    await type(screen, 'New connections per second, /s', '900');
    for (const name of ['Copy text', 'JSON', 'Copy link']) await button(screen, name).trigger('click');
    vi.unstubAllGlobals();
    const [text = '', json = '', link = ''] = copied;
    expect(text).toContain('At 900 connections/s');
    expect(text).toMatch(/- macOS: 16,384 ports ÷ 30 s, holds 546\/s/);
    expect(JSON.parse(json)).toMatchObject({ input: { ratePerSecond: 900 }, result: { capacity: 28_232 } });
    expect(link).toMatch(/#what-if\?rate=900$/);
  });
});
