import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import ImportBanner from '../../../../renderer/screens/import/ImportBanner.vue';
import ImportLayer from '../../../../renderer/screens/import/ImportLayer.vue';
import { useImports } from '../../../../renderer/stores/imports.ts';
import { useWorkbench } from '../../../../renderer/stores/workbench.ts';
import { aReport, importedSummary, importLink } from '../../../support/imports.ts';
import { mountScreen, settle } from '../../../support/mount-screen.ts';

enableAutoUnmount(afterEach);

/** happy-dom gives events no files: they are put on by hand. */
function aDrag(name: string, files: File[], types = ['Files']): Event {
  const event = new Event(name, { bubbles: true, cancelable: true });
  return Object.assign(event, { dataTransfer: { types, files, dropEffect: 'none' } });
}
function aPaste(text: string, files: File[] = []): Event {
  const event = new Event('paste', { bubbles: true, cancelable: true });
  return Object.assign(event, { clipboardData: { files, getData: () => text } });
}
const aFile = () => new File(['TCP\n'], 'netstat.txt', { lastModified: 1000 });

describe('files over the window', () => {
  it('are welcomed, and read when they are dropped', async () => {
    const link = importLink();
    const layer = await mountScreen(ImportLayer, link);
    document.body.dispatchEvent(aDrag('dragenter', []));
    await settle();
    expect(layer.find('.import-drop').text()).toContain('Drop to read it here');
    const drop = aDrag('drop', [aFile()]);
    document.body.dispatchEvent(drop);
    await settle();
    expect([drop.defaultPrevented, layer.find('.import-drop').exists()]).toEqual([true, false]);
    await expect.poll(() => useWorkbench().imported?.files[0]?.name).toBe('netstat.txt');
    expect(link.callsOf('import.begin')[0]?.files).toEqual([
      { name: 'netstat.txt', modifiedAtMs: 1000, bytes: 4 },
    ]);
  });

  it('E5: never make the browser leave the page, whatever is dropped', async () => {
    await mountScreen(ImportLayer, importLink());
    const drop = aDrag('drop', [], ['text/uri-list']);
    document.body.dispatchEvent(drop);
    expect(drop.defaultPrevented).toBe(true);
  });

  it('let go of the welcome when they are taken away again', async () => {
    const layer = await mountScreen(ImportLayer, importLink());
    for (const name of ['dragenter', 'dragenter', 'dragleave']) document.body.dispatchEvent(aDrag(name, []));
    await settle();
    expect(layer.find('.import-drop').exists()).toBe(true);
    document.body.dispatchEvent(aDrag('dragleave', []));
    await settle();
    expect(layer.find('.import-drop').exists()).toBe(false);
  });
});

describe('text that is pasted', () => {
  it('opens the dialog with it, and is read on demand', async () => {
    const link = importLink();
    await mountScreen(ImportLayer, link);
    document.body.dispatchEvent(aPaste('  TCP 0.0.0.0:135 LISTENING\n'));
    await settle();
    const field = document.querySelector('textarea');
    expect(field?.value).toBe('  TCP 0.0.0.0:135 LISTENING\n');
    expect(document.activeElement).toBe(field);
    [...document.querySelectorAll('button')].find((button) => button.textContent === 'Read it')?.click();
    await expect.poll(() => useWorkbench().imported !== null).toBe(true);
    expect(link.callsOf('import.begin')[0]?.files).toEqual([
      { name: 'pasted text', modifiedAtMs: null, bytes: 28 },
    ]);
  });

  it('is left to the field it was pasted into', async () => {
    await mountScreen(ImportLayer, importLink());
    const field = document.createElement('input');
    document.body.append(field);
    const paste = aPaste('10.0.0.1');
    field.dispatchEvent(paste);
    await settle();
    expect([paste.defaultPrevented, useImports().pasteOpen]).toEqual([false, false]);
    field.remove();
  });
});

describe('the report', () => {
  const words = () => document.querySelector('.import-dialog')?.textContent ?? '';

  it('asks which system the files are from', async () => {
    const choices = [
      { id: 'macos', name: 'macOS' },
      { id: 'freebsd', name: 'FreeBSD' },
    ];
    const link = importLink(({ profileId }) =>
      profileId === null ? aReport({ opened: false, choices, sentence: 'It does not say.' }) : aReport(),
    );
    await mountScreen(ImportLayer, link);
    await useImports().open([{ name: 'a', modifiedAtMs: null, content: new Blob(['x']) }]);
    await settle();
    expect(words()).toContain('Which system is this from?');
    [...document.querySelectorAll('button')].find((button) => button.textContent === 'FreeBSD')?.click();
    await expect.poll(() => useImports().state.kind).toBe('idle');
    expect(link.callsOf('import.finish').at(-1)?.profileId).toBe('freebsd');
  });

  it('names the lines that were not understood', async () => {
    await mountScreen(
      ImportLayer,
      importLink(() => aReport({ problemCount: 2 })),
    );
    await useImports().open([{ name: 'a', modifiedAtMs: null, content: new Blob(['x']) }]);
    await settle();
    expect(words()).toMatch(
      /Read, with lines not understood.*2 lines not understood.*7.*no state in it.*1 more line/s,
    );
  });
});

describe('the banner', () => {
  it('names the file and its time, says it is read-only, and leads back', async () => {
    const link = importLink();
    const banner = await mountScreen(ImportBanner, link);
    expect(banner.text()).toBe('');
    link.emit('summary.updated', importedSummary());
    await settle();
    expect(banner.text()).toMatch(
      /^Imported: netstat\.txt\s+· 2 Mar 2026 09:15 · Windows, detected · read-only/,
    );
    await banner.get('button').trigger('click');
    await settle();
    expect([link.callsOf('import.close').length, useWorkbench().imported]).toEqual([1, null]);
  });
});
