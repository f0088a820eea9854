import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { THRESHOLDS } from '../../../../main/core/assess.ts';
import type { Outcome, Summary } from '../../../../main/core/model.ts';
import { answerCall } from '../../../../main/sampling/answers.ts';
import { Imports } from '../../../../main/sampling/imported/imports.ts';
import { Publisher } from '../../../../main/sampling/publisher.ts';
import type { SamplerCall } from '../../../../main/sampling/protocol.ts';
import { Sampler } from '../../../../main/sampling/sampler.ts';
import { CALLS } from '../../../../preload/contract.ts';
import { NO_SLICES, linuxSs, macosNetstat, windowsNetstat } from '../../../support/dumps.ts';
import { FakeClock, FakePlatform } from '../../../support/fake-platform.ts';

/** The sampler's process without the process. */
function begin() {
  const platform = new FakePlatform();
  platform.rows = [{ state: 'ESTABLISHED', local: '10.0.2.7:40000', remote: '10.0.3.12:443', cookie: 1 }];
  const clock = new FakeClock();
  const live = new Sampler({ platform, clock, poolLimit: 20 });
  expect(live.open().ok).toBe(true);
  const published: Summary[] = [];
  const publisher = new Publisher({
    imported: () => imports.opened?.last?.summary ?? null,
    post: (summary) => published.push(summary),
  });
  const imports = new Imports({
    slices: NO_SLICES,
    poolLimit: 20,
    nowMs: clock.nowMs,
    onChange: () => publisher.changed(),
  });
  const tick = () => {
    clock.advance(1000);
    const outcome = live.sample();
    if (outcome.ok)
      publisher.live({
        ...outcome.value.summary,
        sampler: { ...outcome.value.summary.sampler, intervalMs: 2000 },
      });
  };
  const call = (name: SamplerCall, args: unknown) => answerCall({ live, imports }, name, args);
  const open = async (text: string, profileId: string | null = null) => {
    const bytes = Buffer.byteLength(text);
    const begun = valueOf(
      await call('import.begin', { files: [{ name: 'dump.txt', modifiedAtMs: 1_763_000_000_000, bytes }] }),
    );
    const { importId } = begun as { importId: string };
    await call('import.piece', { importId, fileIndex: 0, data: gzipSync(text).toString('base64') });
    return { importId, report: valueOf(await call('import.finish', { importId, profileId })) };
  };
  return { live, imports, published, tick, call, open };
}

function valueOf(outcome: Outcome<unknown>): unknown {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}

const QUERY = {
  filter: '',
  sort: { column: 'state', descending: false },
  group: 'none',
  collapsed: [],
  offset: 0,
  limit: 10,
  snapshotId: null,
};

describe('opening files in place of this machine', () => {
  it('publishes them at once and at each tick, with the pace of live sampling, until they are closed', async () => {
    const { published, tick, open, call } = begin();
    tick();
    const { report } = await open(linuxSs(3));
    expect(report).toMatchObject({ opened: true, sentence: '4 TCP sockets from 1 file, read as Linux.' });
    tick();
    expect(valueOf(await call('import.close', {}))).toEqual({ closed: true });
    tick();
    expect(published.map(({ origin }) => origin.kind)).toEqual([
      'live',
      'imported',
      'imported',
      'live',
      'live',
    ]);
    expect(published.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(published[1]).toMatchObject({
      takenAtMs: 1_763_000_000_000,
      sampler: { source: 'imported', intervalMs: 2000, sockets: 4 },
    });
    expect(valueOf(await call('import.close', {}))).toEqual({ closed: false });
  });

  it('judges them again by other thresholds, and what was pinned stays', async () => {
    const { imports, published, open, call } = begin();
    await open(linuxSs(3));
    const pinned = valueOf(await call('sockets.pin', {})) as { snapshotId: number };
    imports.setThresholds(THRESHOLDS);
    expect(published.map(({ verdict }) => verdict.level)).toEqual(['ok']);
    const thresholds = { ...THRESHOLDS, warningShare: 0.0001 };
    imports.setThresholds(thresholds);
    expect(published.at(-1)).toMatchObject({ verdict: { level: 'warning' }, thresholds });
    expect(valueOf(await call('sockets.query', { ...QUERY, ...pinned }))).toMatchObject({ total: 4 });
    await call('import.close', {});
    imports.setThresholds(THRESHOLDS);
    expect(published).toHaveLength(2);
    await open(linuxSs(3));
    expect(published.at(-1)).toMatchObject({ verdict: { level: 'ok' } });
  });

  it('answers every call from them, by the contract, and from this machine afterwards', async () => {
    const { tick, open, call, live } = begin();
    tick();
    await open(windowsNetstat(5, 2));
    for (const name of ['sockets.query', 'ports.map', 'trend.query', 'sockets.pin'] as const) {
      const args = { ...QUERY, poolKey: null, seconds: 60 };
      const answer = valueOf(await call(name, args));
      expect(CALLS[name].result.safeParse(answer).error, name).toBeUndefined();
    }
    const rows = valueOf(await call('sockets.query', { ...QUERY, filter: 'pid:4312 attr:observed' }));
    expect(rows).toMatchObject({ matching: 2 });
    const pinned = valueOf(await call('sockets.pin', {})) as { snapshotId: number };
    expect(pinned.snapshotId).toBeGreaterThan(live.last?.table.snapshotId ?? 0);
    expect(valueOf(await call('sockets.unpin', pinned))).toEqual({ released: true });
    await call('import.close', {});
    expect(valueOf(await call('sockets.query', QUERY))).toMatchObject({ matching: 1 });
    expect(await call('sockets.query', { ...QUERY, snapshotId: pinned.snapshotId })).toMatchObject({
      ok: false,
    });
  });

  it('goes on sampling underneath: its trend has no hole', async () => {
    const { tick, open, call } = begin();
    tick();
    await open(linuxSs(3));
    for (let i = 0; i < 5; i++) tick();
    await call('import.close', {});
    const { trend } = valueOf(await call('trend.query', { poolKey: null, seconds: 60 })) as {
      trend: { atMs: number[] };
    };
    expect(trend.atMs.length).toBeGreaterThanOrEqual(6);
  });

  it('asks for the system once, without the files being sent again', async () => {
    const { open, call, imports, published } = begin();
    const bare = macosNetstat(50_000, 3).split('\n').slice(2).join('\n').replaceAll('  198', ' 198');
    const { importId, report } = await open(bare);
    expect(report).toMatchObject({ opened: false, choices: [{ id: 'macos' }, { id: 'freebsd' }] });
    expect(imports.opened).toBeNull();
    const chosen = valueOf(await call('import.finish', { importId, profileId: 'macos' }));
    expect(chosen).toMatchObject({ opened: true, profile: { id: 'macos', basis: 'chosen' } });
    const again = valueOf(await call('import.finish', { importId, profileId: 'freebsd' }));
    expect(again).toMatchObject({ profile: { id: 'freebsd' } });
    expect(published.map(({ settings }) => settings.profileId)).toEqual(['macos', 'freebsd']);
  });

  it('refuses an import that is not there, and keeps showing what it shows', async () => {
    const { call, imports, open } = begin();
    await open(linuxSs(3));
    const before = imports.opened;
    const gone = await call('import.finish', { importId: 'none', profileId: null });
    expect(gone).toMatchObject({ ok: false, failure: { code: 'gone' } });
    expect((await open('hello\n')).report).toMatchObject({ opened: false, choices: [] });
    expect(imports.opened).toBe(before);
  });
});
