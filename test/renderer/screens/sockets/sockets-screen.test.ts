import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LinkError } from '../../../../renderer/link/link.ts';
import SocketsScreen from '../../../../renderer/screens/sockets/SocketsScreen.vue';
import { useNavigation } from '../../../../renderer/stores/navigation.ts';
import { useSockets } from '../../../../renderer/stores/sockets.ts';
import { mountScreen, settle } from '../../../support/mount-screen.ts';
import { aGroup, aRow, ListLink, rowsOf } from '../../../support/socket-list.ts';

enableAutoUnmount(afterEach);
beforeEach(() => {
  localStorage.clear();
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(270);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(270);
});
afterEach(() => vi.restoreAllMocks());

async function openScreen(link = new ListLink([aGroup(), ...rowsOf(30)])) {
  const screen = await mountScreen(SocketsScreen, link);
  const grid = () => screen.find('.data-grid');
  return {
    link,
    screen,
    sockets: useSockets(),
    navigation: useNavigation(),
    key: async (key: string, more: KeyboardEventInit = {}) => {
      await grid().trigger('keydown', { key, ...more });
      await settle();
    },
    press: async (name: string) => {
      const button = screen.findAll('button').find((candidate) => candidate.text() === name);
      await button?.trigger('click');
      await settle();
    },
    /** Typing rests, then the answer comes. */
    rest: async () => {
      await new Promise((done) => setTimeout(done, 100));
      await settle();
    },
  };
}

describe('the list', () => {
  it('shows what matches, of how many, and when that was', async () => {
    const { screen } = await openScreen();
    expect(screen.findAll('[role="row"]').length).toBeGreaterThan(10);
    expect(screen.find('.sockets-foot').text()).toMatch(/^30 of 27,743 sockets match/);
  });

  it('leaves nothing behind when it is closed', async () => {
    const { screen, link } = await openScreen();
    screen.unmount();
    const before = link.callsOf('sockets.query').length;
    link.sample();
    await settle();
    expect(link.callsOf('sockets.query')).toHaveLength(before);
  });

  it('filters by what another screen asked for', async () => {
    const { navigation, screen, sockets } = await openScreen();
    navigation.go('sockets', { filter: 'dst:10.0.3.12:443' });
    await settle();
    expect(sockets.filter).toBe('dst:10.0.3.12:443');
    expect(screen.find('.filter-bar-term').text()).toBe('dst:10.0.3.12:443');
  });

  it('isolates a state by its digit, again shows all, and toggles by its chip', async () => {
    const { sockets } = await openScreen();
    window.dispatchEvent(new KeyboardEvent('keydown', { key: '3' }));
    expect(sockets.filter).toBe('state:listen');
    window.dispatchEvent(new KeyboardEvent('keydown', { key: '3' }));
    expect(sockets.filter).toBe('');
  });

  it('filters to, and away from, the value under the cursor', async () => {
    const { key, sockets } = await openScreen();
    await key('ArrowDown');
    await key('f');
    expect(sockets.filter).toBe('state:time-wait');
    sockets.setFilter('');
    await key('ArrowDown');
    await key('ArrowDown');
    await key('F', { shiftKey: true });
    expect(sockets.filter).toMatch(/^-state:time-wait$/);
  });
});

describe('details', () => {
  async function opened() {
    const mounted = await openScreen();
    mounted.sockets.select(3);
    await settle();
    await mounted.key('Enter');
    return mounted;
  }

  it('open at Enter, follow the selection and close at Esc', async () => {
    const { screen, key } = await opened();
    expect(screen.find('.socket-drawer').text()).toContain('40002');
    await key('ArrowDown');
    expect(screen.find('.socket-drawer').text()).toContain('40003');
    await key('Escape');
    expect(screen.find('.socket-drawer').exists()).toBe(false);
  });

  it('stay with a banner when the socket is gone', async () => {
    const { screen, link } = await opened();
    link.lines = link.lines.filter(({ key }) => key !== 'c:2');
    link.sample();
    await settle();
    await settle();
    expect(screen.find('.socket-drawer').text()).toMatch(/Closed at \d\d:\d\d:\d\d/);
    expect(screen.find('.socket-drawer').text()).toContain('40002');
  });

  it('lead to the port map and to the pool', async () => {
    const { press, navigation, sockets } = await opened();
    await press('Only this pool');
    expect(sockets.filter).toBe('src:10.0.2.7 dst:10.0.3.12:443');
    await press('Show on port map');
    expect([navigation.screen, navigation.params]).toEqual([
      'headroom',
      { port: 40_002, poolKey: '10.0.2.7>10.0.3.12:443' },
    ]);
  });

  it('step to the next socket, over headings', async () => {
    const { screen, sockets } = await openScreen(
      new ListLink([aRow({ key: 'a', localPort: 1 }), aGroup(), aRow({ key: 'b', localPort: 2 })]),
    );
    sockets.select(0);
    await settle();
    await screen.find('.data-grid').trigger('keydown', { key: 'Enter' });
    await settle();
    await screen.find('[aria-label="Next socket"]').trigger('click');
    expect(sockets.selectedKey).toBe('b');
  });
});

describe('states', () => {
  it('reading: says so before the first answer', async () => {
    const link = new ListLink([]);
    link.respond('sockets.query', () => new Promise(() => {}));
    const { screen } = await openScreen(link);
    expect(screen.text()).toContain('Reading sockets…');
  });

  it('failed: says why and tries again', async () => {
    const link = new ListLink(rowsOf(3));
    link.respond('sockets.query', () => Promise.reject(new LinkError('gone', 'The sampler stopped.')));
    const { screen, press } = await openScreen(link);
    expect(screen.text()).toContain('The sampler stopped.');
    link.respond('sockets.query', (args) => link.window(args));
    await press('Try again');
    expect(screen.find('.data-grid').exists()).toBe(true);
  });

  it('keeps the last rows under a failure that comes later', async () => {
    const { screen, link } = await openScreen();
    link.respond('sockets.query', () => Promise.reject(new LinkError('gone', 'The sampler stopped.')));
    link.sample();
    await settle();
    expect(screen.find('.data-grid').exists()).toBe(true);
    expect(screen.find('[role="alert"]').text()).toContain('The sampler stopped.');
  });

  it('no match: says which filter and clears it', async () => {
    const { screen, link, sockets, press, rest } = await openScreen();
    link.lines = [];
    sockets.setFilter('process:zzz');
    await rest();
    expect(screen.find('.empty-state').text()).toContain('process:zzz');
    await press('Clear the filter');
    expect(sockets.filter).toBe('');
  });

  it('frozen: says since when, and goes live again', async () => {
    const { screen, press, link } = await openScreen();
    await press('Freeze');
    expect(screen.find('.frozen').text()).toMatch(/^Frozen at \d\d:\d\d:\d\d\./);
    await press('Resume live');
    expect(screen.find('.frozen').exists()).toBe(false);
    expect(link.callsOf('sockets.unpin')).toHaveLength(1);
  });
});

describe('copies', () => {
  it('Ctrl C copies the command that shows the row again', async () => {
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    const { key, sockets, screen } = await openScreen();
    sockets.select(3);
    await settle();
    await key('c', { ctrlKey: true });
    expect(write).toHaveBeenCalledWith("ss -tano 'src = 10.0.2.7:47133'");
    expect(screen.find('.sockets-foot').text()).toContain('Copied: ss -tano');
  });

  it('exports everything that matches as a file', async () => {
    const { link, press, screen } = await openScreen();
    const files: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      files.push(this.download);
    });
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x');
    link.respond('sockets.export', () => ({ csv: 'state\r\n', nextOffset: null, matching: 30 }));
    await press('Export CSV');
    await settle();
    expect(files).toEqual([expect.stringMatching(/^fourtuple-sockets-\d{8}-\d{6}\.csv$/)]);
    expect(screen.find('.sockets-foot').text()).toContain('Exported 30 rows');
  });
});
