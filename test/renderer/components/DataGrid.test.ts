import { enableAutoUnmount, mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import DataGrid from '../../../renderer/components/DataGrid.vue';
import { columnsOf } from '../../../renderer/components/data-grid-columns.ts';
import { aGroup, aRow, rowsOf } from '../../support/socket-list.ts';

enableAutoUnmount(afterEach);
// happy-dom lays nothing out: every element is as high as a table of 30 rows.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(750);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(750);
});
afterEach(() => vi.restoreAllMocks());

async function mountGrid(change: Record<string, unknown> = {}) {
  const grid = mount(DataGrid, {
    attachTo: document.body,
    props: {
      label: 'Sockets',
      count: 1000,
      lines: rowsOf(200),
      offset: 0,
      columns: columnsOf(['state', 'local', 'remote', 'process', 'pid', 'age', 'timer', 'uid', 'owner']),
      sort: { column: 'age' as const, descending: false },
      selectedKey: null,
      selectedIndex: null,
      question: 0,
      holdSeconds: 60,
      platform: 'linux',
      ...change,
    },
  });
  await nextTick();
  await nextTick();
  return grid;
}

describe('what is drawn', () => {
  it('draws the rows near the viewport of any number, and says how many there are', async () => {
    const grid = await mountGrid({ count: 1_000_000 });
    expect(grid.attributes('aria-rowcount')).toBe('1000001');
    const rows = grid.findAll('.data-grid-row');
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.length).toBeLessThan(60);
    expect(rows[0]?.attributes('aria-rowindex')).toBe('2');
    expect(grid.find('.rows').attributes('style')).toContain('24000000px');
    expect(grid.emitted('seen')?.[0]?.[0]).toBe(0);
  });

  it('writes a socket as its row: state, 4-tuple, owner, age, time left', async () => {
    const grid = await mountGrid({ count: 1, lines: [aRow()] });
    const cells = grid.findAll('[role="gridcell"]').map((cell) => cell.text());
    const expected = [
      'TIME-WAIT',
      '10.0.2.7:47133',
      '10.0.3.12:443',
      'python3',
      '4312',
      '19 s',
      '41 s left',
      '998',
    ];
    expect(cells).toEqual([...expected, 'seen']);
  });

  it('T2: shows a hostile process name as text', async () => {
    const grid = await mountGrid({ count: 1, lines: [aRow({ process: '<img src=x onerror=alert(1)>' })] });
    expect(grid.find('img').exists()).toBe(false);
    expect(grid.text()).toContain('<img src=x onerror=alert(1)>');
  });

  it('S8: an owner that may not be read and one that is unknown are different words', async () => {
    const hidden = aRow({ process: null, pid: null, ownerHidden: true, confidence: 'unknown' });
    const unknown = aRow({ key: 'c:2', process: null, pid: null, confidence: 'unknown' });
    const grid = await mountGrid({ count: 2, lines: [hidden, unknown] });
    const [first, second] = grid.findAll('.data-grid-row');
    expect(first?.text()).toContain('not permitted');
    expect(second?.text()).not.toContain('not permitted');
  });

  it('leaves a line that is not loaded blank', async () => {
    const grid = await mountGrid({ lines: rowsOf(10), offset: 500 });
    expect(grid.find('.data-grid-row').text()).toBe('');
  });
});

describe('headings', () => {
  it('name the order of the column that is sorted by, and sort when pressed', async () => {
    const grid = await mountGrid({ sort: { column: 'pid', descending: true } });
    const sorted = grid.findAll('[role="columnheader"]').filter((head) => head.attributes('aria-sort'));
    expect(sorted.map((head) => [head.text(), head.attributes('aria-sort')])).toEqual([
      ['PID', 'descending'],
    ]);
    await grid.find('[role="columnheader"] button').trigger('click');
    expect(grid.emitted('sort')).toEqual([['state']]);
  });

  it('of groups say how many, what share, and fold', async () => {
    const grid = await mountGrid({ count: 1, lines: [aGroup({ collapsed: true })] });
    expect(grid.find('.data-grid-group').text()).toContain('TIME-WAIT24,168');
    expect(grid.find('.data-grid-group').text()).toContain('94%');
    const button = grid.find('.data-grid-group button');
    expect(button.attributes('aria-expanded')).toBe('false');
    await button.trigger('click');
    expect(grid.emitted('toggle')).toEqual([['state:TIME_WAIT']]);
  });
});

describe('keys', () => {
  const selected = { selectedKey: 'c:5', selectedIndex: 5 };

  it.each([
    ['ArrowDown', 6],
    ['ArrowUp', 4],
    ['PageDown', 34],
    ['Home', 0],
    ['End', 999],
  ])('%s selects line %d', async (key, index) => {
    const grid = await mountGrid(selected);
    await grid.trigger('keydown', { key });
    expect(grid.emitted('select')).toEqual([[index]]);
  });

  it('Enter opens, Esc closes, M shows on the map, Ctrl C copies', async () => {
    const grid = await mountGrid(selected);
    for (const init of [{ key: 'Enter' }, { key: 'Escape' }, { key: 'm' }, { key: 'c', ctrlKey: true }]) {
      await grid.trigger('keydown', init);
    }
    const row = expect.objectContaining({ key: 'c:5' }) as unknown;
    expect(grid.emitted('open')).toHaveLength(1);
    expect(grid.emitted('close')).toHaveLength(1);
    expect([grid.emitted('map'), grid.emitted('copy')]).toEqual([[[row]], [[row]]]);
  });

  it('F and Shift F narrow by the cell under the cursor, which the arrows move', async () => {
    const grid = await mountGrid(selected);
    await grid.trigger('keydown', { key: 'ArrowRight' });
    await grid.trigger('keydown', { key: 'ArrowRight' });
    await grid.trigger('keydown', { key: 'f' });
    await grid.trigger('keydown', { key: 'F', shiftKey: true });
    const row = expect.objectContaining({ key: 'c:5' }) as unknown;
    expect(grid.emitted('narrow')).toEqual([
      [row, 'remote', false],
      [row, 'remote', true],
    ]);
    expect(grid.attributes('aria-activedescendant')).toMatch(/-5-2$/);
  });

  it('on a group, right unfolds and left folds', async () => {
    const line = aGroup({ collapsed: true });
    const grid = await mountGrid({ count: 1, lines: [line], selectedKey: line.key, selectedIndex: 0 });
    await grid.trigger('keydown', { key: 'ArrowLeft' });
    expect(grid.emitted('toggle')).toBeUndefined();
    await grid.trigger('keydown', { key: 'ArrowRight' });
    expect(grid.emitted('toggle')).toEqual([[line.key]]);
  });

  it('leaves keys that it does not know to the page', async () => {
    const grid = await mountGrid(selected);
    const event = new KeyboardEvent('keydown', { key: '1', cancelable: true });
    grid.element.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(false);
  });
});

describe('new data', () => {
  it('does not move the selected row on screen: the list scrolls by as much as the row moved', async () => {
    const grid = await mountGrid({ selectedKey: 'c:5', selectedIndex: 5 });
    grid.element.scrollTop = 48;
    await grid.setProps({
      lines: [aRow({ key: 'n:1' }), aRow({ key: 'n:2' }), ...rowsOf(198)],
      selectedIndex: 7,
    });
    await nextTick();
    expect(grid.element.scrollTop).toBe(96);
    expect(grid.find('[aria-selected="true"]').attributes('aria-rowindex')).toBe('9');
  });

  it('does not scroll for a selected row that cannot be seen', async () => {
    const grid = await mountGrid({ selectedKey: 'c:100', selectedIndex: 100 });
    await grid.setProps({ selectedIndex: 120 });
    await nextTick();
    expect(grid.element.scrollTop).toBe(0);
  });

  it('starts at its top for another question', async () => {
    const grid = await mountGrid();
    grid.element.scrollTop = 480;
    await grid.setProps({ question: 1 });
    expect(grid.element.scrollTop).toBe(0);
  });
});
