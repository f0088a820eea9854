import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import ReportPanel from '../../../../renderer/screens/evidence/ReportPanel.vue';
import { useNavigation } from '../../../../renderer/stores/navigation.ts';
import { incidentLink, mountScreen, settle } from '../../../support/mount-screen.ts';

enableAutoUnmount(afterEach);
const saved: string[] = [];
beforeEach(() => {
  saved.length = 0;
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
});
afterEach(() => vi.restoreAllMocks());

const TEXT = '# TCP ports of [host-1]\n\n**CRITICAL** — a\\_b\n';

async function open() {
  const link = incidentLink()
    .respond('report.create', ({ format, redact }) => ({
      reportId: `${format} ${redact.join(' ')}`,
      name: `fourtuple-vm.${format}`,
      totalCharacters: TEXT.length,
    }))
    .respond('report.piece', () => ({ text: TEXT, nextOffset: null }));
  const panel = await mountScreen(ReportPanel, link);
  await settle();
  const box = (label: string) => {
    const found = panel.findAll('.check-box').find((one) => one.text() === label);
    if (!found) throw new Error(`There is no box "${label}"`);
    return found.get<HTMLInputElement>('input');
  };
  return { link, panel, box };
}

it('shows how the report begins, without its marks', async () => {
  const { panel } = await open();
  expect(panel.get('.report-preview').text()).toContain('TCP ports of [host-1]');
  expect(panel.get('.report-preview').text()).toContain('CRITICAL — a_b');
});

it('begins anew with what is to be hidden', async () => {
  const { link, box } = await open();
  await box('Hide addresses').setValue(true);
  await settle();
  expect(link.callsOf('report.create').map(({ redact }) => redact)).toEqual([[], ['addresses']]);
});

it('offers no pictures in Markdown, and says why', async () => {
  const { panel, box } = await open();
  expect(box('Pictures of the trend').element.checked).toBe(true);
  await panel.findAll('[role="radio"]')[1]?.trigger('click');
  const pictures = box('Pictures of the trend').element;
  expect([pictures.disabled, pictures.checked]).toEqual([true, false]);
  expect(pictures.closest('label')?.title).toBe('Text has no pictures');
});

it('saves the report under its name and says so', async () => {
  const { link, panel } = await open();
  await panel.get('.export').trigger('click');
  await settle();
  expect(link.callsOf('report.create').at(-1)).toEqual({
    format: 'html',
    redact: [],
    include: { transcripts: true, pictures: true, sockets: false },
  });
  expect(saved).toEqual(['fourtuple-vm.html']);
  expect(panel.get('[role="status"]').text()).toBe(`Saved fourtuple-vm.html, ${TEXT.length} B`);
});

it('says why nothing was saved', async () => {
  const { link, panel } = await open();
  link.respond('report.create', () => {
    throw new Error('The sampler is busy.');
  });
  await panel.get('.export').trigger('click');
  await settle();
  expect(panel.get('[role="status"]').text()).toBe('The sampler is busy.');
  expect(saved).toEqual([]);
});

it('takes the keys when it was asked for', async () => {
  const { panel } = await open();
  useNavigation().go('evidence', { report: true });
  await vi.waitFor(() => expect(document.activeElement).toBe(panel.get('.export').element));
});
