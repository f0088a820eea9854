import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import StateChips from '../../../renderer/components/StateChips.vue';

const byState = { TIME_WAIT: 25_330, ESTABLISHED: 2314, FIN_WAIT_1: 3, FIN_WAIT_2: 20, LAST_ACK: 1 };

it('counts every state, related ones together, and presses what is shown', () => {
  const chips = mount(StateChips, { props: { byState, chosen: ['time-wait'], platform: 'linux' } });
  const buttons = chips.findAll('button').map((chip) => `${chip.text()} ${chip.attributes('aria-pressed')}`);
  expect(buttons).toEqual([
    'All 27,668 false',
    'TIME-WAIT 25,330 true',
    'Established 2,314 false',
    'Listen 0 false',
    'CLOSE-WAIT 0 false',
    'FIN-WAIT 23 false',
    'SYN-SENT 0 false',
  ]);
});

it('shows a dash, not a zero, before anything was counted', () => {
  const chips = mount(StateChips, { props: { byState: null, chosen: [], platform: 'linux' } });
  expect(chips.find('button').text()).toBe('All –');
});

it('writes TIME_WAIT as the system does, and says which chip was pressed', async () => {
  const chips = mount(StateChips, { props: { byState, chosen: [], platform: 'win32' } });
  expect(chips.findAll('button')[1]?.text()).toBe('TIME_WAIT 25,330');
  await chips.findAll('button')[5]?.trigger('click');
  expect(chips.emitted('toggle')).toEqual([['fin-wait']]);
});
