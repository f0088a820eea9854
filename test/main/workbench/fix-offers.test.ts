import { describe, expect, it } from 'vitest';
import type { Remedy, Summary } from '../../../main/core/model.ts';
import { adviceFor, offersFor, shareThen } from '../../../main/workbench/fix-offers.ts';
import { adviceSchema, offeredFixSchema } from '../../../preload/contract-fixes.ts';
import { aFinding } from '../../support/findings.ts';
import { anInput, aState, summaryFor } from '../../support/fixes.ts';

function remedy(fixId: string, kind: Remedy['kind']): Remedy {
  return { fixId, kind, label: fixId, why: `why ${fixId}` };
}

const POOL = '10.0.2.7>10.0.3.12:443';
const RUNS_OUT = aFinding({
  id: 'runs-out',
  poolKey: POOL,
  remedies: [
    remedy('linux-tw-reuse', 'system'),
    remedy('linux-widen-range', 'system'),
    remedy('app-keep-alive', 'application'),
  ],
});
const BACKLOG = aFinding({
  id: 'backlog',
  title: 'A backlog',
  remedies: [remedy('linux-backlog', 'system')],
});

function offers(subject: { findingId: string | null; poolKey: string | null }, values = {}, canApply = true) {
  const summary: Summary = { ...summaryFor('linux'), findings: [BACKLOG, RUNS_OUT] };
  const input = { ...anInput(aState('linux', { values })), summary };
  return offersFor(input, subject, canApply).map((offer) => offeredFixSchema.parse(offer));
}

describe('fixes as they are offered', () => {
  it('begin with the remedies of the finding, the application first', () => {
    const ids = offers({ findingId: 'runs-out', poolKey: null }).map(({ fixId }) => fixId);
    expect(ids.slice(0, 3)).toEqual(['app-keep-alive', 'linux-tw-reuse', 'linux-widen-range']);
    expect(offers({ findingId: 'backlog', poolKey: null })[0]?.fixId).toBe('linux-backlog');
  });

  it('say which removes the cause and which is the fastest of little risk', () => {
    const badges = offers({ findingId: 'runs-out', poolKey: null }).flatMap(({ fixId, badge }) =>
      badge === null ? [] : [[fixId, badge]],
    );
    expect(badges).toEqual([
      ['app-keep-alive', 'Removes the cause'],
      ['linux-widen-range', 'Fastest'],
    ]);
  });

  it('count the findings of the pool where no finding is named, and all where neither is', () => {
    const named = (poolKey: string | null) =>
      offers({ findingId: null, poolKey }).flatMap(({ fixId, finding }) => (finding === null ? [] : [fixId]));
    expect(named(POOL)).not.toContain('linux-backlog');
    expect(named(null)).toEqual(expect.arrayContaining(['linux-backlog', 'linux-widen-range']));
  });

  it('put last, with the reason, what cannot be done and what is so already', () => {
    const all = offers({ findingId: null, poolKey: null }, { 'net.ipv4.tcp_tw_reuse': '1' });
    const firstRefused = all.findIndex(({ refused }) => refused !== null);
    expect(all.slice(firstRefused).every(({ refused }) => refused !== null)).toBe(true);
    expect(all.find(({ fixId }) => fixId === 'linux-tw-reuse')).toMatchObject({
      isAppliable: false,
      badge: null,
    });
  });

  it('say how each is taken back', () => {
    const undo = new Map(offers({ findingId: null, poolKey: POOL }).map((each) => [each.fixId, each.undo]));
    expect(undo.get('app-keep-alive')).toBe('revert the change');
    expect(undo.get('linux-tw-reuse')).toBe('one command');
    expect(undo.get('linux-widen-range')).toBe('2 commands');
    expect(undo.get('linux-release-time-wait')).toBe('cannot be taken back');
  });

  it('are not carried out on files', () => {
    const all = offers({ findingId: null, poolKey: null }, {}, false);
    expect(all.some(({ isAppliable }) => isAppliable)).toBe(false);
  });

  it('say what share of the pool will be in use', () => {
    const widen = offers({ findingId: 'runs-out', poolKey: null }).find(
      ({ fixId }) => fixId === 'linux-widen-range',
    );
    expect(widen?.shareThen).toBeCloseTo(
      (widen?.effect?.steadyState.then ?? 0) / (widen?.effect?.capacity.then ?? 1),
      6,
    );
    expect(shareThen(null)).toBeNull();
  });

  it('come with the advice of the system that does not help', () => {
    const advice = adviceFor('linux').map((each) => adviceSchema.parse(each));
    expect(advice.map(({ id }) => id)).toContain('advice-fin-timeout');
    expect(advice.map(({ id }) => id)).not.toContain('advice-max-user-port');
  });
});
