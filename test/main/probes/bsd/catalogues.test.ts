import { describe, expect, it } from 'vitest';
import { FREEBSD_PROBES } from '../../../../main/probes/freebsd/catalogue.ts';
import { MACOS_PROBES } from '../../../../main/probes/macos/catalogue.ts';
import { readFixtureText } from '../../../support/fixtures.ts';

const ALL = [...MACOS_PROBES, ...FREEBSD_PROBES];

function folkloreOf(id: string) {
  const folklore = ALL.find((probe) => probe.id === id)?.folklore;
  if (!folklore) throw new Error(`no misleading probe ${id}`);
  return folklore;
}

describe('the probes of macOS and FreeBSD', () => {
  it('have ids of their own that begin with their system', () => {
    expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length);
    for (const { id, platform } of ALL) expect(id.startsWith(`${platform}.`)).toBe(true);
  });

  it('answer for sockets, settings, counters and owners on both', () => {
    for (const probes of [MACOS_PROBES, FREEBSD_PROBES]) {
      const groups = new Set(probes.map(({ group }) => group));
      expect([...groups].sort()).toEqual(['counters', 'misleading', 'owners', 'settings', 'sockets']);
    }
  });

  it('E11: hold no shell and no metacharacter in what is run', () => {
    for (const { tool, argv } of ALL) expect([tool, ...argv].join(' ')).toMatch(/^[\w ,.=-]+$/);
  });

  it('are evidence for every figure that these systems have', () => {
    const figures = new Set(MACOS_PROBES.flatMap((probe) => probe.figures));
    for (const figure of [
      'verdict',
      'pool-used',
      'time-wait',
      'range',
      'hold',
      'port-map',
      'counters',
    ] as const) {
      expect(figures).toContain(figure);
    }
  });

  it('read no figure out of a misleading command', () => {
    for (const probe of ALL.filter(({ group }) => group === 'misleading')) {
      expect(probe.figures).toEqual([]);
      const reading = probe.parse('a\nb\n', () => expect.fail('a socket'));
      expect(reading.facts).toEqual([{ kind: 'note', line: 1, name: 'lines', value: '2' }]);
    }
  });
});

describe('misleading commands of macOS and FreeBSD print what their pipelines print', () => {
  it.each([
    ['macos.folklore-netstat-time-wait', readFixtureText('macos/netstat/anv-tcp-process-pid/stdout'), '2'],
    ['macos.folklore-lsof-wc', 'COMMAND PID\nnode 1\nnode 2\n', '       3'],
    ['macos.folklore-msl', '15000\n', '15000'],
    [
      'freebsd.folklore-hi-range',
      'net.inet.ip.portrange.hifirst: 49152\nnet.inet.ip.portrange.hilast: 65535\n',
      'net.inet.ip.portrange.hifirst: 49152\nnet.inet.ip.portrange.hilast: 65535',
    ],
    ['freebsd.folklore-sockstat-wc', readFixtureText('freebsd/sockstat/4l/stdout'), '       4'],
  ])('%s', (id, output, printed) => {
    expect(folkloreOf(id).reduce(output)).toBe(printed);
  });
});
