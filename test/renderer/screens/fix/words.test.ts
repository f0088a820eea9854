import { describe, expect, it } from 'vitest';
import { progressRows, progressWords, typingWords } from '../../../../renderer/screens/fix/apply-words.ts';
import { poolOfChange } from '../../../../renderer/screens/fix/change-pool.ts';
import { askedParameters, fieldsOf, readFields } from '../../../../renderer/screens/fix/parameter-fields.ts';
import {
  applyWords,
  changeRows,
  effectFigures,
  offerWords,
  stepsWords,
  undoSentence,
} from '../../../../renderer/screens/fix/preview-words.ts';
import {
  isDisturbed,
  missedWords,
  stateWords,
  undoQuestion,
  verdictOf,
} from '../../../../renderer/screens/fix/verify-words.ts';
import { aChange, anOutcome, aPlan, someChangeSteps } from '../../../support/changes.ts';
import { incidentTrend } from '../../../support/incident.ts';

const plain = (parts: readonly { value: string; unit: string }[]) =>
  parts.map(({ value, unit }) => `${value}${unit}`).join(' ');
const { effect } = aPlan();
if (!effect) throw new Error('The plan has an effect');
const [first] = aPlan().steps;
if (!first) throw new Error('The plan has steps');

describe('the predicted figures', () => {
  it('say what they rest on, now and with the change', () => {
    const rows = effectFigures(effect).map(({ title, basis, now, then }) => [
      title,
      basis,
      plain(now),
      plain(then),
    ]);
    expect(rows).toEqual([
      ['Sustainable rate', 'pool ÷ 60 s hold', '470/s', '1,049/s'],
      ['Pool in use', '25,691 ports at this moment', '91%', '41%'],
      ['Runs out', 'at 412/s, as now', '2min 10s', '31min 40s'],
    ]);
  });

  it('are an en dash with the reason where they are not known', () => {
    const unknown = { now: null, then: null };
    const rows = effectFigures({
      ...effect,
      opensPerSecond: unknown,
      runsOutInSeconds: unknown,
      used: unknown,
      capacity: unknown,
    });
    expect(rows.map(({ now, basis }) => `${plain(now)} ${basis}`)).toEqual([
      '470/s how long a port is held is not known',
      '– the ports in use are not known',
      '– the rate is not known',
    ]);
  });

  it('say "does not" only where the rate is known', () => {
    const rows = effectFigures({ ...effect, runsOutInSeconds: { now: 0, then: null } });
    expect(plain(rows[2]?.now ?? [])).toBe('now');
    expect(plain(rows[2]?.then ?? [])).toBe('does not');
  });
});

describe('a plan', () => {
  it('counts what it changes, and a command that changes no value is one', () => {
    const action = { ...first, current: 'not set', proposed: 'done', undoCommand: null };
    expect(stepsWords([...aPlan().steps, { ...first, isFile: true }])).toBe('2 settings and 1 file');
    expect(stepsWords([action])).toBe('1 command');
    expect(changeRows([action])[0]).toMatchObject({ current: '–', proposed: 'runs once' });
    expect(applyWords([action])).toBe('Apply 1 change…');
  });

  it('says when it undoes itself, and what cannot be taken back', () => {
    expect(undoSentence(aPlan().steps, '300')).toEqual({
      keep: true,
      words: 'within 5 min, or when Fourtuple ends. Open connections are not cut.',
    });
    expect(undoSentence(aPlan().steps, 'never').words).toMatch(/^It stays as long as the system keeps it;/);
    expect(undoSentence([{ ...first, undoCommand: null }], '300').words).toBe(
      'What this does cannot be taken back.',
    );
  });

  it('names what is offered instead of what was refused', () => {
    const { parameters } = aPlan();
    const asked = { ...parameters, reserve: null };
    const ports = [
      { first: 5432, last: 5432 },
      { first: 8080, last: 8081 },
    ];
    expect(offerWords(asked, { ...asked, reserve: ports })).toBe('Reserve these 3 ports and go on');
    expect(offerWords(asked, { ...asked, reserve: 'found' })).toBe(
      'Reserve the ports that were found and go on',
    );
    expect(offerWords(asked, { ...asked, range: { first: 1024, last: 65_535 } })).toBe(
      'Plan 1024–65535 instead',
    );
  });
});

describe('other values', () => {
  const known = aPlan().parameters;
  const fields = fieldsOf(aPlan());

  it('begin with what is proposed, and ask only for what the fix takes', () => {
    expect(fields).toMatchObject({ first: '2048', last: '65000', reservesFound: true, value: '' });
    expect(askedParameters(aPlan()).map(({ name }) => name)).toEqual(['range', 'reserve']);
  });

  it('are read as they were typed', () => {
    const read = readFields(
      { ...fields, first: ' 10240 ', last: '65535', reservesFound: false, reserve: '8080, 9000-9010' },
      ['range', 'reserve'],
      known,
    );
    expect(read).toEqual({
      ok: true,
      parameters: {
        ...known,
        range: { first: 10_240, last: 65_535 },
        reserve: [
          { first: 8080, last: 8080 },
          { first: 9000, last: 9010 },
        ],
      },
    });
  });

  it.each([
    ['range', { first: '-1' }],
    ['range', { first: '60000', last: '50000' }],
    ['range', { last: '70000' }],
    ['reserve', { reserve: '8080; rm -rf', reservesFound: false }],
    ['value', { value: '3.5' }],
    ['pid', { pid: 'python' }],
  ] as const)('that are no %s are told at their field: %o', (field, change) => {
    const read = readFields({ ...fields, ...change }, ['range', 'reserve', 'value', 'pid'], known);
    expect(read).toMatchObject({ ok: false, field });
  });
});

describe('what is carried out', () => {
  const words = (change: Parameters<typeof progressRows>[0]) =>
    progressRows(change, 0).map(({ title, state, detail }) => `${state}: ${title} (${detail ?? ''})`);

  it('waits for the rights first, and says who asks for them', () => {
    const change = aChange({
      phase: 'prepared',
      wantsTyping: true,
      steps: someChangeSteps({ status: 'waiting', state: 'before', atMs: null }),
    });
    expect(words(change)).toEqual([
      'done: Save the undo plan (The journal has what was before, written to the disk.)',
      'now: Ask for admin rights (sudo waits for your password in the terminal.)',
      'ahead: Set net.ipv4.ip_local_reserved_ports (empty → 5432,6379,8080,9090,9100)',
      'ahead: Set net.ipv4.ip_local_port_range (32768 60999 → 2048 65000)',
      'ahead: Measure (It undoes itself after 5 min unless you keep it.)',
    ]);
    expect(progressWords(progressRows(change, 0))).toBe('step 2 of 5');
    expect(typingWords(change)?.claim).toBe('sudo waits for your password.');
    expect(typingWords(aChange())).toBeNull();
  });

  it('asks nobody where the rights are there already', () => {
    expect(words(aChange({ rightsWay: 'none' })).join()).not.toContain('admin rights');
  });

  it('marks the step that failed, and what is so of each now', () => {
    const steps = someChangeSteps({ status: 'undone', state: 'before' });
    const [reserved, range] = steps;
    if (!reserved || !range) throw new Error('There are two steps');
    const change = aChange({ phase: 'failed', steps: [reserved, { ...range, note: 'exit status 1' }] });
    expect(words(change).slice(1)).toEqual([
      'done: Ask for admin rights (Given by sudo for the commands shown, nothing else.)',
      'undone: Set net.ipv4.ip_local_reserved_ports (Back to empty.)',
      'failed: Set net.ipv4.ip_local_port_range (Exit status 1. It is 32768 60999 now.)',
    ]);
  });

  it('says that the rights were not given where nothing was begun', () => {
    const steps = someChangeSteps({ status: 'waiting', state: 'before', atMs: null });
    expect(words(aChange({ phase: 'failed', steps }))[1]).toBe(
      'failed: Ask for admin rights (sudo did not give them.)',
    );
  });
});

describe('the verdict on a change', () => {
  const says = (change: Parameters<typeof verdictOf>[0]) => {
    const { level, sentence, meta } = verdictOf(change, 0);
    return [level, sentence, ...meta];
  };

  it('is that it is being measured, until there is a sample after it', () => {
    expect(says(aChange())[0]).toBe('unknown');
  });

  it('says nothing of predictions before the first samples say something', () => {
    const outcome = { ...anOutcome(), level: 'unknown' as const, sentence: 'Measuring.', measuredSeconds: 1 };
    expect(says(aChange({ outcome }))).toEqual([
      'unknown',
      'Measuring.',
      expect.stringMatching(/^Measured for 1 s, /),
    ]);
  });

  it('F6: of a value is no one else’s doing once its change is taken back', () => {
    const [step] = someChangeSteps({ state: 'other', status: 'done' });
    if (!step) throw new Error('a change has steps');
    expect([isDisturbed(step), stateWords(step)]).toEqual([true, 'changed since']);
    for (const [status, words] of [
      ['undone', 'taken back'],
      ['waiting', 'not begun'],
    ] as const) {
      const other = { ...step, status };
      expect([isDisturbed(other), stateWords(other)]).toEqual([false, words]);
      expect(stateWords({ ...other, state: 'before' })).toBe('as before');
    }
    const undone = aChange({
      phase: 'undone',
      steps: someChangeSteps({ status: 'undone', state: 'after', canUndo: false }),
    });
    expect(undoQuestion(undone, null).lines).toEqual([]);
  });

  it('is what was measured, with how many predictions held', () => {
    const outcome = anOutcome();
    expect(says(aChange({ outcome }))).toEqual([
      'ok',
      'It works: 29,167 ports are in use, more than the old pool had.',
      expect.stringMatching(/^Measured for 2 min, \d\d:33:05 to \d\d:35:05$/),
      'Every prediction held',
    ]);
    const rows = outcome.rows.map((row, index) => ({
      ...row,
      state: index === 0 ? ('missed' as const) : row.state,
    }));
    expect(says(aChange({ outcome: { ...outcome, rows } })).at(-1)).toBe('1 of 5 predictions did not hold');
    expect(missedWords(rows)).toEqual(['Usable ports: 62,948 instead of 62,948']);
  });

  it('names what is as before again once it was taken back', () => {
    const change = aChange({
      phase: 'undone',
      sentence: 'Taken back as asked. Everything is as before.',
      steps: someChangeSteps({ status: 'undone', state: 'before', canUndo: false }),
    });
    expect(says(change)).toEqual([
      'ok',
      'Taken back as asked. Everything is as before.',
      'net.ipv4.ip_local_reserved_ports is empty again',
      'net.ipv4.ip_local_port_range is 32768 60999 again',
    ]);
    expect(undoQuestion(change, null).lines).toEqual([]);
    expect(undoQuestion(aChange(), [1]).lines).toEqual([
      'net.ipv4.ip_local_port_range goes back to 32768 60999',
    ]);
  });
});

describe('the pool of a change', () => {
  const answer = { ...incidentTrend(), capacity: 62_948 };
  const lastMs = answer.trend.atMs.at(-1) ?? 0;

  it('has the planned size before it, and the sampled one from the first sample since', () => {
    const change = aChange({ steps: someChangeSteps({ atMs: lastMs - 5000 }) });
    const pool = poolOfChange(change, aPlan(), null, answer);
    expect(pool).toMatchObject({
      changedAtMs: lastMs - 5000,
      capacityBefore: 28_232,
      capacityAfter: 62_948,
    });
    expect((pool?.shareBefore ?? 0) > (pool?.shareNow ?? 1)).toBe(true);
    const early = poolOfChange(
      aChange({ steps: someChangeSteps({ atMs: lastMs + 1 }) }),
      aPlan(),
      null,
      answer,
    );
    expect(early?.capacityAfter).toBeNull();
  });

  it('does not guess the old size where the plan is not here', () => {
    const change = aChange({ steps: someChangeSteps({ atMs: lastMs - 5000 }) });
    expect(poolOfChange(change, null, null, answer)).toMatchObject({
      capacityBefore: null,
      shareBefore: null,
    });
  });

  it('is told what a page that was loaded since has not seen', () => {
    const change = aChange({ steps: someChangeSteps({ atMs: lastMs - 5000 }) });
    const told = { changeId: change.changeId, capacity: 28_232, curve: aPlan().curve };
    expect(poolOfChange(change, null, told, answer)).toMatchObject({
      capacityBefore: 28_232,
      predicted: aPlan().curve,
    });
    expect(poolOfChange(change, null, { ...told, changeId: 99 }, answer)).toMatchObject({
      capacityBefore: null,
      predicted: null,
    });
    const idle = { ...answer, capacity: null };
    const undone = aChange({ phase: 'undone' });
    expect(poolOfChange(undone, null, told, idle)).toMatchObject({ capacityBefore: 28_232 });
  });

  it('has one size where nothing of it is in force', () => {
    const pool = poolOfChange(aChange({ phase: 'undone' }), aPlan(), null, answer);
    expect(pool).toMatchObject({ changedAtMs: null, capacityBefore: 62_948, capacityAfter: null });
    expect(poolOfChange(aChange(), aPlan(), null, null)).toBeNull();
  });
});
