import { describe, expect, it } from 'vitest';
import type { OfferedFix, RecipeInfo } from '../../../../preload/contract-fixes.ts';
import { catalogueGroups } from '../../../../renderer/screens/fix/catalogue-entries.ts';
import { claimOf } from '../../../../renderer/screens/fix/claim.ts';
import {
  connectionDiagram,
  diagramFrame,
  type DiagramInput,
} from '../../../../renderer/screens/fix/connection-diagram.ts';
import { wizardCrumb, wizardTitle } from '../../../../renderer/screens/fix/header-words.ts';
import { offerGroups, offersFor, offerWords, scopeWords } from '../../../../renderer/screens/fix/offers.ts';
import { portTime } from '../../../../renderer/screens/fix/port-time.ts';
import { recipesShown } from '../../../../renderer/screens/fix/recipes-shown.ts';
import { fixCommands } from '../../../../renderer/screens/palette/fix-commands.ts';
import { fixBadge, rightsFacts } from '../../../../renderer/screens/use-shell.ts';
import { aChange } from '../../../support/changes.ts';
import { aFinding } from '../../../support/findings.ts';
import { incidentSummary, INCIDENT_POOL_KEY } from '../../../support/incident.ts';

const INPUT: DiagramInput = {
  target: '10.0.3.12:443',
  client: 'python3 4312',
  localAddress: '10.0.2.7',
  closesFirst: 'this side',
  openSeconds: 3.62,
  waitSeconds: 60,
  waitSource: 'kernel constant',
  platform: 'linux',
  isHostWide: false,
};
const waits = (input: DiagramInput) =>
  connectionDiagram(input)
    .phases.filter(({ state }) => state === 'TIME_WAIT')
    .map(({ side, isSure, notes }) => `${side} ${isSure ? 'sure' : 'open'}: ${notes.join(', ')}`);

describe('the picture of one connection', () => {
  it.each([
    ['this side', ['here sure: 60 s, kernel constant']],
    ['the other side', ['there sure: as long as its system keeps it']],
    ['both', ['here sure: 60 s, kernel constant', 'there open: as long as its system keeps it']],
    ['unknown', ['here open: 60 s, kernel constant', 'there open: as long as its system keeps it']],
  ] as const)('stands TIME_WAIT where it belongs when %s closes first', (closesFirst, expected) => {
    expect(waits({ ...INPUT, closesFirst })).toEqual(expected);
  });

  it('says of what is not known that it is not', () => {
    const { phases, label } = connectionDiagram({ ...INPUT, openSeconds: null, waitSeconds: null });
    expect(phases.map(({ title, notes }) => `${title}: ${notes.join()}`)).toEqual([
      'SYN-SENT: not measured',
      'Established: length not known yet',
      'FIN-WAIT: not measured',
      'TIME-WAIT: length not known',
    ]);
    expect(label).not.toMatch(/null|NaN/);
  });

  it('tells in one sentence what it shows', () => {
    expect(connectionDiagram(INPUT).label).toBe(
      'Sequence: a connection opens, is open for 3.6 s on average for a request and its answer; this side sends FIN first, and then its port waits 60 s in TIME-WAIT',
    );
  });

  it('names no destination where one pool serves all of them', () => {
    expect(connectionDiagram({ ...INPUT, isHostWide: true }).moral[0]).toBe('Its port cannot be used');
    expect(connectionDiagram(INPUT).moral[0]).toBe('Its port cannot be used for 10.0.3.12:443');
  });

  it('leaves room for its words at any width', () => {
    for (const width of [420, 640, 800, 1300]) {
      const frame = diagramFrame({ width, height: 500 });
      expect(frame.hereX).toBeGreaterThanOrEqual(150);
      expect(width - frame.thereX).toBeGreaterThanOrEqual(116);
      expect(frame.thereX - frame.hereX).toBeGreaterThan(140);
      expect(frame.y(1)).toBeLessThanOrEqual(500);
    }
  });
});

describe('the time of one port', () => {
  it('is shared between work and wait', () => {
    expect(portTime({ ...INPUT, capacity: 28_232, opensPerSecond: 412 })).toMatchObject({
      openWords: '3.6 s in use, 5.7%',
      waitWords: '60 s waiting, 94%',
      sentence: 'So 412 connections/s keep about 26,000 ports busy, 1,500 of them doing work.',
    });
  });

  it('is all work where the other side keeps the wait', () => {
    expect(
      portTime({ ...INPUT, capacity: 28_232, closesFirst: 'the other side', opensPerSecond: 10 }),
    ).toMatchObject({
      waitSeconds: 0,
      openShare: 1,
      sentence: 'So 10 connections/s keep about 36 ports busy, all of them doing work.',
    });
  });

  it('never says that all of it is waiting', () => {
    expect(portTime({ ...INPUT, capacity: 28_232, openSeconds: 0.1, opensPerSecond: 80 })).toMatchObject({
      openWords: '0.1 s in use, 0.2%',
      waitWords: '60 s waiting, 99.8%',
    });
  });

  it('says what would be busy where that is more than there are', () => {
    const { sentence } = portTime({ ...INPUT, capacity: 25_000, opensPerSecond: 412 }) ?? {};
    expect(sentence).toMatch(/^So 412 connections\/s would keep about 26,000 ports busy/);
  });

  it('is not known without a length or a rate', () => {
    expect(portTime({ ...INPUT, capacity: 28_232, openSeconds: null, opensPerSecond: 412 })).toBeNull();
    expect(portTime({ ...INPUT, capacity: 28_232, opensPerSecond: null })?.sentence).toContain('not known');
  });
});

const aFix = (change: Partial<OfferedFix>): OfferedFix => ({
  fixId: 'linux-widen-range',
  title: 'Widen the port range',
  kind: 'system',
  does: 'Gives every pool more ports.',
  doesNotHelp: 'It buys time.',
  risk: { grade: 'low', sentence: 'Firewalls may expect the old range.' },
  effort: 'low',
  takesEffect: 'at once',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: [],
  source: 'ip-sysctl.rst',
  finding: null,
  why: null,
  refused: null,
  undo: 'one command',
  badge: null,
  effect: null,
  shareThen: null,
  ...change,
});

describe('what is offered', () => {
  const app = aFix({ fixId: 'app', kind: 'application' });
  const relief = aFix({ fixId: 'relief', kind: 'relief' });
  const refused = aFix({ fixId: 'no', kind: 'application', refused: 'Not here.' });
  const system = aFix({});

  it('puts the application first and what cannot be done last', () => {
    expect(
      offerGroups([refused, relief, system, app]).map(({ key, fixes }) => [
        key,
        ...fixes.map((fix) => fix.fixId),
      ]),
    ).toEqual([
      ['application', 'app'],
      ['system', 'linux-widen-range'],
      ['relief', 'relief'],
      ['refused', 'no'],
    ]);
  });

  it('leaves out what has nothing to do with it, unless nothing has', () => {
    const named = aFix({ fixId: 'named', finding: 'It runs out', refused: 'Not here.' });
    const counted = aFix({ fixId: 'counted', shareThen: 0.4 });
    expect(offersFor([named, counted, system], true)).toEqual([named, counted]);
    expect(offersFor([named, counted, system], false)).toEqual([named]);
    expect(offersFor([system, app], true)).toEqual([system, app]);
  });

  it('speaks in figures where there are any, then of the reason, then of what it does', () => {
    expect(offerWords(aFix({ why: 'more ports at once' }))).toBe('More ports at once.');
    expect(offerWords(system)).toBe('Gives every pool more ports.');
    expect(offerWords(refused)).toBe('Not here.');
  });

  it('says how long it lasts', () => {
    expect([scopeWords(['now']), scopeWords(['for good']), scopeWords(['now', 'for good'])]).toEqual([
      'Until the next restart',
      'For good',
      'Until the next restart, or for good',
    ]);
  });

  it('is found in the catalogue by kind and by every word typed', () => {
    const find = (kind: 'all' | 'system', typed: string) =>
      catalogueGroups([app, system, relief], [], { kind, typed }).flatMap(({ entries }) =>
        entries.map(({ id }) => id),
      );
    expect(find('system', '')).toEqual(['linux-widen-range']);
    expect(find('all', 'RANGE port')).toEqual(['app', 'linux-widen-range', 'relief']);
    expect(find('all', 'widen-range')).toEqual(['linux-widen-range']);
    expect(find('all', 'range nowhere')).toEqual([]);
  });
});

describe('recipes', () => {
  const recipe = (id: string, runtime: string, protocol: RecipeInfo['protocol']): RecipeInfo => {
    return {
      id,
      runtime,
      protocol,
      title: id,
      language: 'x',
      before: null,
      after: '',
      pitfalls: [],
      source: '',
    };
  };
  const recipes = [
    recipe('a', 'python', 'http'),
    recipe('b', 'python', 'redis'),
    recipe('c', 'node', 'http'),
  ];

  it('are those of the first runtime until another is wanted, and of one protocol if it has it', () => {
    const ids = (runtime: string | null, protocol: string | null) =>
      recipesShown(recipes, { runtime, protocol }).recipes.map(({ id }) => id);
    expect(ids(null, null)).toEqual(['a', 'b']);
    expect(ids('python', 'redis')).toEqual(['b']);
    expect(ids('node', 'redis')).toEqual(['c']);
    expect(ids('gone', 'all')).toEqual(['a', 'b']);
  });
});

describe('the header', () => {
  it('asks the question of the step, then names the fix', () => {
    expect(wizardTitle('understand', 'Why the ports run out', null)).toBe('Why the ports run out');
    expect(wizardTitle('choose', null, null)).toBe('Choose how to make room');
    expect(wizardTitle('choose', null, null, false)).toBe('Choose what to do');
    expect(wizardTitle('verify', null, 'Widen the port range')).toBe('Widen the port range');
  });

  it('says what the wizard is about: finding, pool, change, or the machine', () => {
    const finding = aFinding({ title: 'It runs out' });
    const summary = incidentSummary({ findings: [finding] });
    const about = (change: { findingId?: string; poolKey?: string; changeId?: number }) =>
      wizardCrumb({ findingId: null, poolKey: null, changeId: null, ...change }, summary);
    expect(about({ findingId: finding.id, poolKey: INCIDENT_POOL_KEY })).toBe('It runs out');
    expect(about({ findingId: 'gone', poolKey: INCIDENT_POOL_KEY })).toBe('Port pool to 10.0.3.12:443');
    expect(about({ changeId: 7 })).toBe('Change 7');
    expect(about({})).toBe('This machine');
  });

  it('sets a claim apart from its reason', () => {
    expect(claimOf('It is no fault: it keeps late packets out.')).toEqual({
      claim: 'It is no fault:',
      rest: 'it keeps late packets out.',
    });
    expect(claimOf('Short.')).toEqual({ claim: '', rest: 'Short.' });
    expect(claimOf(`${'long '.repeat(30)}. Then more.`).claim).toBe('');
  });
});

describe('the shell', () => {
  it('counts the fixes that are suggested on the rail', () => {
    const remedies = aFinding().remedies.concat({ fixId: 'f', label: 'l', why: 'w', kind: 'system' });
    const findings = [
      aFinding({ id: 'a', level: 'critical', remedies }),
      aFinding({ id: 'b', level: 'warning', remedies: [] }),
      aFinding({ id: 'c', level: 'notice', remedies }),
    ];
    expect(fixBadge(incidentSummary({ findings }))).toEqual({ count: 1, title: '1 fix suggested' });
    expect(fixBadge(incidentSummary({ findings: [] }))).toBeUndefined();
    expect(fixBadge(null)).toBeUndefined();
  });

  it('is read-only until a change is at work, and says when that undoes itself', () => {
    const words = (parts: Parameters<typeof rightsFacts>[0]) => {
      const { word, after, leads } = rightsFacts(parts);
      return `${word} ${after}${leads ? ', leads to it' : ''}`;
    };
    expect(words({ atWork: null, undoesInSeconds: null })).toBe('Read-only no admin rights held');
    expect(words({ atWork: aChange({ phase: 'holding' }), undoesInSeconds: 190 })).toBe(
      'A change holds · undoes itself in 3 min 10 s, leads to it',
    );
    expect(words({ atWork: aChange({ phase: 'applying' }), undoesInSeconds: null })).toBe(
      'Changing a fix is carried out, leads to it',
    );
  });

  it('offers in the palette what is suggested, and everything once something is typed', () => {
    const remedies = aFinding().remedies.concat({ fixId: 'f', label: 'l', why: 'w', kind: 'system' });
    const findings = [
      aFinding({ id: 'a', title: 'It runs out', level: 'critical', remedies }),
      aFinding({ id: 'c', title: 'Each once', level: 'notice', remedies }),
    ];
    const list = { canApply: true, target: null, shareNow: null, fixes: [aFix({})], advice: [] };
    const labels = (typed: string) =>
      fixCommands({
        findings,
        list,
        holding: { changeId: 7, title: 'Widen the port range' },
        typed,
        go: () => undefined,
        fix: () => undefined,
      }).map(({ label }) => label);
    expect(labels('')).toEqual(['Keep or undo: Widen the port range', 'Fix: It runs out']);
    expect(labels('fix')).toEqual([
      'Keep or undo: Widen the port range',
      'Fix: It runs out',
      'Fix: Each once',
      'Fix: Widen the port range',
    ]);
  });
});
