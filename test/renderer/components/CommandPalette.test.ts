import { enableAutoUnmount, mount } from '@vue/test-utils';
import { afterEach, expect, it } from 'vitest';
import { nextTick } from 'vue';
import CommandPalette from '../../../renderer/components/CommandPalette.vue';
import type { PaletteCommand } from '../../../renderer/components/palette-commands.ts';

enableAutoUnmount(afterEach);
const command = (label: string, more: Partial<PaletteCommand> = {}): PaletteCommand => ({
  id: label,
  label,
  icon: 'search',
  run: () => {},
  ...more,
});
const groups = [
  {
    title: 'Go to',
    commands: [command('Headroom', { words: 'overview' }), command('Port map: ephemeral range')],
  },
  { title: 'Sockets', commands: [command('port:40000-40100', { always: true })] },
  { title: 'Run and copy', commands: [command('ss -s', { copies: 'ss -s' })] },
];

async function openPalette() {
  const palette = mount(CommandPalette, { attachTo: document.body, props: { open: true, groups } });
  await nextTick();
  const field = document.querySelector<HTMLInputElement>('.command-palette input');
  if (!field) throw new Error('The palette did not open');
  return {
    palette,
    field,
    press: async (key: string, more: KeyboardEventInit = {}) => {
      field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
      await nextTick();
    },
    type: async (text: string) => {
      field.value = text;
      field.dispatchEvent(new Event('input'));
      await nextTick();
    },
    labels: () => [...document.querySelectorAll('[role="option"] .label')].map((label) => label.textContent),
    active: () => document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent,
  };
}

it('narrows to what is typed, underlines it, and drops groups without a match', async () => {
  const { type, labels, palette } = await openPalette();
  await type('range');
  expect(labels()).toEqual(['Port map: ephemeral range', 'port:40000-40100']);
  expect(document.querySelector('.command-palette mark')?.textContent).toBe('range');
  expect(
    [...document.querySelectorAll('[role="group"]')].map((group) => group.getAttribute('aria-label')),
  ).toEqual(['Go to', 'Sockets']);
  expect(palette.emitted('search')).toEqual([['range']]);
});

it('finds a command by a word it does not show', async () => {
  const { type, labels } = await openPalette();
  await type('overview');
  expect(labels()[0]).toBe('Headroom');
});

it('runs the first command at Enter, or the one the arrows chose, round the ends', async () => {
  const { press, active, palette } = await openPalette();
  await press('Enter');
  await press('ArrowUp');
  expect(active()).toContain('ss -s');
  await press('Enter');
  const ran = (palette.emitted('run') ?? []).map(([ranCommand]) => (ranCommand as PaletteCommand).label);
  expect(ran).toEqual(['Headroom', 'ss -s']);
});

it('copies only what can be copied', async () => {
  const { press, palette } = await openPalette();
  await press('c', { ctrlKey: true });
  expect(palette.emitted('copy')).toBeUndefined();
  await press('ArrowUp');
  await press('c', { ctrlKey: true });
  expect(palette.emitted('copy')).toHaveLength(1);
});
