import { describe, expect, it } from 'vitest';
import { openMetrics } from '../../../main/core/open-metrics.ts';
import type { Summary } from '../../../main/core/model.ts';
import { incidentPool, incidentSummary } from '../../support/incident.ts';

const summary = incidentSummary() as Summary;

/** Name with labels → value, and the types by name; fails on a line that is neither. */
function parse(text: string) {
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  const lines = text.split('\n');
  expect(lines.slice(-2)).toEqual(['# EOF', '']);
  for (const line of lines.slice(0, -2)) {
    const type = /^# TYPE ([a-z_]+) (gauge|info)$/.exec(line);
    if (type?.[1] && type[2]) types.set(type[1], type[2]);
    else if (!/^# (HELP|UNIT) [a-z_]+ ./.test(line)) {
      const sample = /^([a-z_]+(?:\{.*\})?) (-?[\d.e+]+)$/.exec(line);
      expect(sample, line).not.toBeNull();
      values.set(sample?.[1] ?? '', Number(sample?.[2]));
    }
  }
  return { values, types };
}

describe('OpenMetrics text', () => {
  it('has the figures of the pools, labelled by source and destination', () => {
    const { values } = parse(openMetrics(summary, '1.2.3'));
    const labels = '{source="10.0.2.7",destination="10.0.3.12:443"}';
    expect(values.get(`fourtuple_pool_capacity_ports${labels}`)).toBe(28_232);
    expect(values.get(`fourtuple_pool_used_ports${labels}`)).toBe(25_691);
    expect(values.get(`fourtuple_pool_time_wait_ports${labels}`)).toBe(24_168);
    expect(values.get(`fourtuple_pool_opens_per_second${labels}`)).toBe(412);
    expect(values.get('fourtuple_sockets{state="TIME_WAIT"}')).toBe(25_310);
    expect(values.get('fourtuple_build_info{version="1.2.3"}')).toBe(1);
    expect(values.get('fourtuple_range_ports')).toBe(28_232);
  });

  it('names a type for every sample, each family in one piece', () => {
    const text = openMetrics(summary, '1');
    const { values, types } = parse(text);
    const names = [...values.keys()].map((key) => key.replace(/\{.*/, ''));
    for (const name of names) expect(types.has(name.replace(/_info$/, ''))).toBe(true);
    const families = names.filter((name, index) => names[index - 1] !== name);
    expect(families).toEqual([...new Set(families)]);
  });

  it('ends the name of a family with its unit', () => {
    for (const [, name, unit] of openMetrics(summary, '1').matchAll(/^# UNIT (\S+) (\S+)$/gm)) {
      expect(name?.endsWith(`_${unit}`)).toBe(true);
    }
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
    const { values } = parse(openMetrics(two, '1'));
    const key = `fourtuple_process_ports{process="${consumer.process}",destination="${consumer.destination}"}`;
    expect(values.get(key)).toBe(2 * consumer.sockets);
  });
});
