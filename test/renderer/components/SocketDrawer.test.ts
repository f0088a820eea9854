import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import SocketDrawer from '../../../renderer/components/SocketDrawer.vue';
import { socketLife } from '../../../renderer/charts/socket-life.ts';
import { aDetail, aRow } from '../../support/socket-list.ts';

function mountDrawer(change: Record<string, unknown> = {}) {
  const row = aRow();
  const props = {
    row,
    detail: aDetail(row),
    closedAtMs: null,
    failure: null,
    holdSeconds: 60,
    scope: 'destination' as const,
    platform: 'linux',
    ...change,
  };
  return mount(SocketDrawer, { props });
}

it('shows the 4-tuple, which port is locked and for how long', () => {
  const drawer = mountDrawer();
  expect(drawer.find('header').text()).toBe('TIME-WAITfree again in 41 s');
  expect(drawer.findAll('.socket-drawer-tuple dd').map((box) => box.text())).toEqual([
    '10.0.2.7',
    '10.0.3.12',
    '47133',
    '443',
  ]);
  expect(drawer.find('[data-locked]').text()).toContain('Local port, locked');
  expect(drawer.text()).toContain('Port 47133 can still reach any other address or port.');
});

it('does not promise other destinations where the whole host shares the port', () => {
  expect(mountDrawer({ scope: 'host' }).text()).toContain('Port 47133 is locked on the whole host');
});

it('stays when the socket is gone, and says since when', () => {
  const drawer = mountDrawer({ closedAtMs: new Date(2026, 10, 20, 14, 32, 48).getTime() });
  expect(drawer.find('[role="status"]').text()).toContain('Closed at 14:32:48.');
  expect(drawer.text()).not.toContain('locked');
});

it('says that it is asking, then why it could not be told', () => {
  expect(mountDrawer({ detail: null }).text()).toContain('Asking the sampler…');
  expect(mountDrawer({ detail: null, failure: 'The sampler stopped.' }).text()).toContain(
    'The sampler stopped.',
  );
});

it('offers no pool for a listening socket, and says why', () => {
  const drawer = mountDrawer({ row: aRow({ state: 'LISTEN', remotePort: 0 }) });
  const button = drawer.findAll('footer button')[1];
  expect([button?.attributes('disabled'), button?.attributes('title')]).toEqual([
    '',
    'A listening socket has no pool',
  ]);
});

it('names the findings that touch it, and opens one', async () => {
  const findings = [{ id: 'a', level: 'critical' as const, title: 'This side closes first' }];
  const drawer = mountDrawer({ findings });
  expect(drawer.get('.findings').text()).toBe('This side closes first');
  await drawer.get('.findings button').trigger('click');
  expect(drawer.emitted('finding')).toEqual([['a']]);
  expect(mountDrawer().find('.findings').exists()).toBe(false);
});

describe('the life of a connection', () => {
  const facts = { row: aRow(), openSeconds: 3.6, holdSeconds: 60, isGone: false, platform: 'linux' };

  it('in TIME_WAIT: open, locked until now, locked from now on', () => {
    const life = socketLife(facts);
    expect(life.stretches.map(({ kind, certainty }) => `${kind} ${certainty}`)).toEqual([
      'est seen',
      'tw seen',
      'tw ahead',
    ]);
    expect(life.now).toBeCloseTo(0.3 + 0.7 * (19 / 60), 5);
    expect(life.sentence).toBe('Open for 3.6 s, then TIME-WAIT for 60 s: 41 s left');
  });

  it('draws what no sample saw as not seen, and no now without a timer', () => {
    const life = socketLife({ ...facts, openSeconds: null, row: aRow({ timerSeconds: null }) });
    expect(life.stretches[0]?.certainty).toBe('unseen');
    expect([life.now, life.ahead]).toEqual([null, '']);
  });

  it('of an open socket ends at now; an age that is a minimum begins before the first sample', () => {
    const row = aRow({
      state: 'ESTABLISHED',
      ageSeconds: 41,
      ageIsMinimum: true,
      timer: 'none',
      timerSeconds: null,
    });
    const life = socketLife({ ...facts, row });
    expect(life.stretches.map(({ certainty }) => certainty)).toEqual(['unseen', 'seen']);
    expect(life.sentence).toBe('Established, at least 41 s');
  });
});
