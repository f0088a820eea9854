import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMetrics } from '../../../main/core/open-metrics.ts';
import type { Summary } from '../../../main/core/model.ts';
import { parseOpenMetrics } from '../../support/open-metrics.ts';
import { incidentPool, incidentSummary } from '../../support/incident.ts';

const summary = incidentSummary() as Summary;

/** Name with labels → value. */
function parse(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const [name, { samples }] of parseOpenMetrics(text)) {
    for (const { labels, value } of samples) {
      const pairs = Object.entries(labels).map(([label, of]) => `${label}="${of}"`);
      values.set(pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name, value);
    }
  }
  return values;
}

describe('OpenMetrics text', () => {
  it('has the figures of the pools, labelled by source and destination', () => {
    const values = parse(openMetrics(summary, '1.2.3'));
    const labels = '{source="10.0.2.7",destination="10.0.3.12:443"}';
    expect(values.get(`fourtuple_pool_capacity_ports${labels}`)).toBe(28_232);
    expect(values.get(`fourtuple_pool_used_ports${labels}`)).toBe(25_691);
    expect(values.get(`fourtuple_pool_time_wait_ports${labels}`)).toBe(24_168);
    expect(values.get(`fourtuple_pool_opens_per_second${labels}`)).toBe(412);
    expect(values.get('fourtuple_sockets{state="TIME_WAIT"}')).toBe(25_310);
    expect(values.get('fourtuple_build_info{version="1.2.3"}')).toBe(1);
    expect(values.get('fourtuple_range_ports')).toBe(28_232);
  });

  it('says 0 of a state that no socket is in, so that its series does not end', () => {
    const idle = { ...summary, totals: { sockets: 1, byState: { LISTEN: 1 } } };
    const values = parse(openMetrics(idle, '1'));
    expect(values.get('fourtuple_sockets{state="LISTEN"}')).toBe(1);
    expect(values.get('fourtuple_sockets{state="TIME_WAIT"}')).toBe(0);
    expect(values.get('fourtuple_sockets{state="CLOSE_WAIT"}')).toBe(0);
  });

  it('is what a strict reader of the specification takes, units and all', () => {
    const families = parseOpenMetrics(openMetrics(summary, '1'));
    const units = [...families].flatMap(([name, { unit }]) => (unit === null ? [] : [[name, unit]]));
    expect(units).toContainEqual(['fourtuple_pool_used_ports', 'ports']);
    expect(units).toContainEqual(['fourtuple_sample_timestamp_seconds', 'seconds']);
    for (const { help, type } of families.values())
      expect([type, help]).toEqual(['gauge', expect.any(String)]);
  });

  it('T2: brings any name through as it is, and nothing out of its label', () => {
    const [first] = summary.consumers;
    if (!first) throw new Error('the incident has consumers');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (process, version) => {
        // A carriage return never comes from the sampler (core/sanitise.ts).
        const name = process.replaceAll('\r', '');
        const of = { ...summary, consumers: [{ ...first, process: name }] };
        const families = parseOpenMetrics(openMetrics(of, version.replaceAll('\r', '')));
        expect(families.get('fourtuple_process_ports')?.samples[0]?.labels['process']).toBe(name);
        expect(families.get('fourtuple_build_info')?.samples).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });

  it('has no type that the older text format lacks, for node_exporter reads that', () => {
    const types = [...openMetrics(summary, '1').matchAll(/^# TYPE \S+ (\S+)$/gm)].map(([, type]) => type);
    expect(new Set(types)).toEqual(new Set(['gauge']));
  });

  it('leaves out what is not known instead of saying 0', () => {
    const blind = incidentSummary({
      pools: [
        incidentPool({
          openRatePerSecond: null,
          exhaustion: { expected: false, inSeconds: null, likelySeconds: null, steadyState: null, basis: '' },
        }),
      ],
      rates: { opensPerSecond: null, closesPerSecond: null, basis: 'none' },
      verdict: { ...incidentSummary().verdict, level: 'unknown' },
    }) as Summary;
    const text = openMetrics(blind, '1');
    for (const name of ['opens_per_second', 'closes_per_second', 'exhaustion_seconds', 'verdict_level']) {
      expect(text).not.toMatch(new RegExp(`^fourtuple_(pool_)?${name}`, 'm'));
    }
  });

  it('T2: escapes quotes, backslashes and line feeds of hostile names', () => {
    const consumer = summary.consumers[0];
    if (!consumer) throw new Error('the incident has consumers');
    const hostile = { ...summary, consumers: [{ ...consumer, process: 'a"} 1\n# EOF\\' }] };
    const text = openMetrics(hostile, '1');
    expect(text).toContain('process="a\\"} 1\\n# EOF\\\\"');
    expect(text.split('\n').filter((line) => line === '# EOF')).toHaveLength(1);
  });

  it('adds processes of one name towards one destination up, without pids', () => {
    const consumer = summary.consumers[0];
    if (!consumer) throw new Error('the incident has consumers');
    const two = { ...summary, consumers: [consumer, { ...consumer, pid: 1 }] };
    const values = parse(openMetrics(two, '1'));
    const key = `fourtuple_process_ports{process="${consumer.process}",destination="${consumer.destination}"}`;
    expect(values.get(key)).toBe(2 * consumer.sockets);
  });
});

describe('the strict reader', () => {
  it.each([
    ['no end', '# TYPE a gauge\na 1\n'],
    ['a line after the end', 'a 1\n# EOF\n\n'],
    ['an empty line', '# TYPE a gauge\n\na 1\n# EOF\n'],
    ['a comment', '# TYPE a gauge\n# hello\na 1\n# EOF\n'],
    ['a sample without a type', 'a 1\n# EOF\n'],
    ['metadata after samples', '# TYPE a gauge\na 1\n# HELP a b\n# EOF\n'],
    ['a type twice', '# TYPE a gauge\n# TYPE a gauge\na 1\n# EOF\n'],
    ['interleaved families', '# TYPE a gauge\na{b="1"} 1\n# TYPE c gauge\nc 1\na{b="2"} 1\n# EOF\n'],
    ['a unit that is no suffix', '# TYPE a gauge\n# UNIT a ports\na 1\n# EOF\n'],
    ['a label twice', '# TYPE a gauge\na{b="1",b="2"} 1\n# EOF\n'],
    ['the same labels twice', '# TYPE a gauge\na{b="1"} 1\na{b="1"} 2\n# EOF\n'],
    ['an escape that is none', '# TYPE a gauge\na{b="\\t"} 1\n# EOF\n'],
    ['a value that is no number', '# TYPE a gauge\na 0x1\n# EOF\n'],
    ['two spaces', '# TYPE a gauge\na  1\n# EOF\n'],
    ['a suffix of counters', '# TYPE a_total gauge\na_total 1\n# EOF\n'],
  ])('refuses %s', (_, text) => {
    expect(() => parseOpenMetrics(text)).toThrow();
  });
});
