import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { answerCall } from '../../../main/sampling/answers.ts';
import { Imports } from '../../../main/sampling/imported/imports.ts';
import type { FixFacts } from '../../../main/sampling/protocol.ts';
import { Sampler } from '../../../main/sampling/sampler.ts';
import { NO_SLICES } from '../../support/dumps.ts';
import { FakeClock, FakePlatform } from '../../support/fake-platform.ts';
import { ownerOf } from '../../support/tables.ts';

function begin() {
  const platform = new FakePlatform();
  platform.owners_ = [ownerOf({ pid: 812, process: 'postgres' })];
  platform.rows = [
    { state: 'LISTEN', local: '[::]:15432', cookie: 1 },
    { state: 'LISTEN', local: '0.0.0.0:15432', owner: 0, cookie: 2 },
    { state: 'BOUND', local: '127.0.0.1:9000', cookie: 3 },
    { state: 'ESTABLISHED', local: '10.0.2.7:40000', remote: '10.0.3.12:443', cookie: 4 },
  ];
  const clock = new FakeClock();
  const live = new Sampler({ platform, clock, poolLimit: 20 });
  expect(live.open().ok).toBe(true);
  const imports = new Imports({ slices: NO_SLICES, poolLimit: 20, nowMs: () => 0, onChange: () => {} });
  const ask = () => answerCall({ live, imports }, 'fixes.subject', {});
  const open = async (text: string) => {
    const files = [{ name: 'dump.txt', modifiedAtMs: null, bytes: Buffer.byteLength(text) }];
    const begun = await answerCall({ live, imports }, 'import.begin', { files });
    const { importId } = (begun.ok ? begun.value : {}) as { importId: string };
    const data = gzipSync(text).toString('base64');
    await answerCall({ live, imports }, 'import.piece', { importId, fileIndex: 0, data });
    return answerCall({ live, imports }, 'import.finish', { importId, profileId: null });
  };
  return { live, platform, clock, imports, ask, open };
}

describe('what plans need of the sockets', () => {
  it('is not known before the first sample', async () => {
    expect(await begin().ask()).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
  });

  it('is each port with a listener or bound socket once, with its process where one is known', async () => {
    const { live, ask } = begin();
    live.sample();
    const facts: FixFacts = {
      tcpPorts: [
        { port: 9000, protocol: 'tcp', process: null },
        { port: 15432, protocol: 'tcp', process: 'postgres' },
      ],
      facts: null,
      wanted: [],
    };
    expect(await ask()).toEqual({ ok: true, value: facts });
  });

  it('tells what a full pool is asked for from how it filled', async () => {
    const { live, platform, clock, ask } = begin();
    platform.settings = { ...platform.settings, range: { first: 40_000, last: 40_019 } };
    // Twenty closed within ten seconds, then nothing for ten: none was left.
    platform.rows = Array.from({ length: 20 }, (_, at) => ({
      state: 'TIME_WAIT' as const,
      local: `10.0.2.7:${40_000 + at}`,
      remote: '10.0.3.12:443',
      expiresMs: 40_000 + at * 500,
      cookie: 10 + at,
    }));
    clock.advance(1000);
    live.sample();
    const facts = await ask();
    const [wanted] = facts.ok ? (facts.value as FixFacts).wanted : [];
    expect(wanted?.poolKey).toBe('10.0.2.7>10.0.3.12:443');
    expect(wanted?.opensPerSecond).toBeCloseTo(2, 0);
  });

  it('is of the files that are shown, with the settings that they tell, until they are closed', async () => {
    const { live, imports, ask, open } = begin();
    live.sample();
    const opened = await open(
      [
        'State      Recv-Q Send-Q Local Address:Port Peer Address:Port Process',
        'LISTEN     0      128    0.0.0.0:5432       0.0.0.0:*',
        'ESTAB      0      0      192.0.2.7:40000    192.0.2.9:443',
        '',
        'net.ipv4.ip_local_port_range = 32768\t60999',
        'net.ipv4.tcp_tw_reuse = 0',
        '',
      ].join('\n'),
    );
    expect(opened).toMatchObject({ ok: true, value: { opened: true } });
    expect(await ask()).toMatchObject({
      ok: true,
      value: {
        tcpPorts: [{ port: 5432 }],
        facts: [
          { kind: 'setting', name: 'net.ipv4.ip_local_port_range' },
          { kind: 'setting', name: 'net.ipv4.tcp_tw_reuse' },
        ],
      },
    });
    await answerCall({ live, imports }, 'import.close', {});
    expect(await ask()).toMatchObject({ ok: true, value: { facts: null } });
  });
});
