import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import PaletteScreen from '../../../../renderer/screens/palette/PaletteScreen.vue';
import { useEvidence } from '../../../../renderer/stores/evidence.ts';
import { useImports } from '../../../../renderer/stores/imports.ts';
import { useNavigation } from '../../../../renderer/stores/navigation.ts';
import { evidenceLink } from '../../../support/evidence.ts';
import type { FakeLink } from '../../../support/fake-link.ts';
import { mountScreen, settle } from '../../../support/mount-screen.ts';
import { ListLink, rowsOf } from '../../../support/socket-list.ts';

enableAutoUnmount(afterEach);
afterEach(() => vi.restoreAllMocks());

async function openPalette(typed: string, link: FakeLink = new ListLink(rowsOf(3))) {
  link.respond('sampling.configure', ({ intervalMs = 1000, paused = false }) => ({ intervalMs, paused }));
  const palette = await mountScreen(PaletteScreen, link, { open: true });
  useEvidence().want();
  await settle();
  const field = document.querySelector<HTMLInputElement>('.command-palette input');
  if (!field) throw new Error('The palette did not open');
  field.value = typed;
  field.dispatchEvent(new Event('input'));
  await settle();
  return {
    link,
    palette,
    labels: () => [...document.querySelectorAll('[role="option"] .label')].map((label) => label.textContent),
    enter: async () => {
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      await settle();
    },
  };
}

it('goes to a screen and closes', async () => {
  const { enter, palette } = await openPalette('sockets');
  await enter();
  expect(useNavigation().screen).toBe('sockets');
  expect(palette.emitted('update:open')).toEqual([[false]]);
});

it('filters Sockets by what was typed', async () => {
  const { enter, labels } = await openPalette('32768-40000');
  expect(labels()).toEqual(['port:32768-40000']);
  await enter();
  expect(useNavigation().params).toEqual({ filter: 'port:32768-40000' });
});

it('sets the pace, one of those there are', async () => {
  const { enter, labels, link } = await openPalette('sample every 0.2');
  expect(labels()).toEqual(['Sample every 0.2 s']);
  await enter();
  expect(link.callsOf('sampling.configure')).toEqual([{ intervalMs: 200 }]);
});

it('copies a shell command, runs nothing, and stays to say so', async () => {
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  const { enter, palette } = await openPalette('ip_local_port_range');
  await enter();
  expect(write).toHaveBeenCalledWith('sysctl net.ipv4.ip_local_port_range');
  expect(document.querySelector('[role="option"]')?.textContent).toContain('copied');
  expect(palette.emitted('update:open')).toBeUndefined();
});

it('runs a probe on Evidence, and offers only those that can run as they are', async () => {
  const link = evidenceLink([], {}, new ListLink(rowsOf(3)));
  const { enter, labels } = await openPalette('run', link);
  expect(labels()).toEqual(expect.arrayContaining(['Run ss -tano', 'Run ss -tulnp | wc -l']));
  expect(labels().join()).not.toMatch(/conntrack|proc\/\{pid\}/);
  await enter();
  expect(useNavigation().params).toEqual({ runProbe: 'linux.ss-tan' });
});

it('opens the dialog to paste into', async () => {
  const { enter, labels } = await openPalette('paste output');
  expect(labels()).toEqual(['Paste output…']);
  await enter();
  expect(useImports().pasteOpen).toBe(true);
});

it('leads to the report', async () => {
  const { enter, labels } = await openPalette('incident report');
  expect(labels()).toEqual(['Export incident report…']);
  await enter();
  expect([useNavigation().screen, useNavigation().params]).toEqual(['evidence', { report: true }]);
});
