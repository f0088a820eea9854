import { createPinia, setActivePinia } from 'pinia';
import { createApp } from 'vue';
import { beforeEach, expect, it } from 'vitest';
import { linkKey } from '../../../renderer/stores/link-key.ts';
import { useReport } from '../../../renderer/stores/report.ts';
import type { FakeLink } from '../../support/fake-link.ts';
import { incidentLink, settle } from '../../support/mount-screen.ts';

const WHOLE = '# TCP ports of ci-runner-07\n'.repeat(30_000);

let link: FakeLink;
let reports: number;
beforeEach(() => {
  reports = 0;
  link = incidentLink()
    .respond('report.create', ({ format }) => ({
      reportId: `r${++reports}`,
      name: `fourtuple.${format}`,
      totalCharacters: WHOLE.length,
    }))
    .respond('report.piece', ({ offset, limit }) => {
      const end = offset + limit;
      return { text: WHOLE.slice(offset, end), nextOffset: end < WHOLE.length ? end : null };
    });
});

function openStore() {
  const app = createApp({});
  app.provide(linkKey, link);
  const pinia = createPinia();
  app.use(pinia);
  setActivePinia(pinia);
  return useReport();
}

it('fetches the whole report in pieces of one making, with what was chosen', async () => {
  const report = openStore();
  report.format = 'json';
  report.setRedacted('addresses', true);
  report.setIncluded('sockets', true);
  const fetched = await report.run();
  expect(fetched?.name).toBe('fourtuple.json');
  expect(fetched?.pieces.join('')).toBe(WHOLE);
  expect(link.callsOf('report.create')).toEqual([
    {
      format: 'json',
      redact: ['addresses'],
      include: { transcripts: true, pictures: true, sockets: true },
    },
  ]);
  expect(new Set(link.callsOf('report.piece').map(({ reportId }) => reportId)).size).toBe(1);
  expect(report.progress).toBeNull();
});

it('stops when it is cancelled', async () => {
  const report = openStore();
  link.respond('report.piece', ({ offset, limit }) => {
    report.cancel();
    return { text: WHOLE.slice(offset, offset + limit), nextOffset: offset + limit };
  });
  expect(await report.run()).toBeNull();
  expect([link.callsOf('report.piece').length, report.failure, report.isRunning]).toEqual([1, null, false]);
});

it('says why it could not be made, and does not turn in circles', async () => {
  const report = openStore();
  link.respond('report.piece', ({ offset }) => ({ text: 'a', nextOffset: offset }));
  expect(await report.run()).toBeNull();
  expect(report.failure).toBe('The report does not move on.');
  link.respond('report.create', () => {
    throw new Error('The first sample is under way.');
  });
  await report.run();
  expect([report.failure, report.isRunning]).toEqual(['The first sample is under way.', false]);
});

it('makes the beginning anew when what is hidden changes, while somebody looks', async () => {
  const report = openStore();
  await settle();
  report.setRedacted('hosts', true);
  await settle();
  expect(link.callsOf('report.create')).toEqual([]);
  const stop = report.follow();
  await settle();
  expect(report.preview?.text.startsWith('# TCP ports')).toBe(true);
  report.setRedacted('hosts', false);
  await settle();
  expect(link.callsOf('report.create').map(({ format, redact }) => [format, redact])).toEqual([
    ['md', ['hosts']],
    ['md', []],
  ]);
  stop();
  report.setRedacted('hosts', true);
  await settle();
  expect(link.callsOf('report.create')).toHaveLength(2);
});

it('keeps what it last showed when the preview fails, and says why', async () => {
  const report = openStore();
  await settle();
  const stop = report.follow();
  await settle();
  link.respond('report.create', () => {
    throw new Error('The sampler is busy.');
  });
  report.refresh();
  await settle();
  expect([report.previewProblem, report.preview === null]).toEqual(['The sampler is busy.', false]);
  stop();
});
