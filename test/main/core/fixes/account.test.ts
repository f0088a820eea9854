import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountOf } from '../../../../main/core/fixes/account.ts';
import {
  OPEN_PHASES,
  type Change,
  type ChangePhase,
  type Place,
  type StepStatus,
} from '../../../../main/core/fixes/change.ts';
import type { Known, Plan } from '../../../../main/core/fixes/model.ts';
import { aState } from '../../../support/fixes.ts';
import { aJournalChange, aPlan, PREPARED_AT_MS } from '../../../support/journal.ts';

const RESERVED = 'net.ipv4.ip_local_reserved_ports';
const RANGE = 'net.ipv4.ip_local_port_range';
const HERE: Place = { bootId: 'boot-1', networkNamespace: 'net:[4026531840]' };
const REBOOTED: Place = { ...HERE, bootId: 'boot-2' };
const ELSEWHERE: Place = { ...HERE, networkNamespace: 'net:[4026532999]' };
const widen = aPlan('linux-widen-range', {
  range: { first: 1024, last: 65_535 },
  reserve: [{ first: 8080, last: 8080 }],
});
const kept = aPlan('linux-tw-buckets', { persist: true });
const release = aPlan('linux-release-time-wait');
const limit = aPlan(
  'linux-descriptor-limit',
  { pid: 4312 },
  aState('linux', {
    processes: [
      {
        pid: 4312,
        startTicks: 7,
        process: 'nginx',
        descriptors: 9,
        softLimit: 1024,
        hardLimit: 4096,
        unit: null,
        user: null,
      },
    ],
  }),
);

type Found = 'before' | 'after' | Known;
const value = (text: string): Known => ({ kind: 'value', text });
const UNREAD: Known = { kind: 'unknown', why: 'this user may not read it' };
const ABSENT: Known = { kind: 'absent' };

function known(plan: Plan, found: readonly Found[]): Known[] {
  return plan.steps.map(({ current, proposed }, index) => {
    const each = found[index] ?? 'before';
    return each === 'before' ? current : each === 'after' ? proposed : each;
  });
}

interface Case {
  plan?: Plan;
  phase: ChangePhase;
  steps: readonly StepStatus[];
  found: readonly Found[];
  place?: Place;
  isAlive?: boolean;
  parts?: Partial<Omit<Change, 'steps'>>;
}

const clock = (atMs: number) => new Date(atMs).toISOString().slice(11, 16);

function account({ plan = widen, phase, steps, found, place = HERE, isAlive = false, parts = {} }: Case) {
  const change = aJournalChange({
    plan,
    place: HERE,
    phase,
    ...parts,
    steps: steps.map((status) => ({ status, atMs: status === 'waiting' ? null : PREPARED_AT_MS })),
  });
  const { present, ...rest } = accountOf(change, known(plan, found), place, isAlive, clock);
  return { ...rest, states: present.map(({ state }) => state) };
}

const may = (flags: string) => ({
  isInterrupted: flags.includes('interrupted'),
  canFinish: flags.includes('finish'),
  canUndo: flags.includes('undo'),
});

describe('accountOf', () => {
  test.each<[string, Case, string, string]>([
    [
      'kept and in force',
      { phase: 'kept', steps: ['done', 'done'], found: ['after', 'after'] },
      'undo',
      '2 changes are in force since 14:33; kept.',
    ],
    [
      'kept, one of them taken back',
      { phase: 'kept', steps: ['undone', 'done'], found: ['before', 'after'] },
      'undo',
      '1 of 2 changes is in force since 14:33; kept.',
    ],
    [
      'F6: kept, one set by someone else',
      { phase: 'kept', steps: ['done', 'done'], found: ['after', value('2048 65535')] },
      'undo',
      `1 of 2 changes is in force since 14:33; kept. ${RANGE} has been set to 2048 65535 since; it is left alone.`,
    ],
    [
      'kept, both set back by someone else',
      { phase: 'kept', steps: ['done', 'done'], found: ['before', 'before'] },
      '',
      `Kept, and no longer in force. ${RESERVED} and ${RANGE} are as before again.`,
    ],
    [
      'kept, one of them cannot be read',
      { phase: 'kept', steps: ['done', 'done'], found: ['after', UNREAD] },
      'undo',
      `1 of 2 changes is in force since 14:33; kept. Whether ${RANGE} is changed is not known: this user may not read it.`,
    ],
    [
      'F6: kept, before a restart',
      { phase: 'kept', steps: ['done', 'done'], found: ['before', 'before'], place: REBOOTED },
      '',
      `Kept, and no longer in force. ${RESERVED} and ${RANGE} are gone with the last restart of the system.`,
    ],
    [
      'kept for good, before a restart: the file has set it again',
      { plan: kept, phase: 'kept', steps: ['done', 'done'], found: ['after', 'after'], place: REBOOTED },
      'undo',
      '2 changes are in force since 14:33; kept.',
    ],
    [
      'kept for good, set otherwise at the restart',
      {
        plan: kept,
        phase: 'kept',
        steps: ['done', 'done'],
        found: [value('9000'), 'after'],
        place: REBOOTED,
      },
      'undo',
      '1 of 2 changes is in force since 14:33; kept. net.ipv4.tcp_max_tw_buckets is gone with the last restart of the system.',
    ],
    [
      'kept for good, its file removed by someone',
      { plan: kept, phase: 'kept', steps: ['done', 'done'], found: ['after', value('')] },
      'undo',
      '1 of 2 changes is in force since 14:33; kept. /etc/sysctl.d/90-fourtuple.conf has been changed since; it is left alone.',
    ],
    [
      'made in another namespace',
      { phase: 'kept', steps: ['done', 'done'], found: ['before', 'before'], place: ELSEWHERE },
      '',
      'Made in another network namespace (net:[4026531840]): it can be taken back from there, and not from here.',
    ],
    [
      'taken back in another namespace',
      { phase: 'undone', steps: ['undone', 'undone'], found: ['before', 'before'], place: ELSEWHERE },
      '',
      'Taken back; everything is as before.',
    ],
    [
      'a command',
      { plan: release, phase: 'kept', steps: ['done'], found: [ABSENT] },
      '',
      'Done at 14:33; there is nothing to take back.',
    ],
    [
      'S3: the process has ended',
      { plan: limit, phase: 'kept', steps: ['done'], found: [ABSENT] },
      '',
      'Kept, and no longer in force. Limit of open files of nginx (pid 4312) is gone with its process.',
    ],
    [
      'the process is there',
      { plan: limit, phase: 'kept', steps: ['done'], found: ['after'] },
      'undo',
      '1 change is in force since 14:33; kept.',
    ],

    [
      'about to begin',
      { phase: 'prepared', steps: [], found: [], isAlive: true },
      '',
      'About to begin; nothing is changed yet.',
    ],
    [
      'being carried out',
      { phase: 'applying', steps: ['done', 'started'], found: ['after', 'before'], isAlive: true },
      'undo',
      'Being carried out: 1 of 2 changes is in force.',
    ],
    [
      'holding',
      {
        phase: 'holding',
        steps: ['done', 'done'],
        found: ['after', 'after'],
        isAlive: true,
        parts: { undoesAtMs: PREPARED_AT_MS + 300_000 },
      },
      'undo',
      '2 changes are in force since 14:33; undoes itself at 14:38 unless kept.',
    ],
    [
      'being taken back',
      { phase: 'undoing', steps: ['done', 'undone'], found: ['after', 'before'], isAlive: true },
      '',
      'Being taken back: 1 of 2 changes is still in force.',
    ],

    [
      'F5: interrupted before the first',
      { phase: 'prepared', steps: [], found: [] },
      'interrupted finish undo',
      'Interrupted, and nothing of it is in force. Finish it or take it back.',
    ],
    [
      'F5: interrupted at the first, which was not done',
      { phase: 'applying', steps: ['started'], found: ['before'] },
      'interrupted finish undo',
      'Interrupted, and nothing of it is in force. Finish it or take it back.',
    ],
    [
      'F5: interrupted after the first',
      { phase: 'applying', steps: ['done', 'started'], found: ['after', 'before'] },
      'interrupted finish undo',
      `Interrupted after 1 of 2 changes: ${RESERVED} is changed, ${RANGE} is not. Finish it or take it back.`,
    ],
    [
      'F5: interrupted after the last',
      { phase: 'applying', steps: ['done', 'started'], found: ['after', 'after'] },
      'interrupted finish undo',
      'Interrupted before it was kept: 2 changes are in force. Finish it or take it back.',
    ],
    [
      'F5: interrupted while it held',
      { phase: 'holding', steps: ['done', 'done'], found: ['after', 'after'] },
      'interrupted finish undo',
      'Interrupted before it was kept: 2 changes are in force. Finish it or take it back.',
    ],
    [
      'F5: interrupted while it was taken back',
      { phase: 'undoing', steps: ['done', 'done'], found: ['after', 'before'] },
      'interrupted undo',
      `Interrupted while it was being taken back: ${RESERVED} is still changed, ${RANGE} is as before. Take back the rest.`,
    ],
    [
      'F5: interrupted when all was taken back',
      { phase: 'undoing', steps: ['undone', 'done'], found: ['before', 'before'] },
      'interrupted undo',
      'Interrupted while it was being taken back, and nothing of it is in force. Take back the rest.',
    ],
    [
      'F6: interrupted, and one is someone else’s now',
      { phase: 'applying', steps: ['done', 'started'], found: ['after', value('1 2')] },
      'interrupted undo',
      `Interrupted after 1 of 2 changes: ${RESERVED} is changed. Take it back. ${RANGE} has been set to 1 2 since; it is left alone.`,
    ],
    [
      'interrupted, and not readable',
      { phase: 'applying', steps: ['done', 'started'], found: ['after', UNREAD] },
      'interrupted undo',
      `Interrupted after 1 of 2 changes: ${RESERVED} is changed. Take it back. Whether ${RANGE} is changed is not known: this user may not read it.`,
    ],
    [
      'interrupted by a restart',
      { phase: 'applying', steps: ['done', 'started'], found: ['before', 'before'], place: REBOOTED },
      '',
      `Gone with the last restart of the system: nothing is left of it.`,
    ],
    [
      'interrupted by a restart, with a file written',
      { plan: kept, phase: 'holding', steps: ['done', 'done'], found: ['after', 'after'], place: REBOOTED },
      'interrupted finish undo',
      'Interrupted before it was kept: 2 changes are in force. Finish it or take it back.',
    ],
    [
      'interrupted in another namespace',
      { phase: 'applying', steps: ['done', 'started'], found: ['before', 'before'], place: ELSEWHERE },
      'interrupted',
      'Interrupted in another network namespace (net:[4026531840]): finish it or take it back from there; from here neither is possible.',
    ],

    [
      'undone',
      { phase: 'undone', steps: ['undone', 'undone'], found: ['before', 'before'] },
      '',
      'Taken back; everything is as before.',
    ],
    [
      'undone, and set to the same by someone else',
      { phase: 'undone', steps: ['undone', 'undone'], found: ['after', 'after'] },
      '',
      'Taken back; everything is as before.',
    ],
    [
      'undone, as it was written',
      { phase: 'undone', steps: ['undone', 'undone'], found: [], parts: { sentence: 'Nobody kept it.' } },
      '',
      'Nobody kept it.',
    ],
    [
      'failed',
      { phase: 'failed', steps: ['undone', 'undone'], found: [] },
      '',
      'It failed, and what was done has been taken back.',
    ],
    ['refused', { phase: 'refused', steps: [], found: [] }, '', 'Refused, and nothing was changed.'],
    [
      'left: still in force',
      { phase: 'left', steps: ['left', 'undone'], found: ['after', 'before'] },
      'undo',
      `Not all of it was put back: ${RESERVED} is still changed.`,
    ],
    [
      'F6: left to someone else',
      { phase: 'left', steps: ['undone', 'left'], found: ['before', value('1024 60999')] },
      '',
      `Not all of it could be put back. ${RANGE} has been set to 1024 60999 since; it is left alone.`,
    ],
    [
      'left, and removed by someone else',
      { phase: 'left', steps: ['undone', 'left'], found: ['before', ABSENT] },
      '',
      `Not all of it could be put back. ${RANGE} has been removed since; it is left alone.`,
    ],
    [
      'left, and as before again',
      { phase: 'left', steps: ['undone', 'left'], found: ['before', 'before'] },
      '',
      `Not all of it could be put back. ${RANGE} is as before again.`,
    ],
  ])('%s', (_name, one, flags, sentence) => {
    const { isInterrupted, canFinish, canUndo, sentence: said } = account(one);
    expect({ sentence: said, isInterrupted, canFinish, canUndo }).toEqual({ sentence, ...may(flags) });
  });

  test('F4: compares settings by their words, files by their bytes', () => {
    const steps = ['done', 'done'] as const;
    const spaced = account({ phase: 'kept', steps, found: ['after', value(' 1024\t65535\n')] });
    expect(spaced.states).toEqual(['after', 'after']);
    const [, file] = kept.steps;
    const text = file?.proposed.kind === 'value' ? file.proposed.text.replace(' = ', '  = ') : '';
    expect(account({ plan: kept, phase: 'kept', steps, found: ['after', value(text)] }).states).toEqual([
      'after',
      'other',
    ]);
  });

  test('F6: tells an empty value and an absent one apart from one that could not be read', () => {
    const empty = account({ phase: 'kept', steps: ['done', 'done'], found: [value(''), ABSENT] });
    expect(empty.states).toEqual(['before', 'other']);
    expect(account({ phase: 'kept', steps: ['done', 'done'], found: [UNREAD, UNREAD] }).states).toEqual([
      'unknown',
      'unknown',
    ]);
  });

  test('leaves moments out of the sentence where nobody says them', () => {
    const plan = widen;
    const one = (phase: ChangePhase) =>
      accountOf(
        aJournalChange({ plan, phase, undoesAtMs: 1, steps: [{ status: 'done' }, { status: 'done' }] }),
        known(plan, ['after', 'after']),
        HERE,
        true,
      ).sentence;
    expect(one('kept')).toBe('2 changes are in force; kept.');
    expect(one('holding')).toBe('2 changes are in force; undoes itself unless kept.');
  });

  test('does not call a place another one that is not known', () => {
    const nowhere: Place = { bootId: null, networkNamespace: null };
    const one = { phase: 'kept', steps: ['done', 'done'], found: ['after', 'after'] } as const;
    expect(account({ ...one, place: nowhere }).states).toEqual(['after', 'after']);
    expect(account({ ...one, parts: { place: nowhere } }).states).toEqual(['after', 'after']);
  });

  test('in every combination says something whole, and offers only what is possible', () => {
    const phases = [
      'prepared',
      'applying',
      'holding',
      'kept',
      'undoing',
      'undone',
      'failed',
      'refused',
      'left',
    ] as const;
    const statuses = ['waiting', 'started', 'done', 'undone', 'left'] as const;
    const found = fc.constantFrom<Found>('before', 'after', UNREAD, ABSENT, value('x'));
    const combination = fc.record({
      plan: fc.constantFrom(widen, kept, release, limit),
      phase: fc.constantFrom<ChangePhase>(...phases),
      steps: fc.array(fc.constantFrom<StepStatus>(...statuses), { minLength: 2, maxLength: 2 }),
      found: fc.array(found, { minLength: 2, maxLength: 2 }),
      place: fc.constantFrom(HERE, REBOOTED, ELSEWHERE),
      isAlive: fc.boolean(),
    });
    fc.assert(
      fc.property(combination, (one) => {
        const { sentence, isInterrupted, canFinish, canUndo, states } = account(one);
        expect(sentence).toMatch(/^[A-Z0-9/n][^]*\.$/);
        expect(sentence).not.toMatch(/undefined|null| {2}|\.\.| ,|: \.| are is /);
        if (isInterrupted) expect(OPEN_PHASES).toContain(one.phase);
        if (isInterrupted) expect(one.isAlive).toBe(false);
        if (canFinish) expect(isInterrupted && canUndo).toBe(true);
        if (canFinish)
          expect(states.every((state) => ['before', 'after', 'no-value'].includes(state))).toBe(true);
        if (canUndo && !isInterrupted)
          expect(states.some((state) => state === 'after' || state === 'unknown')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
