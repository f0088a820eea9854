import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../main/core/filter/parse.ts';
import { RULES } from '../../../main/core/findings/rules.ts';
import {
  checkStates,
  evidencePieces,
  findingFilter,
  findingsOf,
  printFinding,
  provenFigures,
  verdictFinding,
} from '../../../renderer/format/findings.ts';
import { emphasised } from '../../../renderer/format/verdict-spans.ts';
import { aFinding } from '../../support/findings.ts';
import { INCIDENT_POOL_KEY, incidentSummary } from '../../support/incident.ts';

const { pools, target, verdict } = incidentSummary();

const strongOf = (line: string) =>
  evidencePieces(line)
    .filter(({ isNumber }) => isNumber)
    .map(({ text }) => text);

it.each([
  ['24,168 TIME_WAIT here, 26 CLOSE_WAIT', ['24,168', '26']],
  ['62/s opened; 4000 ports / 60 s = 66.6/s', ['62', '4000', '60', '66.6']],
  ['tcp_tw_reuse = 2 · timestamps on', ['2']],
  ['1,320 CLOSE_WAIT held by node22 (pid 2210)', ['1,320', '2210']],
  ['9 connections to 10.0.3.12:443', ['9']],
  ['', []],
])('lets the numbers of %j stand out, and no part of an address or a name', (line, numbers) => {
  expect(strongOf(line)).toEqual(numbers);
  expect(
    evidencePieces(line)
      .map(({ text }) => text)
      .join(''),
  ).toBe(line);
});

describe('the sockets a finding speaks of', () => {
  it.each([
    [{ rule: 'pool-runs-out', poolKey: INCIDENT_POOL_KEY, pid: 4312 }, 'src:10.0.2.7 dst:10.0.3.12:443'],
    [{ rule: 'churn', poolKey: INCIDENT_POOL_KEY, pid: 4312 }, 'src:10.0.2.7 dst:10.0.3.12:443 pid:4312'],
    [{ rule: 'close-wait-leak', poolKey: null, pid: 2210 }, 'pid:2210 state:close-wait'],
    [{ rule: 'time-wait-server', poolKey: null, pid: null }, 'state:time-wait side:server'],
    [{ rule: 'setting-fin-timeout', poolKey: null, pid: null }, null],
    [{ rule: 'pool-slow', poolKey: 'gone', pid: null }, null],
  ])('are those of %j', (parts, filter) => {
    expect(findingFilter(aFinding(parts), pools)).toBe(filter);
  });

  it('are asked for in words that the filter understands, for every rule', () => {
    for (const { id } of RULES) {
      const filter = findingFilter(aFinding({ rule: id, poolKey: null, pid: 7 }), pools) ?? '';
      expect([id, parseFilter(filter).problems]).toEqual([id, []]);
    }
  });
});

it('shows a socket the findings of its pool and of its process, and no others', () => {
  const ofPool = aFinding({ id: 'a', poolKey: INCIDENT_POOL_KEY, pid: 1 });
  const ofProcess = aFinding({ id: 'b', poolKey: null, pid: 4312 });
  const ofOther = aFinding({ id: 'c', poolKey: 'other', pid: 4312 });
  const ofSetting = aFinding({ id: 'd', poolKey: null, pid: null });
  const all = [ofPool, ofProcess, ofOther, ofSetting];
  expect(findingsOf(all, { poolKey: INCIDENT_POOL_KEY, pid: 4312 })).toEqual([ofPool, ofProcess]);
  expect(findingsOf(all, { poolKey: null, pid: null })).toEqual([]);
});

it('finds what the verdict speaks of: its level and pool first, then its level, else nothing', () => {
  const critical = { level: 'critical' as const };
  const other = aFinding({ ...critical, id: 'other', poolKey: null });
  const same = aFinding({ ...critical, id: 'same', poolKey: verdict.poolKey });
  expect(verdictFinding({ verdict, findings: [other, same] })?.id).toBe('same');
  expect(verdictFinding({ verdict, findings: [other] })?.id).toBe('other');
  expect(verdictFinding({ verdict, findings: [aFinding()] })).toBeNull();
});

it('tells the checks that passed from those that found something or belong to another system', () => {
  const checks = [
    { rule: 'pool-runs-out', title: 'A' },
    { rule: 'pool-slow', title: 'B' },
    { rule: 'windows-events', title: 'C' },
  ];
  const states = (summary: Parameters<typeof checkStates>[1]) =>
    checkStates(checks, summary).map(({ state }) => state);
  expect(states({ findings: [aFinding()], target })).toEqual(['found', 'passed', 'elsewhere']);
  expect(states({ findings: [], target: { ...target, platform: 'win32' } })).toEqual([
    'passed',
    'passed',
    'passed',
  ]);
  expect(states(null)).toEqual(['waiting', 'waiting', 'waiting']);
});

it('links only figures that have a proof', () => {
  expect(provenFigures({ figures: ['time-wait', 'no-such-figure', 'sockets'] })).toEqual([
    { figure: 'time-wait', words: 'TIME_WAIT sockets' },
    { figure: 'sockets', words: 'the list of sockets' },
  ]);
});

it('prints a finding whole, for a ticket', () => {
  const remedies = [
    { fixId: 'x', label: 'Keep connections open', why: 'removes the cause', kind: 'application' as const },
  ];
  expect(printFinding(aFinding({ remedies }))).toBe(
    [
      'Warning: A pool runs out',
      'The pool runs out in about 2 min.',
      '',
      'Evidence: 24,168 TIME_WAIT',
      'It is not so if: The count falls.',
      'What helps, in order of worth:',
      '1. Keep connections open (application): removes the cause',
      'Source: kernel, ip-sysctl.rst',
      '',
    ].join('\n'),
  );
});

describe('a verdict in one plain piece', () => {
  const sentence =
    'Ports are not the problem: node (pid 2210) keeps 9,114 connections in CLOSE-WAIT to 10.0.3.12:443 and 43.7/s more, 91% of 2.';
  it('is set like the others: figures and states strong, pids soft, addresses mono', () => {
    const spans = emphasised([{ text: sentence, kind: 'text' }]);
    expect(spans.map(({ text }) => text).join('')).toBe(sentence);
    expect(spans.filter(({ kind }) => kind !== 'text')).toEqual([
      { text: '(pid 2210)', kind: 'soft' },
      { text: '9,114', kind: 'strong' },
      { text: 'CLOSE-WAIT', kind: 'strong' },
      { text: '10.0.3.12:443', kind: 'mono' },
      { text: '43.7/s', kind: 'strong' },
      { text: '91%', kind: 'strong' },
      { text: '2', kind: 'strong' },
    ]);
  });
  it('is left alone when it came in pieces', () => {
    expect(emphasised(verdict.spans)).toEqual(verdict.spans);
  });
});
