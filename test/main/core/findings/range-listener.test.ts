import { describe, expect, it } from 'vitest';
import { rangeListener } from '../../../../main/core/findings/range-listener.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';

const listener = (port: number, insideRange: boolean) => ({
  address: '0.0.0.0',
  port,
  pid: 7,
  process: 'postgres',
  insideRange,
  acceptQueue: 0,
  backlog: 128,
});

describe('the rule for services inside the range', () => {
  it('names them, and offers to reserve their ports', () => {
    const listeners = [listener(40000, true), listener(443, false), listener(41000, true)];
    const [finding] = rangeListener.find(findingEvidence({ listeners }));
    expect(finding).toMatchObject({
      level: 'notice',
      evidence: 'LISTEN 40000 (postgres), 41000 (postgres)',
      remedies: [{ fixId: 'linux-reserve-ports' }],
    });
    expect(finding?.sentence).toContain('2 services listen inside 32768–60999');
  });

  it('counts a port once whatever listens on it, and is silent outside the range', () => {
    const twice = rangeListener.find(
      findingEvidence({ listeners: [listener(40000, true), listener(40000, true)] }),
    );
    expect(twice[0]?.sentence).toContain('1 service listens');
    expect(rangeListener.find(findingEvidence({ listeners: [listener(443, false)] }))).toEqual([]);
  });

  it('leaves out the services of Windows and macOS that ask for any port of it', () => {
    const rpc = ['lsass.exe', 'svchost.exe', null].map((process, at) => ({
      ...listener(49664 + at, true),
      process,
    }));
    const find = (system: 'windows' | 'macos', listeners: typeof rpc) =>
      rangeListener.find(findingEvidence({ system, listeners }));
    expect(find('windows', rpc)).toEqual([]);
    expect(find('macos', [{ ...listener(49152, true), process: 'rapportd' }])).toEqual([]);
    expect(find('windows', [...rpc, listener(50000, true)])).toMatchObject([
      { evidence: 'LISTEN 50000 (postgres)', remedies: [] },
    ]);
  });
});
