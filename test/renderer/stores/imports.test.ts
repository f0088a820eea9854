import { gunzipSync } from 'node:zlib';
import { createPinia, setActivePinia } from 'pinia';
import { createApp } from 'vue';
import { afterEach, describe, expect, it } from 'vitest';
import { CALLS, type CallArgs, type CallResult } from '../../../preload/contract.ts';
import { LinkError } from '../../../renderer/link/link.ts';
import { useImports } from '../../../renderer/stores/imports.ts';
import { linkKey } from '../../../renderer/stores/link-key.ts';
import { useWorkbench } from '../../../renderer/stores/workbench.ts';
import { aReport, importedSummary, importLink } from '../../support/imports.ts';
import { incidentSummary } from '../../support/incident.ts';
import { settle } from '../../support/mount-screen.ts';

let stops: (() => void)[] = [];
async function open(link = importLink()) {
  const pinia = createPinia();
  createApp({ render: () => null })
    .provide(linkKey, link)
    .use(pinia);
  setActivePinia(pinia);
  const imports = useImports();
  const workbench = useWorkbench();
  stops = [() => imports.$dispose(), () => workbench.$dispose()];
  await settle();
  return { link, imports, workbench };
}
afterEach(() => stops.forEach((stop) => stop()));

const file = (text: string, name = 'netstat.txt') => ({
  name,
  modifiedAtMs: 1000,
  content: new Blob([text]),
});

function unpack(pieces: CallArgs<'import.piece'>[], fileIndex: number): string {
  const bytes = pieces
    .filter((piece) => piece.fileIndex === fileIndex)
    .map(({ data }) => Buffer.from(data, 'base64'));
  return gunzipSync(Buffer.concat(bytes)).toString('utf8');
}

describe('an import', () => {
  it('sends each file compressed, in pieces that fit into a call, then shows it', async () => {
    const { link, imports, workbench } = await open();
    // Does not compress: more than one piece.
    const long = Array.from({ length: 40_000 }, (_, index) => Math.sin(index).toString(36)).join('\n');
    await imports.open([file('TCP 1\n'), file(long, 'long.txt')]);
    expect(link.callsOf('import.begin')[0]?.files).toEqual([
      { name: 'netstat.txt', modifiedAtMs: 1000, bytes: 6 },
      { name: 'long.txt', modifiedAtMs: 1000, bytes: long.length },
    ]);
    const pieces = link.callsOf('import.piece');
    expect(pieces.length).toBeGreaterThan(3);
    for (const piece of pieces) expect(CALLS['import.piece'].args.safeParse(piece).success).toBe(true);
    expect([unpack(pieces, 0), unpack(pieces, 1)]).toEqual(['TCP 1\n', long]);
    expect(link.callsOf('import.finish')).toEqual([{ importId: 'import-1', profileId: null }]);
    expect([imports.state.kind, workbench.imported?.files[0]?.name]).toEqual(['idle', 'netstat.txt']);
  });

  it('asks which system it is from, and sends nothing again', async () => {
    const report = aReport({ opened: false, choices: [{ id: 'macos', name: 'macOS' }] });
    const link = importLink(({ profileId }) => (profileId === null ? report : aReport()));
    const { imports, workbench } = await open(link);
    await imports.open([file('tcp4 0 0\n')]);
    expect(imports.state).toEqual({ kind: 'reported', report });
    await imports.choose('macos');
    expect(link.callsOf('import.finish').at(-1)).toEqual({ importId: 'import-1', profileId: 'macos' });
    expect([link.callsOf('import.begin').length, workbench.imported !== null]).toEqual([1, true]);
  });

  it('reports lines that were not understood', async () => {
    const { imports } = await open(importLink(() => aReport({ problemCount: 2 })));
    await imports.open([file('x\n')]);
    expect(imports.state.kind).toBe('reported');
  });

  it('ends with Cancel: what was on its way is dropped', async () => {
    let release = (): void => {};
    const link = importLink().respond(
      'import.piece',
      () => new Promise((done) => (release = () => done({ receivedBytes: 1 }))),
    );
    const { imports } = await open(link);
    const opening = imports.open([file('TCP\n')]);
    await expect.poll(() => link.callsOf('import.piece').length).toBe(1);
    imports.cancel();
    release();
    await opening;
    expect([imports.state.kind, link.callsOf('import.finish')]).toEqual(['idle', []]);
  });

  it('closes again what opened although it was cancelled', async () => {
    let release = (): void => {};
    const link = importLink().respond(
      'import.finish',
      () => new Promise<CallResult<'import.finish'>>((done) => (release = () => done(aReport()))),
    );
    const { imports } = await open(link);
    const opening = imports.open([file('TCP\n')]);
    await expect.poll(() => imports.state.kind).toBe('reading');
    imports.cancel();
    release();
    await opening;
    expect([imports.state.kind, link.callsOf('import.close').length]).toEqual(['idle', 1]);
  });

  it.each([
    ['too many files', Array.from({ length: 17 }, () => file('x')), /At most 16 files/],
    ['nothing in it', [file('')], /nothing in it/],
  ])('refuses %s before anything is sent', async (_, files, words) => {
    const { link, imports } = await open();
    await imports.open(files);
    expect(imports.state).toEqual({ kind: 'failed', sentence: expect.stringMatching(words) });
    expect(link.callsOf('import.begin')).toEqual([]);
  });

  it('says which file could not be read, and what to do about a folder', async () => {
    const { imports } = await open();
    const folder = new Blob(['x']);
    folder.stream = () =>
      new ReadableStream({
        start(controller) {
          controller.error(new Error('not readable'));
        },
      });
    await imports.open([{ name: 'logs', modifiedAtMs: null, content: folder }]);
    expect(imports.state).toEqual({
      kind: 'failed',
      sentence: expect.stringMatching(/^logs could not be read/),
    });
  });

  it('shows the workbench’s refusal', async () => {
    const link = importLink().respond('import.finish', () => {
      throw new LinkError('invalid', 'The files hold more than 256 MB.');
    });
    const { imports } = await open(link);
    await imports.open([file('x\n')]);
    expect(imports.state).toEqual({ kind: 'failed', sentence: 'The files hold more than 256 MB.' });
  });

  it('gives way to this machine again', async () => {
    const { imports, workbench } = await open();
    await imports.open([file('x\n')]);
    await imports.close();
    expect(workbench.imported).toBeNull();
  });
});

describe('the workbench store with an import', () => {
  it('takes the files’ summary although its time is older, and live ones again', async () => {
    const { link, workbench } = await open();
    link.emit('summary.updated', importedSummary());
    expect(workbench.imported?.files[0]?.name).toBe('netstat.txt');
    link.emit('summary.updated', incidentSummary({ sequence: 900 }));
    expect(workbench.imported).toBeNull();
  });

  it('samples nothing while files are shown, and counts no time on their clock', async () => {
    const { link, workbench } = await open();
    link.emit('summary.updated', importedSummary());
    await workbench.togglePaused();
    expect(link.callsOf('sampling.configure')).toEqual([]);
    expect([workbench.isPaused, workbench.clockOffsetMs]).toEqual([false, 0]);
  });
});
