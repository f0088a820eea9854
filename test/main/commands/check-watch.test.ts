import { describe, expect, test } from 'vitest';
import { VerdictPrinter } from '../../../main/commands/check-watch.ts';
import type { Level, Summary } from '../../../main/core/model.ts';
import { aFinding } from '../../support/findings.ts';
import { incidentSummary } from '../../support/incident.ts';

const FAILURE = { code: 'unavailable', what: 'sock_diag', why: 'it went away' } as const;

function rig(options: { json?: boolean; verbose?: boolean } = {}) {
  const lines: string[] = [];
  const output = { out: (text: string) => lines.push(...text.trimEnd().split('\n')), err: () => undefined };
  const chosen = { json: false, verbose: false, poolLimit: 3, ...options };
  const printer = new VerdictPrinter(chosen, output, () => new Date(2026, 10, 23, 3, 12, 9).getTime());
  const see = (level: Level, sentence: string, change: Partial<Summary> = {}) => {
    const takenAtMs = new Date(2026, 10, 23, 3, 12, 7).getTime();
    const verdict = { ...incidentSummary().verdict, level, sentence };
    printer.see({ ...incidentSummary({ takenAtMs, verdict, findings: [] }), ...change } as Summary);
  };
  return { printer, lines, see };
}

describe('a watch', () => {
  test('says the first verdict, and then only another one, with the local time', () => {
    const { lines, see, printer } = rig();
    see('ok', 'Plenty of ports: the fullest pool is 4% used.');
    see('ok', 'Plenty of ports: the fullest pool is 5% used.');
    see('warning', 'Port pool to a is 83% used.');
    see('warning', 'Port pool to a is 84% used.');
    see('ok', 'Plenty of ports.');
    expect(lines).toEqual([
      '2026-11-23 03:12:07 OK - Plenty of ports: the fullest pool is 4% used.',
      '2026-11-23 03:12:07 WARNING - Port pool to a is 83% used.',
      '2026-11-23 03:12:07 OK - Plenty of ports.',
    ]);
    expect(printer.status).toBe(1);
  });

  test('takes another finding or pool of the same level for another verdict, but not another quiet pool', () => {
    const { lines, see } = rig();
    const { verdict } = incidentSummary();
    const of = (id: string) => ({
      findings: [aFinding({ id, level: 'critical', poolKey: verdict.poolKey })],
    });
    see('critical', 'It runs out in 2 min.', of('pool-runs-out a'));
    see('critical', 'It runs out in 1 min.', of('pool-runs-out a'));
    see('critical', 'It is full.', of('pool-exhausted a'));
    see('ok', 'Fine, a.', { verdict: { ...verdict, level: 'ok', poolKey: 'a', sentence: 'Fine, a.' } });
    see('ok', 'Fine, b.', { verdict: { ...verdict, level: 'ok', poolKey: 'b', sentence: 'Fine, b.' } });
    expect(lines.map((line) => line.slice(20))).toEqual([
      'CRITICAL - It runs out in 2 min.',
      'CRITICAL - It is full.',
      'OK - Fine, a.',
    ]);
  });

  test('prints one object a line with --json', () => {
    const { lines, see, printer } = rig({ json: true });
    see('critical', 'It is full.');
    printer.seeNothing(FAILURE);
    const objects = lines.map((line) => JSON.parse(line) as { verdict: { level: string }; takenAt: string });
    expect(objects.map(({ verdict }) => verdict.level)).toEqual(['critical', 'unknown']);
    expect(objects[0]?.takenAt).toBe(new Date(2026, 10, 23, 3, 12, 7).toISOString());
  });

  test('prints what stands below the line with --verbose', () => {
    const { lines, see } = rig({ verbose: true });
    see('critical', 'It is full.', { findings: [aFinding({ level: 'critical', title: 'A pool is full' })] });
    expect(lines).toContain('CRITICAL: A pool is full');
  });

  test('says once that nothing can be measured, and why; that alone is unknown', () => {
    const { lines, see, printer } = rig();
    printer.seeNothing(FAILURE);
    printer.seeNothing(FAILURE);
    expect(lines).toEqual([
      '2026-11-23 03:12:09 UNKNOWN - Cannot say: Sock_diag is not available: it went away.',
    ]);
    expect(printer.status).toBe(3);
    see('ok', 'Plenty of ports.');
    expect([lines.length, printer.status]).toEqual([2, 0]);
    printer.seeNothing(FAILURE);
    expect([lines.length, printer.status]).toEqual([3, 0]);
  });
});
