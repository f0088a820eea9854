import { describe, expect, it } from 'vitest';
import { findingLines } from '../../../main/commands/check-findings.ts';
import { parseCheckOptions } from '../../../main/commands/check-options.ts';
import { checkLine, checkObject } from '../../../main/commands/check-report.ts';
import { aFinding } from '../../support/findings.ts';
import { incidentSummary } from '../../support/incident.ts';

const REMEDY = {
  fixId: 'app-keep-alive',
  label: 'Keep connections open',
  why: 'removes the cause',
  kind: 'application' as const,
};

describe('check --verbose', () => {
  it('prints of each finding its level, title, sentence, evidence and first remedy, wrapped', () => {
    const sentence =
      'python3 closes its connections to 10.0.3.12:443 itself, 412/s: 24,168 closed ones lock a port for 60 s each, and more are opened.';
    const lines = findingLines([
      aFinding({ level: 'warning', title: 'This side closes first', sentence, remedies: [REMEDY, REMEDY] }),
      aFinding({ level: 'notice', title: 'Another' }),
    ]);
    expect(lines).toEqual([
      '',
      'WARNING: This side closes first',
      '  python3 closes its connections to 10.0.3.12:443 itself, 412/s: 24,168 closed ones lock a port for',
      '  60 s each, and more are opened.',
      '  Evidence: 24,168 TIME_WAIT',
      '  First: Keep connections open (removes the cause).',
      '',
      'NOTICE: Another',
      '  The pool runs out in about 2 min.',
      '  Evidence: 24,168 TIME_WAIT',
    ]);
  });

  it('prints nothing when nothing was found', () => {
    expect(findingLines([])).toEqual([]);
  });

  it('starts no perfdata below the first line, and keeps a word that is longer than it', () => {
    const lines = findingLines([aFinding({ title: 'a|b', sentence: `${'x'.repeat(150)} y|z.` })]);
    expect(lines.join('\n')).not.toContain('|');
    expect(lines).toContain(`  ${'x'.repeat(150)}`);
  });

  it.each([['--verbose'], ['-v']])('is asked for with %s', (option) => {
    expect(parseCheckOptions([option])).toMatchObject({ ok: true, value: { verbose: true } });
    expect(parseCheckOptions([])).toMatchObject({ ok: true, value: { verbose: false } });
  });
});

describe('the findings of check --json', () => {
  it('are whole, each with the same keys, and nothing that is not of the schema', () => {
    const summary = { ...incidentSummary(), findings: [{ ...aFinding({ remedies: [REMEDY] }), more: 1 }] };
    const { findings } = checkObject(summary, 5) as { findings: object[] };
    expect(findings).toEqual([aFinding({ remedies: [REMEDY] })]);
    expect(Object.keys(findings[0] ?? {})).toEqual([
      'id',
      'rule',
      'level',
      'title',
      'sentence',
      'evidence',
      'figures',
      'disproof',
      'remedies',
      'source',
      'poolKey',
      'pid',
    ]);
  });

  it('leave the line for monitoring one line, with its perfdata', () => {
    const line = checkLine({ ...incidentSummary(), findings: [aFinding()] });
    expect(line.split('\n')).toHaveLength(1);
    expect(line.split('|')).toHaveLength(2);
  });
});
